"""The registrar's pages: exports are uploaded, looked at, and applied."""

from collections.abc import Mapping
from contextlib import suppress
from typing import Any

from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from accounts.journal.lists import note_list
from accounts.people.roles import Role
from accounts.signin.guard import staff
from accounts.signin.sessions import person_of
from onboarding.enrolment import findings, intake, uploads
from onboarding.enrolment.forms import ConfirmForm, UploadForm
from onboarding.enrolment.held_models import Held
from onboarding.enrolment.models import CohortFile, Stage
from onboarding.enrolment.wording import kept_sentence

PAGE = 20
# While a file is in one of these, the portal is at work on it.
MOVING = frozenset({Stage.READING, Stage.APPLYING})


@staff(Role.REGISTRAR)
@require_safe
def imports(request: HttpRequest) -> HttpResponse:
    """List the exports that were uploaded, newest first."""
    page = Paginator(_files(), PAGE).get_page(request.GET.get("page"))
    context = {"page": page, "held": Held.now().count()}
    return render(request, "enrolment/imports.html", context)


@staff(Role.REGISTRAR)
def upload(request: HttpRequest) -> HttpResponse:
    """Take an export in and show what it would change."""
    form = UploadForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        now = timezone.now()
        by = request.user.pk
        file = uploads.receive(upload=form.upload(), by=by, at=now)
        intake.preview_now(file=file, at=now)
        return redirect("enrolment:import", file.pk)
    return render(request, "enrolment/upload.html", {"form": form})


@staff(Role.REGISTRAR)
@never_cache
@require_safe
def one_import(request: HttpRequest, pk: int) -> HttpResponse:
    """Show what a file would change, is changing or has changed."""
    file = _file(pk)
    form = ConfirmForm(brakes=file.preview.get("brakes", ()))
    return _page(request, file, form)


@staff(Role.REGISTRAR)
@require_POST
def confirm(request: HttpRequest, pk: int) -> HttpResponse:
    """Have a file applied."""
    file = _file(pk)
    form = ConfirmForm(request.POST, brakes=file.preview.get("brakes", ()))
    if not form.is_valid():
        return _page(request, file, form)
    # Where it could not be confirmed, the page tells what has become of the file.
    with suppress(intake.NotConfirmed):
        intake.confirm(
            file=pk, overriding=form.fields, by=request.user.pk, at=timezone.now()
        )
    return redirect("enrolment:import", pk)


@staff(Role.REGISTRAR)
@require_POST
def discard(request: HttpRequest, pk: int) -> HttpResponse:
    """Drop a file that was not confirmed."""
    intake.discard(file=pk, by=request.user.pk, at=timezone.now())
    return redirect("enrolment:imports")


@staff(Role.REGISTRAR)
@never_cache
@require_safe
def news(request: HttpRequest, pk: int) -> JsonResponse:
    """Say whether something has moved since the page was made."""
    # A page that looks by itself does not keep a session alive.
    request.idle = True  # type: ignore[attr-defined]
    file = _file(pk)
    return JsonResponse(
        {"version": _version(file), "settled": file.stage not in MOVING}
    )


@staff(Role.REGISTRAR)
@never_cache
@require_safe
def complete_list(request: HttpRequest, pk: int) -> HttpResponse:
    """Give all that the page shows the beginning of, as a table."""
    file = get_object_or_404(CohortFile.objects.only("findings"), pk=pk)
    if file.findings is None:
        raise Http404
    note_list(which="import", by=person_of(request).pk, at=timezone.now(), file=pk)
    return HttpResponse(
        findings.table(bytes(file.findings)),
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f"attachment; filename=import-{pk}.csv"},
    )


def _page(request: HttpRequest, file: CohortFile, form: ConfirmForm) -> HttpResponse:
    preview = file.preview
    context = {
        "file": file,
        "form": form,
        "moving": file.stage in MOVING,
        "version": _version(file),
        "counts": preview.get("counts", {}),
        "more": preview.get("more", {}),
        # Those of old files are gone.
        "listed": any(preview.get(name) for name in findings.TITLES),
        "new": preview.get("new", ()),
        "changed": [_changed(one) for one in preview.get("changed", ())],
        "withdrawn": preview.get("withdrawn", ()),
        "refusals": findings.said(preview.get("refusals", ())),
        "group_faults": findings.said(preview.get("group_faults", ())),
        "groups": preview.get("groups"),
        "tutors_unseen": preview.get("tutors_unseen", False),
        "doubts": findings.said(preview.get("doubts", ()), key="sentence"),
        "failures": [kept_sentence(one) for one in file.failure],
        "twin": uploads.applied_before(file),
    }
    return render(request, "enrolment/import.html", context)


def _file(pk: int) -> CohortFile:
    return get_object_or_404(_files(), pk=pk)


def _files() -> QuerySet[CohortFile]:
    # The content may be large, and no page shows it.
    return CohortFile.objects.defer("content", "tutor_groups", "layout", "findings")


def _version(file: CohortFile) -> str:
    return f"{file.stage}-{file.rows_done}-{len(file.failure)}"


def _changed(one: Mapping[str, Any]) -> dict[str, Any]:
    return {**one, "what": findings.changes(one["what"])}

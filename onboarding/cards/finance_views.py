"""Finance's pages: accounts, tutors' cash, surplus to pay back, a period's entries."""

from collections.abc import Iterator

from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import get_language, override
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from accounts.journal.lists import note_list
from accounts.people.roles import Role
from accounts.signin import answers
from accounts.signin.forms import sent
from accounts.signin.guard import staff
from accounts.signin.sessions import person_of
from onboarding.cards import bookkeeping, cash
from onboarding.cards.acts import Act
from onboarding.cards.amounts import euros
from onboarding.cards.bookkeeping import Period
from onboarding.cards.confirming import Question, act_id, ask
from onboarding.cards.deposits import Settlement, owed, settle
from onboarding.cards.ledger_papers import as_pdf, table
from onboarding.cards.models import CashDecision, Reason
from onboarding.cards.money_forms import CashForm, PeriodForm, WaiveForm
from onboarding.cards.noting import just_recorded, recorded
from onboarding.cards.refusals import Refused

CONFLICT = 409
_FORM = require_http_methods(["GET", "HEAD", "POST"])


@staff(Role.FINANCE)
@never_cache
@require_safe
def finance(request: HttpRequest) -> HttpResponse:
    """Show how all accounts stand, and what there is to do."""
    stands = bookkeeping.balances()
    today = timezone.localdate()
    first = today.replace(day=1)
    context = {
        "accounts": [
            (
                one.account.label,
                euros(one.debit) if one.debit else "",
                euros(one.credit) if one.credit else "",
            )
            for one in stands
        ],
        "sides": [
            euros(sum(one.debit for one in stands)),
            euros(sum(one.credit for one in stands)),
        ],
        "tasks": [
            (one.account_name, euros(one.cents), ", ".join(one.receipts))
            for one in bookkeeping.tasks()
        ],
        "cash": _in_words(cash.decision(at=timezone.now())),
        "form": PeriodForm(initial={"first": first, "last": today}),
        "recorded": just_recorded(request),
    }
    return render(request, "cards/finance.html", context)


@staff(Role.FINANCE)
@never_cache
@_FORM
def tutors_cash(request: HttpRequest) -> HttpResponse:
    """Switch cash at the tutors on for a period, or off."""
    form = CashForm(sent(request))
    if not form.is_bound or not form.is_valid():
        return _fill_in(
            request,
            form,
            title=_("Cash at the tutors"),
            lead=_("At present: %(now)s")
            % {"now": _in_words(cash.decision(at=timezone.now()))},
        )
    begins, ends = form.period
    if "act" not in request.POST:
        words = _in_words(CashDecision(begins_at=begins, ends_at=ends))
        question = Question(
            facts=[(_("From now on"), words)],
            url=request.path,
            back=request.path,
            label=_("Decide it"),
            sends=form.sends(),
        )
        return ask(request, question)
    act_id(request)
    by, at = person_of(request), timezone.now()
    cash.decide(begins_at=begins, ends_at=ends, by=by, at=at)
    return recorded(request, reverse("cards:finance"))


@staff(Role.FINANCE)
@never_cache
@_FORM
def waive(request: HttpRequest) -> HttpResponse:
    """Let somebody off what is open, with a reason and no details."""
    form = WaiveForm(sent(request))
    title, lead = _("Waive what is open"), _("Details of the reason are not recorded.")
    if not form.is_bound or not form.is_valid():
        return _fill_in(request, form, title=title, lead=lead)
    person, reason = form.cleaned_data["account"], Reason(form.cleaned_data["reason"])
    if "act" not in request.POST:
        question = Question(
            facts=[
                (_("User name"), person.account_name),
                (_("Waived"), euros(max(owed(person.pk), 0))),
                (_("Reason"), str(reason.label)),
            ],
            url=request.path,
            back=request.path,
            label=_("Waive it"),
            sends={"account": person.account_name, "reason": reason.value},
        )
        return ask(request, question)
    act = Act(
        id=act_id(request), person=person, by=person_of(request), at=timezone.now()
    )
    try:
        settle(act=act, how=Settlement.WAIVED, reason=reason)
    except Refused as refused:
        form.add_error(None, str(refused))
        return _fill_in(request, form, title=title, lead=lead, status=CONFLICT)
    return recorded(request, reverse("cards:finance"))


@staff(Role.FINANCE)
@never_cache
@require_safe
def period(request: HttpRequest) -> HttpResponse:
    """Add up what was posted in some days."""
    form = PeriodForm(request.GET or None)
    sums = bookkeeping.by_kind(form.period) if form.is_valid() else []
    context = {
        "form": form,
        "chosen": form.is_bound and not form.errors,
        "query": request.GET.urlencode(),
        "sums": [
            (one.kind.label, one.entries, euros(one.cents), euros(one.taken_back))
            for one in sums
        ],
    }
    status = answers.MISTAKEN if form.errors else 200
    return render(request, "cards/period.html", context, status=status)


@staff(Role.FINANCE)
@never_cache
@require_safe
def entries_csv(request: HttpRequest) -> StreamingHttpResponse:
    """Give what was posted in a period as a table."""
    days = _period(request)
    by, at = person_of(request).pk, timezone.now()
    note_list(which="entries", by=by, at=at, period=_name(days))
    return StreamingHttpResponse(
        _in_language(table(days), get_language() or "de"),
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f"attachment; filename={_name(days)}.csv"},
    )


@staff(Role.FINANCE)
@never_cache
@require_safe
def entries_pdf(request: HttpRequest) -> HttpResponse:
    """Give the sums of a period on paper."""
    days = _period(request)
    return HttpResponse(
        as_pdf(days, language=get_language() or "de"),
        content_type="application/pdf",
        headers={"Content-Disposition": f"attachment; filename={_name(days)}.pdf"},
    )


def _in_language(rows: Iterator[bytes], language: str) -> Iterator[bytes]:
    # The table is written after the language of the request has been put aside.
    with override(language):
        yield from rows


def _period(request: HttpRequest) -> Period:
    form = PeriodForm(request.GET)
    if not form.is_valid():
        raise Http404
    return form.period


def _name(days: Period) -> str:
    return f"ledger-{days.first:%Y%m%d}-{days.last:%Y%m%d}"


def _in_words(decided: CashDecision | None) -> str:
    if decided is None or decided.begins_at is None or decided.ends_at is None:
        return _("tutors take no cash")
    ends = {
        "begins": date_format(timezone.localtime(decided.begins_at), "DATETIME_FORMAT"),
        "ends": date_format(timezone.localtime(decided.ends_at), "DATETIME_FORMAT"),
    }
    return _("tutors take cash from %(begins)s to %(ends)s") % ends


def _fill_in(
    request: HttpRequest,
    form: CashForm | WaiveForm,
    *,
    title: str,
    lead: str,
    status: int = answers.MISTAKEN,
) -> HttpResponse:
    context = {
        "title": title,
        "lead": lead,
        "form": form,
        "label": _("Continue"),
        "back": reverse("cards:finance"),
        "back_label": _("Finance"),
    }
    shown = status if form.errors else 200
    return render(request, "cards/fill_in.html", context, status=shown)

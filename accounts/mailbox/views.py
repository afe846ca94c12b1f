"""E-mail on the journey, one thing a page: address, mailbox, code."""

from django.http import HttpRequest, HttpResponse, HttpResponseNotModified, JsonResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import (
    require_http_methods,
    require_POST,
    require_safe,
)

from accounts.mailbox import addresses, proof
from accounts.mailbox.forms import AddressForm
from accounts.mailbox.pages import Studies, my_standing, page, students
from accounts.mailbox.standing import Ready
from accounts.signin import answers, codes
from accounts.signin.forms import CodeForm, sent
from accounts.signin.sessions import handle, person_of

_FORM = require_http_methods(["GET", "HEAD", "POST"])


@require_safe
@students
def mail(request: HttpRequest) -> HttpResponse:
    """Lead to the one thing that is next, or say what we are doing."""
    standing = my_standing(request)
    if standing.ready in {Ready.NO_ADDRESS, Ready.TAKEN}:
        return redirect("mailbox:address")
    if standing.proved:
        return page(request, "ready", standing, may_change=_may_change(request))
    if standing.ready is Ready.YES:
        return redirect("mailbox:code")
    return page(request, "waiting", standing)


@_FORM
@students
def address(request: HttpRequest, *, studies: Studies) -> HttpResponse:
    """Let the student choose an address; afterwards there is none to choose.

    Who does not study here is offered none: the journey page says why.
    """
    person, at = person_of(request), timezone.now()
    if not studies(person.pk, on=timezone.localdate(at)):
        return redirect("journey:journey")
    if not addresses.may_choose(person):
        return redirect("mailbox:mail")
    lost = False
    if request.method == "POST":
        try:
            addresses.choose(
                person=person, address=request.POST.get("address", ""), at=at
            )
        except addresses.AddressRefused:
            lost = bool(request.POST.get("address"))
        else:
            return redirect("mailbox:mail")
    offer = addresses.offer(person)
    form = AddressForm(sent(request), offered=offer.addresses)
    if lost and form.is_valid():
        form.add_error("address", _("Please choose an address again."))
    status = answers.MISTAKEN if form.is_bound else 200
    return page(
        request, "address", my_standing(request), status=status, form=form, offer=offer
    )


@_FORM
@students
def code(request: HttpRequest) -> HttpResponse:
    """Take the code that was sent to the mailbox; looking at the page uses none up."""
    standing = my_standing(request)
    if standing.proved or not standing.address:
        return redirect("mailbox:mail")
    form = CodeForm(sent(request))
    if request.method == "POST" and form.is_valid():
        try:
            proof.prove(
                person=person_of(request),
                typed=form.cleaned_data["code"],
                session=handle(request),
                at=timezone.now(),
            )
        except codes.CodeRefused:
            form.add_error("code", _refused())
        else:
            return redirect("mailbox:mail")
    if not form.is_bound and standing.ready is not Ready.YES:
        return redirect("mailbox:mail")
    status = answers.MISTAKEN if form.is_bound else 200
    return page(request, "code", standing, status=status, form=form)


@require_POST
@students
def send(request: HttpRequest) -> HttpResponse:
    """Send a code, where there is a mailbox to send it to."""
    try:
        asked = proof.ask_for_code(
            person=person_of(request), session=handle(request), at=timezone.now()
        )
    except proof.NotReady:
        return redirect("mailbox:mail")
    if asked:
        return redirect("mailbox:code")
    standing = my_standing(request)
    form = CodeForm()
    return page(
        request, "code", standing, status=answers.TOO_SOON, form=form, too_soon=True
    )


@require_safe
def status(request: HttpRequest) -> HttpResponse:
    """Tell a waiting page whether there is news."""
    # The page asks by itself: that keeps no session alive.
    request.idle = True  # type: ignore[attr-defined]
    if not request.user.is_authenticated:
        return JsonResponse({}, status=401)
    standing = my_standing(request)
    etag = f'"{standing.version}"'
    if request.headers.get("If-None-Match") == etag:
        answer: HttpResponse = HttpResponseNotModified()
    else:
        facts = {"version": standing.version, "settled": not standing.waits}
        answer = JsonResponse(facts)
    answer["ETag"] = etag
    answer["Cache-Control"] = "private, no-cache"
    return answer


def _may_change(request: HttpRequest) -> bool:
    return addresses.may_choose(person_of(request))


def _refused() -> str:
    return _(
        "This code is not valid. Only the newest one counts, for fifteen minutes and"
        " five tries, in the browser that asked for it. You can ask for another one."
    )

"""The pages of myStudy and Moodle."""

from contextlib import suppress

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_safe

from accounts.catalogue.shown import service
from accounts.catalogue.systems import MOODLE, MYSTUDY
from accounts.connectors.contract import Mode
from accounts.directory.errors import DirectoryError
from accounts.mystudy import account
from accounts.mystudy.forms import AccountForm, AccountPasswordForm
from accounts.signin import answers
from accounts.signin.forms import sent
from accounts.signin.sessions import person_of
from accounts.signin.students import students
from onboarding.journey.facts import Facts, facts_of
from onboarding.journey.looking import look_again
from onboarding.journey.path import Station
from onboarding.journey.path import journey as way_of
from onboarding.journey.step import Standing

_FORM = require_http_methods(["GET", "HEAD", "POST"])


@sensitive_post_parameters()
@_FORM
@students
def mystudy(request: HttpRequest) -> HttpResponse:
    """Say what opens myStudy; let the student make an account where one is needed."""
    facts, station = _here(request, MYSTUDY)
    if station is None:
        return redirect("journey:journey")
    if not _may_make(facts, station):
        return _page(request, "mystudy", facts, station)
    if request.method != "POST" and _has_one(request):
        return redirect("journey:mystudy")
    person = person_of(request)
    suggested = {"user_name": account.suggestion(person)}
    form = AccountForm(sent(request), initial=suggested)
    status = answers.MISTAKEN if form.is_bound else 200
    if request.method == "POST" and form.is_valid():
        status = _made(request, facts, form)
        if not status:
            return redirect("journey:mystudy")
    return _page(request, "mystudy", facts, station, form=form, status=status)


@sensitive_post_parameters()
@_FORM
@students
def password(request: HttpRequest) -> HttpResponse:
    """Set the password of the own myStudy account anew."""
    facts, station = _here(request, MYSTUDY)
    mine = facts.mystudy
    if station is None or not mine.user_name or not mine.made_here:
        return redirect("journey:mystudy")
    form = AccountPasswordForm(sent(request))
    status = answers.MISTAKEN if form.is_bound else 200
    if request.method == "POST" and form.is_valid():
        try:
            account.change_password(
                person=person_of(request),
                account_password=form.cleaned_data["password"],
                new=form.cleaned_data["new_password"],
                at=timezone.now(),
            )
        except account.SameAsAccount:
            form.add_error("new_password", _same())
        except answers.REFUSALS as refusal:
            status = answers.to_change(form, refusal)
        else:
            return redirect("journey:mystudy")
    return _page(request, "mystudy_password", facts, station, form=form, status=status)


@require_safe
@students
def moodle(request: HttpRequest) -> HttpResponse:
    """Say how to get into Moodle, and what Moodle says of it."""
    facts, station = _here(request, MOODLE)
    if station is None:
        return redirect("journey:journey")
    return _page(request, "moodle", facts, station)


def _here(request: HttpRequest, system: str) -> tuple[Facts, Station | None]:
    """Give the step as it stands; who waits for a system's word has it asked again."""
    person, at = person_of(request), timezone.now()
    facts = facts_of(person, at=at)
    station = _station(facts, system)
    awaits = station is not None and _awaits_word(facts, station)
    if awaits and look_again(person=person.pk, system=system, at=at):
        facts = facts_of(person, at=at)
    return facts, _station(facts, system)


def _station(facts: Facts, key: str) -> Station | None:
    stations = way_of(facts).stations
    return next((one for one in stations if one.step.key == key), None)


def _awaits_word(facts: Facts, station: Station) -> bool:
    """Say whether news would come from the system; not from the student alone."""
    if station.step.key == MYSTUDY and _may_make(facts, station):
        return False
    return station.now.standing in {Standing.HERE, Standing.WAITING}


def _may_make(facts: Facts, station: Station) -> bool:
    needs_one = facts.mystudy.mode is Mode.OWN and not facts.mystudy.user_name
    return needs_one and station.now.standing is Standing.HERE


def _has_one(request: HttpRequest) -> bool:
    """Look for an account that another system made, or that a crash left behind."""
    with suppress(DirectoryError):
        return account.found(person=person_of(request), at=timezone.now()) is not None
    return False


def _made(request: HttpRequest, facts: Facts, form: AccountForm) -> int:
    """Make the account; gives the HTTP status of a refusal, else nothing."""
    try:
        account.make(
            person=person_of(request),
            mode=facts.mystudy.mode,
            user_name=form.cleaned_data["user_name"],
            password=form.cleaned_data["new_password"],
            account_password=form.cleaned_data["password"],
            at=timezone.now(),
        )
    except account.NameRefused as refusal:
        form.add_error("user_name", str(refusal.fault.sentence()))
        return answers.MISTAKEN
    except account.SameAsAccount:
        form.add_error("new_password", _same())
        return answers.MISTAKEN
    except answers.REFUSALS as refusal:
        return answers.to_change(form, refusal)
    except (account.HasOne, account.NotNow):
        # The page that follows says how it stands.
        return 0
    return 0


def _same() -> str:
    return _("Choose another password than the one of your Leuphana account.")


def _catalogued(key: str) -> dict[str, object]:
    """Give what the catalogue says of a service: what it is, where, and who helps."""
    one = service(key)
    if one is None:
        return {}
    link = one.open.target(get_language() or "") if one.open else None
    return {"service": one, "target": link, "support": service(one.support)}


def _page(  # noqa: PLR0913 - a page has that many sides
    request: HttpRequest,
    name: str,
    facts: Facts,
    station: Station,
    *,
    form: AccountForm | AccountPasswordForm | None = None,
    status: int = 200,
) -> HttpResponse:
    context = {
        "facts": facts,
        "key": station.step.key,
        "now": station.now,
        "standing": station.now.standing.value,
        **_catalogued(station.step.key),
        "unavailable": status == answers.UNAVAILABLE,
        **answers.password_rules(),
    }
    if form is not None:
        context["form"] = form
    return answers.page(request, f"journey/{name}.html", context, status)

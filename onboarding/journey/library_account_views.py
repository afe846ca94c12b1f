"""The page of the step that tries the library account."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts.catalogue import systems
from accounts.due.progress import progress_of
from accounts.signin.sessions import person_of
from accounts.signin.students import students
from onboarding.cards.library_account import ask_again
from onboarding.cards.library_words import AccountState
from onboarding.cards.standing import standing_of
from onboarding.journey.facts import facts_of
from onboarding.journey.step import Standing, Word
from onboarding.journey.steps.library_account import LibraryAccount


@require_safe
@students
def show(request: HttpRequest) -> HttpResponse:
    """Say how to sign in for the first time, and what the library says.

    Looking has the library asked again, at most once a minute: that changes nothing
    but how fresh its answer is.
    """
    person, at = person_of(request), timezone.now()
    card = standing_of(person.pk)
    if card.has_card and not card.works_since:
        ask_again(person=person.pk, at=at)
    # Before the facts: whatever has been answered by then is among them.
    asking = progress_of(person.pk, system=systems.PAIA)
    facts = facts_of(person, at=at)
    now = LibraryAccount().now(facts)
    context = {
        "facts": facts,
        "now": now,
        "later": not (facts.card.registered_at and facts.card.has_card),
        "linking": now.standing is Standing.LATER,
        "ticked": now.word is Word.GIVEN,
        "telling": systems.PAIA in systems.NAMES,
        "asking": asking,
        "state": AccountState.read(facts.card.account_state),
        "library": {
            "page": settings.LIBRARY_PAGE_URL,
            "account": settings.LIBRARY_ACCOUNT_URL,
            "mail": settings.LIBRARY_DESK_MAIL,
            "place": settings.LIBRARY_DESK_PLACE,
        },
    }
    return render(request, "journey/library_account.html", context)

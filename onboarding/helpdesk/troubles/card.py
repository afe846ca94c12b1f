"""Troubles with card, deposit and library."""

from collections.abc import Iterator

from django.utils.translation import gettext_lazy as _

from onboarding.applications.age import Age
from onboarding.cards.route import Route
from onboarding.helpdesk.offers import MOVE, REPLACE_CARD
from onboarding.helpdesk.seen import Seen
from onboarding.helpdesk.troubles.trouble import Cents, Trouble

LIBRARY = "library"


def of_the_card(seen: Seen) -> Iterator[Trouble]:
    """Say where the card is to be had, or what becomes of a lost one."""
    if seen.facts.card.has_card:
        yield Trouble(
            "card_in_hand",
            _("The person has a card"),
            _(
                "A card is in hand. If it is lost or broken, the library service desk"
                " replaces it."
            ),
            _(
                "Is your card lost? Go to the library service desk: they block it at"
                " once and give you a new one. The money on a lost card cannot be paid"
                " back."
            ),
            _("Replace the card at the library service desk."),
            remedy=REPLACE_CARD,
            body=LIBRARY,
            mild=True,
        )
    elif seen.facts.studies:
        yield _no_card(seen)


def of_the_deposit(seen: Seen) -> Iterator[Trouble]:
    """Say what is to be paid, or paid back."""
    if seen.surplus > 0:
        yield Trouble(
            "paid_twice",
            _("The deposit was paid twice"),
            _(
                "%(amount)s too much were paid. The library service desk pays them"
                " back."
            ),
            _(
                "You paid twice. The second payment, %(amount)s, is noted; the library"
                " service desk pays it back to you. Please bring your photo ID."
            ),
            _("Send the person to the library service desk."),
            body=LIBRARY,
            args={"amount": Cents(seen.surplus)},
        )
    elif seen.facts.card.owed > 0:
        yield Trouble(
            "deposit_open",
            _("The deposit is open"),
            _("%(amount)s are still to be paid, at the library service desk."),
            _(
                "Your deposit of %(amount)s is still open. You pay it at the library"
                " service desk; the card works meanwhile."
            ),
            _("Nothing for this desk."),
            body=LIBRARY,
            args={"amount": Cents(seen.facts.card.owed)},
            mild=True,
        )


def of_age(seen: Seen) -> Iterator[Trouble]:
    """Say what an under-age person brings, and what parents are told: nothing."""
    if seen.age is not Age.UNDER_AGE:
        return
    yield Trouble(
        "under_age",
        _("Under age"),
        _("The library wants the consent of a parent. Every other step is open."),
        _(
            "Everything works for you as for the others. Only the library wants a form"
            " that a parent signed; bring it to the library service desk."
        ),
        _("Parents get no information, and no password: only the person does."),
        body=LIBRARY,
        mild=True,
    )


def _no_card(seen: Seen) -> Trouble:
    tutor = seen.facts.way.route is Route.TUTOR
    return Trouble(
        "no_card",
        _("No card yet"),
        _("The card is with the tutor of group %(group)s.")
        if tutor
        else _("The card is to be had at the library service desk."),
        _("You get your card from your tutor, group %(group)s.")
        if tutor
        else _("You get your card at the library service desk. Bring your ID."),
        _("Nothing for this desk. In a wrong group: move to another one."),
        remedy=MOVE,
        args={"group": seen.facts.group or ""},
        mild=True,
    )

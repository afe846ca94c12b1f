"""Troubles with who somebody is here: enrolment, names, second accounts."""

from collections.abc import Iterator, Sequence

from django.utils.translation import gettext_lazy as _

from accounts.mailbox.standing import Ready
from accounts.people.models import Person
from onboarding.helpdesk.offers import merging
from onboarding.helpdesk.seen import Seen
from onboarding.helpdesk.troubles.trouble import Trouble

SERVICE = "student-service"
_MOST_NAMED = 5


def of_enrolment(seen: Seen) -> Iterator[Trouble]:
    """Say whether the person studies here, with this account."""
    if seen.person.merged_into_id:
        yield _closed()
    elif not seen.facts.studies:
        yield Trouble(
            "withdrawn",
            _("Not enrolled"),
            _(
                "Student administration says that the enrolment has ended. What was"
                " done stays; services end by themselves."
            ),
            _(
                "Student administration tells us that you are not enrolled at the"
                " moment. If that is wrong, the Student Service puts it right; the next"
                " export brings everything back."
            ),
            _(
                "Set no password. Hand on to the Student Service; a deposit goes back"
                " at the library."
            ),
            body=SERVICE,
        )
    elif seen.starts_on:
        yield Trouble(
            "starts_later",
            _("Studies begin later"),
            _("The first day of the studies is %(day)s."),
            _(
                "Your studies begin on %(day)s. You can activate your account now;"
                " nothing is overdue."
            ),
            _("Nothing is stuck."),
            args={"day": seen.starts_on},
            mild=True,
        )
    if seen.exchange:
        yield Trouble(
            "exchange",
            _("Exchange student"),
            _(
                "No tutor has a card for this person; the card comes from the library"
                " service desk. The account ends with the stay."
            ),
            _(
                "As an exchange student you get your card at the library service desk;"
                " please bring your passport. Give it back before you leave: then you"
                " get your deposit back."
            ),
            _("Nothing is stuck."),
            body="library",
            mild=True,
        )


def of_names(seen: Seen) -> Iterator[Trouble]:
    """Say how the person wants to be called, and what follows."""
    if seen.renamed:
        yield Trouble(
            "chosen_name",
            _("Goes by a chosen name"),
            _(
                "Everywhere the person is %(name)s. The name in the papers stands in"
                " this record alone, for the comparison with the photo ID."
            ),
            _(
                "Your chosen name, %(name)s, is shown everywhere. The name in your"
                " papers is used only where the law asks for it."
            ),
            _("Say the chosen name. Changes of names come from the Student Service."),
            body=SERVICE,
            args={"name": seen.facts.display_name},
            mild=True,
        )
    if seen.may_rename_mail and seen.facts.mail.ready is not Ready.TAKEN:
        yield Trouble(
            "name_changed",
            _("The name has changed since the address was chosen"),
            _(
                "%(address)s was made of an earlier name. The person may take a new"
                " one; the old one keeps arriving. The user name never changes."
            ),
            _(
                "Your name has changed, so you may choose a new e-mail address: sign in"
                " and open e-mail. The old one stays yours. Your user name stays as it"
                " is."
            ),
            _("It is the person’s turn. Wrong names: hand on to the Student Service."),
            body=SERVICE,
            args={"address": seen.facts.mail.address},
            mild=True,
        )


def _named(people: Sequence[Person]) -> str:
    """Name accounts, the first few of many."""
    names = [one.account_name for one in people[:_MOST_NAMED]]
    return ", ".join([*names, "…"] if len(people) > _MOST_NAMED else names)


def of_twins(seen: Seen) -> Iterator[Trouble]:
    """Say who may be the same human being."""
    if seen.twins:
        yield Trouble(
            "two_accounts",
            _("Perhaps two accounts of one person"),
            _(
                "%(accounts)s: the same name and day of birth, or the same"
                " matriculation number. That is a suspicion, no more."
            ),
            _(
                "It may be that you have two accounts here. If your papers say so, a"
                " colleague and I make one of them; the other one is closed, and"
                " nothing is lost."
            ),
            _("Compare both records with the papers. Two of the desk merge them."),
            remedy=merging(seen.twins),
            args={"accounts": _named(seen.twins)},
        )


def _closed() -> Trouble:
    return Trouble(
        "closed",
        _("The account is closed"),
        _("It was merged into another account of the same person."),
        _(
            "This account is closed: it was merged with your other one. Please sign in"
            " with your other user name and its password; everything you had is there."
        ),
        _("Open the record of the account that stays, and help there."),
    )

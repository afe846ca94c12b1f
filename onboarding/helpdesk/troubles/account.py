"""Troubles with account and password."""

from collections.abc import Iterator

from django.utils.translation import gettext_lazy as _

from accounts.catalogue.systems import DIRECTORY
from onboarding.enrolment.letter_orders import Order
from onboarding.helpdesk.offers import LOOK_AGAIN, SLIP, UNLOCK
from onboarding.helpdesk.password import State
from onboarding.helpdesk.seen import Seen
from onboarding.helpdesk.troubles.trouble import Trouble


def of_the_password(seen: Seen) -> Iterator[Trouble]:
    """Say what keeps the person from signing in."""
    match seen.password.state:
        case State.UNKNOWN:
            yield _directory_silent()
        case State.NO_ENTRY:
            yield _no_entry()
        case State.NONE:
            yield _no_letter(seen)
        case State.INITIAL:
            yield _unused(seen)
        case State.EXPIRED if seen.order and seen.order.stands:
            yield _ordered(seen.order)
        case State.EXPIRED:
            yield _expired(seen)
        case State.OWN:
            yield _active(seen)


def of_locks(seen: Seen) -> Iterator[Trouble]:
    """Say who refuses every password at the moment, and for how long."""
    password = seen.password
    if password.locked_for_good:
        yield Trouble(
            "locked_for_good",
            _("Locked in the directory"),
            _("Somebody of the MIZ locked this account. The portal cannot unlock it."),
            _(
                "Your account is locked. My colleagues who look after the account"
                " directory will tell you more; I will pass it on to them now."
            ),
            _("Hand on to the MIZ. Give no reasons, and set no password."),
            body="miz",
        )
    elif password.locked_until:
        yield Trouble(
            "locked",
            _("Locked after many wrong passwords"),
            _(
                "The directory refuses every password until %(until)s, then by itself"
                " no longer."
            ),
            _(
                "There were too many wrong passwords. Please wait a minute, until"
                " %(until)s, and then try once, slowly."
            ),
            _(
                "Wait, then let the person try once. A new initial password unlocks at"
                " once."
            ),
            remedy=SLIP,
            args={"until": password.locked_until},
        )
    if password.waits:
        yield Trouble(
            "waiting",
            _("The portal waits between tries"),
            _(
                "After several wrong passwords the portal looks at the next try in"
                " %(seconds)s seconds only."
            ),
            _(
                "Please wait a moment. I can shorten that for you; then type your"
                " password once more, slowly."
            ),
            _("Unlock, and let the person try once."),
            remedy=UNLOCK,
            args={"seconds": password.waits},
        )


def of_the_entry(seen: Seen) -> Iterator[Trouble]:
    """Say where the directory itself needs a human."""
    for line in seen.systems:
        if line.key == DIRECTORY and line.parked:
            yield Trouble(
                "entry_stuck",
                _("The directory entry needs a human"),
                _("%(sentence)s"),
                _(
                    "Something is wrong with your entry in our account directory. You"
                    " need not do anything; we repair it and tell you."
                ),
                _("Look again once. If it stays, hand on to the MIZ."),
                remedy=LOOK_AGAIN,
                body="miz",
                args={"sentence": line.sentence},
            )


def _directory_silent() -> Trouble:
    return Trouble(
        "directory_silent",
        _("The directory does not answer"),
        _("Nobody can say at the moment what state the password is in."),
        _(
            "Our account directory does not answer at the moment. That is not your"
            " fault. Please try again in a quarter of an hour; your steps are saved."
        ),
        _("Wait. The card strand goes on without it."),
    )


def _no_entry() -> Trouble:
    return Trouble(
        "no_entry",
        _("No entry in the directory yet"),
        _(
            "The portal knows the person, but the directory has no entry. It is usually"
            " made within a minute."
        ),
        _(
            "Your account is being set up right now. Please wait two minutes here; then"
            " I give you your initial password."
        ),
        _("Look again, wait a minute, then make out a slip."),
        remedy=LOOK_AGAIN,
    )


def _no_letter(seen: Seen) -> Trouble:
    return Trouble(
        "no_letter",
        _("No letter yet"),
        _("No initial password is set for %(account)s: no letter was made out."),
        _(
            "There is no letter for you yet. If you show me your photo ID, I can print"
            " you a slip with your initial password now."
        ),
        _("Check the photo ID, then make out a slip."),
        remedy=SLIP,
        args={"account": seen.person.account_name},
    )


def _unused(seen: Seen) -> Trouble:
    return Trouble(
        "letter_unused",
        _("The initial password has not been used"),
        _(
            "An initial password is valid until %(until)s, and nobody has replaced it."
            " Either the letter is lost, or something else was typed than the user name"
            " %(account)s."
        ),
        _(
            "Your initial password is valid until %(until)s. Your user name is"
            " %(account)s: please compare it with what you typed. If the letter is"
            " lost, I print you a new slip; the old letter opens nothing then."
        ),
        _(
            "Compare the user name first. Without a letter: check the photo ID, then"
            " make out a slip."
        ),
        remedy=SLIP,
        args={
            "until": seen.password.until or _("further notice"),
            "account": seen.person.account_name,
        },
    )


def _expired(seen: Seen) -> Trouble:
    return Trouble(
        "initial_expired",
        _("The initial password has expired"),
        _("It was valid until %(until)s and opens nothing any more."),
        _(
            "Your initial password ended on %(until)s. If you show me your photo ID, I"
            " print you a new one now. What you have done so far stays done."
        ),
        _("Check the photo ID, then make out a slip."),
        remedy=SLIP,
        args={"until": seen.password.until},
    )


def _ordered(order: Order) -> Trouble:
    return Trouble(
        "letter_ordered",
        _("A letter is ordered"),
        _(
            "Ordered on %(when)s; the next run of student administration prints it."
            " Until it comes nothing opens the account."
        ),
        _(
            "Your letter was ordered on %(when)s and comes by post, to the address that"
            " student administration has of you. If you cannot wait and show me your"
            " photo ID, I print you a slip now; then no letter comes."
        ),
        _("Wait for the letter. Or check the photo ID, then make out a slip."),
        remedy=SLIP,
        args={"when": order.at},
    )


def _active(seen: Seen) -> Trouble:
    return Trouble(
        "active",
        _("The password is the person’s own"),
        _(
            "It was set on %(when)s by whoever had the initial password. If the person"
            " says “that was not me”, somebody else activated the account."
        ),
        _(
            "Your account has a password of its own since %(when)s. If you forgot it,"
            " “Password forgotten” sends you a code. If that was not you, I lock it out"
            " right now with a new initial password; nobody gets in with the old one."
        ),
        _(
            "Forgotten, and a recovery address is there: “Password forgotten”."
            " Otherwise, or if it was somebody else: a slip; a second colleague"
            " confirms it."
        ),
        remedy=SLIP,
        args={"when": seen.password.changed_at or _("an unknown day")},
        mild=True,
    )

"""What an activation letter says, in one language at a time."""

from dataclasses import dataclass
from datetime import date
from urllib.parse import urlencode, urlsplit

from django.conf import settings
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import override

# A letter for somebody whose language is unknown says everything in both.
BOTH = ("de", "en")


@dataclass(frozen=True, slots=True)
class Part:
    """A heading and what stands under it."""

    title: str
    items: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Words:
    """The sentences of a letter that are the same for everybody."""

    language: str
    title: str
    university: str
    personal: str
    subject: str
    hello: str
    invitation: str
    address: str
    user_name: str
    initial_password: str
    valid_until: str
    never_contains: str
    steps: Part
    at_hand: Part
    safety: Part
    help: Part


def activation_page() -> str:
    """Give the address that the letter leads to."""
    return f"{settings.PORTAL_URL.rstrip('/')}/activate/"


def printed_address() -> str:
    """Give that address as people read and type it."""
    page = urlsplit(activation_page())
    return f"{page.netloc}{page.path}".rstrip("/")


def scanned_address(*, account_name: str, secret: str) -> str:
    """Give the address in the QR code.

    User name and secret stand behind the number sign: a browser never sends that part,
    so that no log and no other site gets to see it (RFC 9110, 4.2.5 and 10.1.3).
    """
    brought = urlencode({"account": account_name, "secret": secret.replace("-", "")})
    return f"{activation_page()}#{brought}"


def languages(language: str) -> tuple[str, ...]:
    """Give the languages that a letter speaks to this person."""
    return (language,) if language in BOTH else BOTH


def written_date(day: date, language: str) -> str:
    """Write a date in words, so that nobody takes the month for the day."""
    with override(language):
        return date_format(day, "j. F Y" if language == "de" else "j F Y")


def words(language: str) -> Words:
    """Give the sentences in this language."""
    with override(language):
        return Words(
            language=language,
            title=_("Letters with initial passwords"),
            university=_("Leuphana University Lüneburg"),
            personal=_("Personal"),
            subject=_("Activate your Leuphana account"),
            hello=_("Hello"),
            invitation=_(
                "welcome! This letter opens your account for e-mail, Wi-Fi and nearly"
                " everything else at the university. It takes about three minutes."
            ),
            address=_("Address"),
            user_name=_("User name"),
            initial_password=_("Initial password"),
            valid_until=_("Valid until {date}"),
            never_contains=_(
                "The initial password never contains the letters B, I, L, O, S, U or Z."
            ),
            steps=_steps(),
            at_hand=_at_hand(),
            safety=_safety(),
            help=_help(),
        )


def _steps() -> Part:
    return Part(
        _("Your first three steps"),
        (
            _(
                "Scan the code, or type {address} into your browser. Go on only if the"
                " browser shows exactly this address."
            ).format(address=printed_address()),
            _(
                "Type your user name and the initial password. Small or capital"
                " letters, with or without hyphens: all of it works."
            ),
            _(
                "Choose a password of your own. Then the page leads you on, step by"
                " step: e-mail, Wi-Fi, study portals, Leuphana Card."
            ),
        ),
    )


def _at_hand() -> Part:
    return Part(
        _("Have at hand"),
        (
            _("your phone or a computer, with a connection to the internet"),
            _("your photo ID whenever you come to us in person, for your card too"),
        ),
    )


def _safety() -> Part:
    return Part(
        _("For your safety"),
        (
            _("We never ask for money or bank data through this code."),
            _("Nobody at the university ever asks you for your password."),
            _(
                "Keep this letter to yourself. Once you have chosen your own password,"
                " it opens nothing any more: shred it."
            ),
        ),
    )


def _help() -> Part:
    return Part(
        _("Questions? Letter not working?"),
        (
            settings.HELP_DESK_PLACE,
            settings.HELP_DESK_MAIL,
            settings.HELP_DESK_PHONE,
        ),
    )

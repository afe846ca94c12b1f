"""What a service of the university is, as data; where its pages are may be overridden.

The rows themselves stand in ``offer`` and ``contacts``. Addresses of pages belong to
an installation: ``services_file`` reads them from a file that the settings name.
"""

from dataclasses import dataclass
from enum import Enum

from django.utils.functional import Promise
from django.utils.translation import get_language

Text = str | Promise


class Account(Enum):
    """What somebody signs in with."""

    LEUPHANA = "leuphana"
    LEUPHANA_OR_OWN_PASSWORD = "leuphana, if necessary with own password"  # noqa: S105
    MYSTUDY = "mystudy"
    LIBRARY = "library"
    LEUPHANA_AND_CARD = "leuphana and card"
    NONE = "none"


class Group(Enum):
    """Where in the list a service stands."""

    NETWORK = "network"
    STUDYING = "studying"
    LIBRARY = "library"
    HELP = "help"


@dataclass(frozen=True, slots=True)
class Target:
    """One page elsewhere, as one reader gets it."""

    url: str
    # The language it is written in, where that is not the reader's.
    foreign: str = ""


@dataclass(frozen=True, slots=True)
class Link:
    """A page elsewhere, in the languages that it is there in."""

    de: str = ""
    en: str = ""
    # Opens from the university's network or by VPN alone.
    intranet: bool = False

    def target(self, language: str) -> Target | None:
        """Give the page in the reader's language, else in the other, else nothing."""
        mine, other = (self.de, self.en) if language == "de" else (self.en, self.de)
        if mine:
            return Target(mine)
        if other:
            return Target(other, foreign="en" if language == "de" else "de")
        return None


# Not every service has every kind of page, and we may not know where one is.
NO_PAGE = None
ADDRESS_UNKNOWN = Link()


@dataclass(frozen=True, slots=True)
class Wording:
    """What an installation says in its own words, in both languages."""

    de: str
    en: str

    def __str__(self) -> str:
        """Give it in the reader's language."""
        return self.de if get_language() == "de" else self.en


@dataclass(frozen=True, slots=True)
class Service:
    """One service, or one body that helps.

    ``open`` is the service itself, ``more`` what is written about it, ``instructions``
    are those of the MIZ. None where there is no such page; a page whose address nobody
    has told us yet is ``ADDRESS_UNKNOWN``.
    """

    key: str
    name: Text
    why: Text
    group: Group
    account: Account = Account.NONE
    open: Link | None = NO_PAGE
    more: Link | None = NO_PAGE
    instructions: Link | None = NO_PAGE
    restriction: Text = ""
    # Who helps: the key of a body.
    support: str = "miz"
    # E-mail of a body.
    mail: str = ""
    steps: tuple[Text, ...] = ()
    # Instructions of our own, as a template under services/guides/.
    guide: bool = False
    # For whom; empty: for everybody.
    schools: frozenset[str] = frozenset()
    faculties: frozenset[str] = frozenset()
    # The installation's own name for it, and what else it says.
    called: Wording | None = None
    note: Wording | None = None

    @property
    def title(self) -> Text | Wording:
        """Give the name that this installation uses."""
        return self.called or self.name

    def applies(self, *, schools: frozenset[str], faculties: frozenset[str]) -> bool:
        """Say whether it is for somebody who studies at these schools and faculties.

        Nothing known of somebody (a visitor, say) is no reason to hide anything.
        """
        return _meets(self.schools, schools) and _meets(self.faculties, faculties)


def _meets(meant: frozenset[str], had: frozenset[str]) -> bool:
    return not meant or not had or bool(meant & had)

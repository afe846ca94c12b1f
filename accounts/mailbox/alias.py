"""The local part of a Leuphana address: one rule from a name to suggestions.

Chosen name, else the first given name, and the family name, in the search form of
DIN 91379, small letters, joined by a dot. Addresses are never given to somebody else.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import count, islice

from accounts.people.naming import search_form

# RFC 5321, 4.5.3.1.1 allows 64 octets; five are left for a number behind.
LONGEST = 59
LONGEST_NUMBER = 5
SUGGESTIONS = 3

# Names that belong to the university, not to a person (RFC 2142, and our own).
_TAKEN_WORDS = """
abuse admin administrator all alle bibliothek datenschutz everyone help hostmaster info
it-support kontakt leuphana mail mailer-daemon miz moodle mystudy news noc nobody
noreply no-reply office portal postmaster praesidium presse rektorat root security
service sekretariat start studierendenservice support test usenet uucp verwaltung
webmaster www
"""
RESERVED = frozenset(_TAKEN_WORDS.split())
_ACCOUNT = re.compile(r"lg\d+")
_TITLE = re.compile(r"(?:dr|prof|dipl|mag|ing|med|habil|phil)\.?", re.IGNORECASE)
# What registers write where there is no name.
_NO_NAME = frozenset({"fnu", "lnu", "n.n.", "nn", ".", "-"})
# What the search form leaves standing, beside letters and hyphens.
_DROPPED = re.compile(r"[^a-z0-9-]")
_WELL_FORMED = re.compile(r"[a-z0-9]+(?:[.-][a-z0-9]+)*")


@dataclass(frozen=True, slots=True)
class Names:
    """What an address is made of."""

    given_names: str
    family_name: str
    chosen_name: str = ""


def suggestions(names: Names, *, taken: Callable[[str], bool]) -> list[str]:
    """Give up to three local parts that nobody has or had; ``taken`` knows which.

    A name without any Latin letter gives none.
    """
    found = (_free(form, taken) for form in forms(names))
    return list(islice(dict.fromkeys(filter(None, found)), SUGGESTIONS))


def forms(names: Names) -> list[str]:
    """Give what the rule makes of a name before it asks who has it, the best first."""
    given, family = _given(names), _family(names)
    ways = [given, _all_given(names)]
    if family:
        # An initial without a family name would be nobody's name.
        ways.append(given[:1])
    made = (".".join(filter(None, (one, family))) for one in ways)
    cut = (form[:LONGEST].strip(".-") for form in made)
    return [form for form in dict.fromkeys(cut) if form]


def fits(local: str, names: Names) -> bool:
    """Say whether the rule could have made this of the name, with or without number."""
    return well_formed(local) and any(
        re.fullmatch(re.escape(form) + r"\d{0,5}", local) for form in forms(names)
    )


def well_formed(local: str) -> bool:
    """Say whether a person may have this local part."""
    return bool(
        _WELL_FORMED.fullmatch(local)
        and len(local) <= LONGEST + LONGEST_NUMBER
        and local not in RESERVED
        and not _ACCOUNT.fullmatch(local)
    )


def _free(form: str, taken: Callable[[str], bool]) -> str:
    free = (one for one in _numbered(form) if well_formed(one) and not taken(one))
    return next(free, "")


def _numbered(form: str) -> Iterator[str]:
    yield form
    # A reserved word and an account's name get a number as well, without a dot.
    yield from (f"{form}{number}" for number in islice(count(2), 9_998))


def _given(names: Names) -> str:
    chosen = _joined(names.chosen_name.split())
    return chosen or _joined(_words(names.given_names)[:1])


def _all_given(names: Names) -> str:
    return _joined((names.chosen_name or names.given_names).split())


def _family(names: Names) -> str:
    return _joined(names.family_name.split())


def _words(name: str) -> list[str]:
    return [word for word in name.split() if _joined([word])]


def _joined(words: list[str]) -> str:
    named = " ".join(word for word in words if _is_name(word))
    plain = _DROPPED.sub("", search_form(named).lower().replace(" ", "-"))
    return re.sub(r"-{2,}", "-", plain).strip("-")


def _is_name(word: str) -> bool:
    return not _TITLE.fullmatch(word) and word.lower() not in _NO_NAME

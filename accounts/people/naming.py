"""How names are cleaned, searched, sorted and shown (DIN 91379, DIN 5007-2)."""

import re
import unicodedata
from dataclasses import dataclass

from accounts.people.characters import SEARCH_FORMS, TYPE_A, glyphs

# Columns and indexes of keys have so many letters.
LONGEST_KEY = 128
_HYPHENS = "\u2010\u2011\u2012\u2013\u2212"
_APOSTROPHES = "\u02bc\u02bb\u2018"
# The tab, the unbreakable blank and the blanks of set widths.
_BLANKS = "\t\u00a0\u202f\u205f" + "".join(map(chr, range(0x2000, 0x200B)))
_UNSEEN = "\u200b\u200c\u200d\ufeff\u00ad"
_ONE_FOR_ANOTHER = str.maketrans(
    {
        **dict.fromkeys(_HYPHENS, "-"),
        **dict.fromkeys(_APOSTROPHES, "\u2019"),
        **dict.fromkeys(_BLANKS, " "),
        **dict.fromkeys(_UNSEEN, ""),
    }
)
_SEVERAL_BLANKS = re.compile(" {2,}")
_MATCHES_WITHOUT = str.maketrans("-,", "  ", "'`´·.~¨")
# The list of names sorts these by their base letter, the search form spells them out.
_SORTS_AS = {
    **dict.fromkeys("ÅǺåǻ", "A"),
    **dict.fromkeys("ØǾøǿ", "O"),
}
# What registers write where there is no name.
_NO_NAME = frozenset({"", ".", "-", "FNU", "LNU", "N.N.", "N. N."})
_LABELS = {
    "Cc": "control",
    "Cs": "surrogate",
    "Co": "private use",
    "Cn": "unassigned",
}


@dataclass(frozen=True)
class ForeignCharacter:
    """A character outside type A: its place, counted from 1, and what it is."""

    position: int
    code_point: str
    name: str


def normalise(text: str) -> str:
    """Give the text as names are stored: NFC, one kind of hyphen, blank, apostrophe.

    Nothing else is replaced; what is foreign stays for `foreign_characters`.
    """
    composed = unicodedata.normalize("NFC", text.translate(_ONE_FOR_ANOTHER))
    return _SEVERAL_BLANKS.sub(" ", composed).strip(" ")


def foreign_characters(text: str) -> tuple[ForeignCharacter, ...]:
    """Name each character of a normalised text that type A of DIN 91379 lacks."""
    return tuple(
        ForeignCharacter(
            position=start + 1,
            code_point=f"U+{ord(glyph):04X}",
            name=_name(glyph),
        )
        for start, glyph in glyphs(text)
        if glyph not in TYPE_A
    )


def search_form(text: str) -> str:
    """Give the search form of DIN 91379: A to Z, blank and ``' , - . ` ~ ¨ ´ ·``.

    A foreign character is searched by its base letter; without one it is left out.
    """
    return _tidy("".join(_searched(glyph) for _, glyph in glyphs(normalise(text))))


def match_key(text: str) -> str:
    """Give A to Z and single blanks: equal for spellings of what may be one name.

    Equal keys are a suspicion, never a reason to merge two people.
    """
    return _tidy(search_form(text).translate(_MATCHES_WITHOUT))


def name_key(*, given_names: str, family_name: str) -> str:
    """Give the same for all spellings and orders of a name; cut where it is long.

    Equal keys are a suspicion, as those of ``match_key`` are.
    """
    words = match_key(f"{given_names} {family_name}").split()
    return " ".join(sorted(words))[:LONGEST_KEY]


def sort_key(text: str) -> str:
    """Give the place in a list of names by DIN 5007-2: ä as ae, ß as ss, é as e.

    A blank comes before every letter; names alike so far are told apart letter-true.
    """
    name = normalise(text)
    letters = "".join(_SORTS_AS.get(glyph, glyph) for _, glyph in glyphs(name))
    # The tab comes before the blank, so that Kim comes before Kim Lee.
    return f"{match_key(letters)}\t{name}"


def display_name(
    *, given_names: str | None, family_name: str | None, chosen_name: str | None
) -> str:
    """Give the name everybody may see: the chosen name, else the given names, first.

    Either part may be missing, or a register's word for a missing name.
    """
    first = _present(chosen_name) or _present(given_names)
    parts = [part for part in (first, _present(family_name)) if part]
    stored = (chosen_name, given_names, family_name)
    return " ".join(parts or [part for part in stored if part])


def _present(part: str | None) -> str:
    name = (part or "").strip()
    return "" if name in _NO_NAME else name


def _searched(glyph: str) -> str:
    if glyph in SEARCH_FORMS:
        return SEARCH_FORMS[glyph]
    parts = unicodedata.normalize("NFKD", glyph)
    return "".join(SEARCH_FORMS.get(part, "") for part in parts)


def _tidy(text: str) -> str:
    return _SEVERAL_BLANKS.sub(" ", text).strip(" ")


def _name(character: str) -> str:
    label = _LABELS.get(unicodedata.category(character), "no name")
    return unicodedata.name(character, f"{label.upper()} {ord(character):04X}")

"""What the QR code of a student says: a name for one year that means nothing by itself.

Only a list that names it too can tell whose it is. It has digits and the letters A to F
alone, so that scanners that type get it right on every keyboard.
"""

from collections.abc import Iterable, Mapping
from datetime import date

import segno
from django.conf import settings
from django.utils.crypto import salted_hmac

from accounts.people.models import Person

_MARK = "H"
_LENGTH = 16


def handle_of(person: Person, *, on: date) -> str:
    """Give the handle of a person in the year of a day."""
    return _handle(person.pk, on, settings.SECRET_KEY)


def by_handle(people: Iterable[Person], *, on: date) -> Mapping[str, Person]:
    """Give people by their handles; those under earlier keys of the portal count.

    The handle of an account that was merged leads to the one that stays.
    """
    keys = (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)
    return {_handle(one.pk, on, key): one.current for one in people for key in keys}


def as_picture(handle: str) -> str:
    """Give the QR code as SVG, black on white in every theme."""
    code = segno.make_qr(handle, error="q")
    return str(
        code.svg_inline(
            scale=8, border=4, dark="#000", light="#fff", omitsize=True, svgclass=None
        )
    )


def _handle(person: int, on: date, key: str | bytes) -> str:
    said = salted_hmac("onboarding.cards.handle", f"{person}:{on.year}", secret=key)
    return f"{_MARK}{said.hexdigest()[:_LENGTH].upper()}"

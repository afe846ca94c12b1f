"""Authenticator apps: a shared secret, and a code of six digits every 30 seconds.

RFC 6238 as every app has it (SHA-1, six digits, 30 seconds). A code is good once,
within its own step and one beside it, since clocks differ.
"""

import hmac
from datetime import datetime

import pyotp
import segno
from django.db import transaction
from django.db.models import F, QuerySet

from accounts.factors.models import Factor, Kind
from accounts.factors.sealing import Unreadable, seal, unseal
from accounts.people.models import Person
from accounts.signin import throttle

ISSUER = "Leuphana Start"
STEP = 30
DIGITS = 6
BESIDE = (0, -1, 1)
# So many wrong codes in a row shut an app, so that somebody who knows the password
# cannot go on guessing for weeks; a passkey, or the lead, opens the way again.
MOST_REFUSED = 20


class CodeRefused(Exception):
    """The code is wrong, too old, or was used."""


class Shut(Exception):
    """There were too many wrong codes; the lead has to help."""


def begin(*, person: Person, at: datetime) -> tuple[Factor, str]:
    """Make an app's secret; it counts once a code of it was typed."""
    secret = pyotp.random_base32()
    factor = Factor.objects.create(
        person=person, kind=Kind.APP, begun_at=at, secret=seal(secret)
    )
    return factor, secret


def address(*, person: Person, secret: str) -> str:
    """Give the address (otpauth:) that an app takes the secret from."""
    totp = pyotp.TOTP(secret, name=person.account_name, issuer=ISSUER)
    return totp.provisioning_uri()


def as_picture(text: str) -> str:
    """Give a QR code as SVG, black on white in every theme."""
    code = segno.make_qr(text, error="m")
    return str(
        code.svg_inline(
            scale=5, border=4, dark="#000", light="#fff", omitsize=True, svgclass=None
        )
    )


def code_at(*, secret: str, at: datetime) -> str:
    """Give the code that an app with this secret shows at a moment."""
    return pyotp.TOTP(secret).at(at)


def use(*, person: Person, typed: str, at: datetime) -> Factor:
    """Use a code of one of the person's apps up.

    Tries are slowed down like those at a password, one at a time. Raises
    throttle.Waiting, CodeRefused, or Shut.
    """
    with throttle.one_try(account=f"second-factor:{person.pk}", at=at) as attempt:
        apps = _in_force(person)
        factor = _used(apps.filter(refused__lt=MOST_REFUSED), typed, at)
        attempt.succeeded = factor is not None
        if factor is None:
            apps.update(refused=F("refused") + 1)
    if factor is not None:
        return factor
    if apps.exists() and not apps.filter(refused__lt=MOST_REFUSED).exists():
        raise Shut
    raise CodeRefused


def confirm(*, factor: Factor, typed: str, at: datetime) -> bool:
    """Say whether a code of a new app is right; it is used up by that."""
    mine = Factor.objects.filter(pk=factor.pk, confirmed_at=None, removed_at=None)
    return _used(mine, typed, at) is not None


def _in_force(person: Person) -> QuerySet[Factor]:
    return Factor.objects.filter(
        person=person, kind=Kind.APP, confirmed_at__isnull=False, removed_at=None
    )


def _used(apps: QuerySet[Factor], typed: str, at: datetime) -> Factor | None:
    digits = "".join(sign for sign in typed if sign.isdigit() and sign.isascii())
    for factor in apps:
        step = _step_of(factor, digits, at)
        if step is not None and _use_up(factor, step, at):
            return factor
    return None


def _step_of(factor: Factor, digits: str, at: datetime) -> int | None:
    """Give the step of time whose code this is; all are compared, in the same time."""
    try:
        totp = pyotp.TOTP(unseal(factor.secret))
    except Unreadable:
        return None
    now = int(at.timestamp()) // STEP
    steps = (now + beside for beside in BESIDE)
    fitting = [
        one for one in steps if hmac.compare_digest(totp.generate_otp(one), digits)
    ]
    return fitting[0] if fitting else None


def _use_up(factor: Factor, step: int, at: datetime) -> bool:
    """One conditional update decides which of two with the same code comes in."""
    with transaction.atomic():
        fresh = Factor.objects.filter(pk=factor.pk, last_step__lt=step, removed_at=None)
        return bool(fresh.update(last_step=step, used_at=at, refused=0))

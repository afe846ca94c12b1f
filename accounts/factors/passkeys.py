"""Passkeys: WebAuthn ceremonies, through py_webauthn (W3C, Web Authentication 2).

The portal's own address (PORTAL_URL) is the only origin, its host the relying party.
The device has to verify its owner (PIN, finger, face), so that a passkey left lying
about opens nothing. A challenge waits in the session and goes with the first answer.
"""

import ipaddress
import json
from datetime import datetime
from urllib.parse import urlsplit

import webauthn
from django.conf import settings
from django.contrib.sessions.backends.base import SessionBase
from django.db import transaction
from django.utils.crypto import salted_hmac
from webauthn.helpers import bytes_to_base64url
from webauthn.helpers.exceptions import WebAuthnException
from webauthn.helpers.structs import (
    AuthenticatorSelectionCriteria,
    PublicKeyCredentialDescriptor,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from accounts.factors.models import Factor, Kind
from accounts.people.models import Person

NAME = "Leuphana Start"
LONGEST = 20_000
_CHALLENGE = "passkey_challenge"
_NEW, _KNOWN = "new", "known"


class PasskeyRefused(Exception):
    """The answer is not one of this person's passkeys to the question asked last."""


def available() -> bool:
    """Say whether browsers offer passkeys here: on a name, and on a safe line."""
    address = urlsplit(settings.PORTAL_URL)
    host = address.hostname or ""
    return _is_a_name(host) and (address.scheme == "https" or host == "localhost")


def ask_for_new(*, person: Person, session: SessionBase) -> str:
    """Give the question (JSON) that makes a passkey for this person."""
    options = webauthn.generate_registration_options(
        rp_id=_party(),
        rp_name=NAME,
        user_name=person.account_name,
        user_display_name=person.display_name,
        user_id=salted_hmac("accounts.factors.passkeys", str(person.pk)).digest(),
        authenticator_selection=AuthenticatorSelectionCriteria(
            resident_key=ResidentKeyRequirement.PREFERRED,
            user_verification=UserVerificationRequirement.REQUIRED,
        ),
        exclude_credentials=_known(person),
    )
    session[_CHALLENGE] = [_NEW, bytes_to_base64url(options.challenge)]
    return webauthn.options_to_json(options)


def ask_for_known(*, person: Person, session: SessionBase) -> str:
    """Give the question (JSON) that one of this person's passkeys answers."""
    options = webauthn.generate_authentication_options(
        rp_id=_party(),
        allow_credentials=_known(person),
        user_verification=UserVerificationRequirement.REQUIRED,
    )
    session[_CHALLENGE] = [_KNOWN, bytes_to_base64url(options.challenge)]
    return webauthn.options_to_json(options)


def add(*, person: Person, answer: str, session: SessionBase, at: datetime) -> Factor:
    """Note a passkey that was just made, confirmed by that; raises PasskeyRefused."""
    challenge = _taken(session, _NEW)
    try:
        made = webauthn.verify_registration_response(
            credential=_read(answer),
            expected_challenge=challenge,
            expected_rp_id=_party(),
            expected_origin=_origin(),
            require_user_verification=True,
        )
    except _ODD as wrong:
        raise PasskeyRefused from wrong
    credential = bytes_to_base64url(made.credential_id)
    if Factor.objects.filter(credential=credential).exists():
        raise PasskeyRefused
    return Factor.objects.create(
        person=person,
        kind=Kind.PASSKEY,
        begun_at=at,
        credential=credential,
        public_key=made.credential_public_key,
        sign_count=made.sign_count,
    )


def use(*, person: Person, answer: str, session: SessionBase, at: datetime) -> Factor:
    """Take a passkey's answer to the question asked last; raises PasskeyRefused."""
    challenge, said = _taken(session, _KNOWN), _read(answer)
    factor = _in_force(person).get(str(said.get("id", "")))
    if factor is None:
        raise PasskeyRefused
    try:
        proof = webauthn.verify_authentication_response(
            credential=said,
            expected_challenge=challenge,
            expected_rp_id=_party(),
            expected_origin=_origin(),
            credential_public_key=bytes(factor.public_key),
            credential_current_sign_count=factor.sign_count,
            require_user_verification=True,
        )
    except _ODD as wrong:
        raise PasskeyRefused from wrong
    if not _counted(factor, proof.new_sign_count, at):
        raise PasskeyRefused
    return factor


# What is wrong with an answer shows in many ways; none of them is ours.
_ODD = (WebAuthnException, ValueError, TypeError, KeyError, AttributeError)


def _counted(factor: Factor, count: int, at: datetime) -> bool:
    """Of two answers with one counter the first counts: the other is a copy's."""
    with transaction.atomic():
        mine = Factor.objects.filter(
            pk=factor.pk, sign_count=factor.sign_count, removed_at=None
        )
        return bool(mine.update(sign_count=count, used_at=at))


def _taken(session: SessionBase, kind: str) -> bytes:
    asked, challenge = session.pop(_CHALLENGE, ("", ""))
    if asked != kind:
        raise PasskeyRefused
    return webauthn.base64url_to_bytes(challenge)


def _read(answer: str) -> dict[str, object]:
    try:
        said = json.loads(answer[:LONGEST])
    except ValueError as wrong:
        raise PasskeyRefused from wrong
    if not isinstance(said, dict):
        raise PasskeyRefused
    return said


def _in_force(person: Person) -> dict[str, Factor]:
    keys = Factor.objects.filter(
        person=person, kind=Kind.PASSKEY, confirmed_at__isnull=False, removed_at=None
    )
    return {one.credential: one for one in keys}


def _known(person: Person) -> list[PublicKeyCredentialDescriptor]:
    return [
        PublicKeyCredentialDescriptor(id=webauthn.base64url_to_bytes(one))
        for one in _in_force(person)
    ]


def _origin() -> str:
    address = urlsplit(settings.PORTAL_URL)
    return f"{address.scheme}://{address.netloc}"


def _party() -> str:
    return urlsplit(settings.PORTAL_URL).hostname or ""


def _is_a_name(host: str) -> bool:
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return bool(host)
    return False

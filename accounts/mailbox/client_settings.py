"""What a mail program has to know: to read, to import, and to find by itself."""

import plistlib
import subprocess
from dataclasses import dataclass
from enum import Enum
from urllib.parse import urlsplit
from uuid import UUID, uuid5
from xml.etree import ElementTree as Xml

from django.conf import settings

AUTOCONFIG_TYPE = "text/xml; charset=utf-8"
APPLE_TYPE = "application/x-apple-aspen-config"
OPENSSL = "/usr/bin/openssl"
# Our own name space for UUIDs: the same settings give the same profile, so that a
# second installation replaces the first.
_PROFILES = UUID("5f0b8bb1-2c9e-4d7b-8d4e-4f3c1c2f6a10")
_SIGNING_SECONDS = 10


class Safety(Enum):
    """How the line is protected, by the words of the autoconfig draft."""

    TLS = "SSL"
    STARTTLS = "STARTTLS"
    NONE = "plain"


@dataclass(frozen=True, slots=True)
class Server:
    """One server as a mail program asks for it."""

    host: str
    port: int
    safety: Safety


def incoming() -> Server:
    """Give the server that mail is read from (IMAP)."""
    return _server(settings.MAIL_IMAP_URL, tls=993, other=143)


def outgoing() -> Server:
    """Give the server that mail is handed to (submission, RFC 8314)."""
    return _server(settings.MAIL_SMTP_URL, tls=465, other=587)


def autoconfig() -> bytes:
    """Give the settings for everybody: draft-ietf-mailmaint-autoconfig, config v1.1.

    Nobody's address is asked for or answered: the program fills it in.
    """
    root = Xml.Element("clientConfig", version="1.1")
    provider = Xml.SubElement(root, "emailProvider", id=settings.MAIL_DOMAIN)
    _add(provider, "domain", settings.MAIL_DOMAIN)
    _add(provider, "displayName", "Leuphana E-Mail")
    _add(provider, "displayShortName", "Leuphana")
    for kind, element, server in (
        ("imap", "incomingServer", incoming()),
        ("smtp", "outgoingServer", outgoing()),
    ):
        one = Xml.SubElement(provider, element, type=kind)
        _add(one, "hostname", server.host)
        _add(one, "port", str(server.port))
        _add(one, "socketType", server.safety.value)
        # Over TLS; the draft's word for a password that is sent as it is.
        _add(one, "authentication", "password-cleartext")
        _add(one, "username", "%EMAILADDRESS%")
    guide = Xml.SubElement(
        provider, "documentation", url=f"{settings.PORTAL_URL}/mail/settings/"
    )
    _add(guide, "descr", "E-Mail einrichten").set("lang", "de")
    _add(guide, "descr", "Set up e-mail").set("lang", "en")
    return bytes(Xml.tostring(root, encoding="utf-8", xml_declaration=True))


def apple_profile(*, address: str, name: str) -> bytes:
    """Give a profile for iPhone, iPad and Mac; it holds no password, the device asks.

    Signed (CMS, not detached) where the settings name a key.
    """
    profile = plistlib.dumps(_profile(address, name))
    return _signed(profile) if settings.MAIL_PROFILE_KEY_FILE else profile


def _server(url: str, *, tls: int, other: int) -> Server:
    parts = urlsplit(url)
    if parts.scheme in {"imaps", "smtps"}:
        safety = Safety.TLS
    elif parts.scheme.endswith("+starttls"):
        safety = Safety.STARTTLS
    else:
        safety = Safety.NONE
    port = parts.port or (tls if safety is Safety.TLS else other)
    return Server(parts.hostname or "", port, safety)


def _add(parent: Xml.Element, name: str, text: str) -> Xml.Element:
    element = Xml.SubElement(parent, name)
    element.text = text
    return element


def _profile(address: str, name: str) -> dict[str, object]:
    identifier = ".".join(reversed(settings.MAIL_DOMAIN.split(".")))
    return {
        "PayloadType": "Configuration",
        "PayloadVersion": 1,
        "PayloadIdentifier": f"{identifier}.mail",
        "PayloadUUID": _uuid("profile", address),
        "PayloadDisplayName": "Leuphana E-Mail",
        "PayloadOrganization": "Leuphana",
        "PayloadContent": [_account(address, name, identifier)],
    }


def _account(address: str, name: str, identifier: str) -> dict[str, object]:
    return {
        "PayloadType": "com.apple.mail.managed",
        "PayloadVersion": 1,
        "PayloadIdentifier": f"{identifier}.mail.account",
        "PayloadUUID": _uuid("account", address),
        "PayloadDisplayName": "Leuphana E-Mail",
        "EmailAccountDescription": "Leuphana",
        "EmailAccountName": name,
        "EmailAccountType": "EmailTypeIMAP",
        "EmailAddress": address,
        **_half("Incoming", incoming(), address),
        **_half("Outgoing", outgoing(), address),
        "OutgoingPasswordSameAsIncomingPassword": True,
    }


def _half(way: str, server: Server, address: str) -> dict[str, object]:
    return {
        f"{way}MailServerAuthentication": "EmailAuthPassword",
        f"{way}MailServerHostName": server.host,
        f"{way}MailServerPortNumber": server.port,
        f"{way}MailServerUseSSL": server.safety is not Safety.NONE,
        f"{way}MailServerUsername": address,
    }


def _uuid(what: str, address: str) -> str:
    return str(uuid5(_PROFILES, f"{what}:{address}")).upper()


def _signed(profile: bytes) -> bytes:
    done = subprocess.run(  # noqa: S603 - our own command
        [
            *(OPENSSL, "smime", "-sign", "-nodetach", "-binary", "-outform", "der"),
            *("-signer", settings.MAIL_PROFILE_CERTIFICATE_FILE),
            *("-certfile", settings.MAIL_PROFILE_CERTIFICATE_FILE),
            *("-inkey", settings.MAIL_PROFILE_KEY_FILE),
        ],
        input=profile,
        capture_output=True,
        check=True,
        timeout=_SIGNING_SECONDS,
    )
    return done.stdout

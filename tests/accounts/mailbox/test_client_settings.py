"""What mail programs are told."""

import plistlib
import subprocess
from pathlib import Path
from xml.etree import ElementTree as Xml

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django.fixtures import Settings

from accounts.mailbox import addresses
from accounts.mailbox.client_settings import Safety, incoming, outgoing
from accounts.people.models import Person
from tests.accounts.mailbox.conftest import signed_in

ADDRESS = "cem.sondermann@stud.leuphana.example"
PATHS = ("/mail/config-v1.1.xml", "/.well-known/autoconfig/mail/config-v1.1.xml")


@pytest.fixture
def with_address(cem: Person) -> Client:
    addresses.choose(person=cem, address=ADDRESS, at=timezone.now())
    return signed_in(cem)


@pytest.mark.parametrize("path", PATHS)
def test_autoconfig_has_the_structure_of_the_draft(client: Client, path: str) -> None:
    answer = client.get(path)

    assert answer["Content-Type"].startswith("text/xml")
    assert "Set-Cookie" not in answer.headers
    root = Xml.fromstring(answer.content)
    assert (root.tag, root.attrib) == ("clientConfig", {"version": "1.1"})
    (provider,) = root
    assert provider.get("id") == "stud.leuphana.example"
    # The order of draft-ietf-mailmaint-autoconfig's grammar.
    assert [one.tag for one in provider] == [
        *("domain", "displayName", "displayShortName"),
        *("incomingServer", "outgoingServer", "documentation"),
    ]
    for server, kind, port in (
        (provider[3], "imap", "993"),
        (provider[4], "smtp", "465"),
    ):
        assert server.get("type") == kind
        assert {one.tag: one.text for one in server} == {
            "hostname": f"{kind}.leuphana.example",
            "port": port,
            "socketType": "SSL",
            "authentication": "password-cleartext",
            "username": "%EMAILADDRESS%",
        }


@pytest.mark.django_db
def test_autoconfig_is_the_same_for_everybody(
    client: Client, with_address: Client
) -> None:
    answers = {
        client.get(f"{PATHS[0]}?emailaddress={address}").content
        for address in (ADDRESS, "nobody@stud.leuphana.example", "%00")
    }

    assert len(answers) == 1


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("scheme", "words"),
    [
        ("imaps", "SSL/TLS"),
        ("imap+starttls", "STARTTLS"),
        ("imap", "none (only in this demo)"),
    ],
)
def test_the_page_says_how_the_line_is_protected(
    with_address: Client, settings: Settings, scheme: str, words: str
) -> None:
    settings.MAIL_IMAP_URL = f"{scheme}://imap.leuphana.example:143"
    settings.MAIL_SMTP_URL = "smtps://smtp.leuphana.example:465"

    page = with_address.get("/mail/settings/", headers={"accept-language": "en"})

    incoming, outgoing = page.content.decode().split("Encryption")[1:]
    assert f">{words}</dd>" in incoming
    assert ">SSL/TLS</dd>" in outgoing


@pytest.mark.django_db
def test_the_apple_profile_has_no_password_and_replaces_itself(
    with_address: Client,
) -> None:
    first, second = (
        with_address.get("/mail/settings/leuphana.mobileconfig") for _ in range(2)
    )

    assert first["Content-Type"] == "application/x-apple-aspen-config"
    assert first.content == second.content
    profile = plistlib.loads(first.content)
    assert profile["PayloadType"] == "Configuration"
    assert {"PayloadVersion", "PayloadIdentifier", "PayloadUUID"} <= profile.keys()
    (account,) = profile["PayloadContent"]
    assert account["PayloadType"] == "com.apple.mail.managed"
    assert account["EmailAccountType"] == "EmailTypeIMAP"
    assert account["EmailAddress"] == ADDRESS
    assert account["IncomingMailServerHostName"] == "imap.leuphana.example"
    assert account["IncomingMailServerUseSSL"] is True
    assert not [
        key
        for key in account
        if key.endswith("Password") and key != "OutgoingPasswordSameAsIncomingPassword"
    ]


@pytest.mark.django_db
def test_a_profile_is_signed_where_there_is_a_key(
    with_address: Client, settings: Settings, tmp_path: Path
) -> None:
    key, certificate = tmp_path / "key.pem", tmp_path / "certificate.pem"
    subprocess.run(
        [
            "openssl",
            "req",
            "-x509",
            "-newkey",
            "ec",
            "-pkeyopt",
            "ec_paramgen_curve:P-256",
            "-nodes",
            "-subj",
            "/CN=portal",
            "-keyout",
            str(key),
            "-out",
            str(certificate),
        ],
        check=True,
        capture_output=True,
    )
    plain = with_address.get("/mail/settings/leuphana.mobileconfig").content
    settings.MAIL_PROFILE_KEY_FILE = str(key)
    settings.MAIL_PROFILE_CERTIFICATE_FILE = str(certificate)

    signed = with_address.get("/mail/settings/leuphana.mobileconfig").content

    opened = subprocess.run(
        ["openssl", "smime", "-verify", "-noverify", "-inform", "der"],
        input=signed,
        check=True,
        capture_output=True,
    ).stdout
    assert plistlib.loads(opened) == plistlib.loads(plain)


@pytest.mark.parametrize(
    ("url", "port", "safety"),
    [
        ("imaps://mail.example", 993, Safety.TLS),
        ("imap+starttls://mail.example", 143, Safety.STARTTLS),
        ("imap://127.0.0.1:24143", 24143, Safety.NONE),
    ],
)
def test_settings_are_read_from_addresses(
    settings: Settings, url: str, port: int, safety: Safety
) -> None:
    settings.MAIL_IMAP_URL = url

    assert (incoming().port, incoming().safety) == (port, safety)
    assert outgoing().port == 465

"""PAIA: what the library says of a card, and every way of not saying it."""

import time
from dataclasses import replace

import pytest

from accounts.connectors.contract import (
    AS_FOUND,
    Found,
    PermanentFailure,
    Subject,
    TemporaryFailure,
    compare,
)
from accounts.connectors.http import Client
from accounts.connectors.paia import Identity, Paia
from onboarding.demo.servers.door import Fault
from tests.connectors.people import a_subject
from tests.services.paia import SECRET, PaiaServer

CARD = "3110372827"


def holder(card: str = CARD) -> Subject:
    return replace(a_subject(), card_number=card)


def evidence(connector: Paia, subject: Subject) -> dict[str, str] | None:
    found = connector.find([subject]).get(subject.id)
    if found is None:
        return None
    assert isinstance(found, Found)
    return dict(found.evidence)


@pytest.mark.parametrize(
    ("status", "state", "works"),
    [
        (0, "0", True),
        (1, "1", False),
        (2, "2", False),
        (3, "3", False),
        (4, "4", False),
        (7, "1", False),
        ("0", "1", False),
        (None, "1", False),
        (True, "1", False),
    ],
)
def test_the_state_is_told_as_the_library_says_it(
    paia: PaiaServer, status: object, state: str, *, works: bool
) -> None:
    paia.library.link(CARD, status=status)

    told = evidence(paia.connector(), holder())

    assert told is not None
    assert told["account"] == "there"
    assert told["state"] == state
    assert ("works" in told) is works


def test_a_state_may_be_missing(paia: PaiaServer) -> None:
    paia.library.link(CARD, expires="2027-09-30")
    del paia.library.patrons[CARD]["status"]

    told = evidence(paia.connector(), holder())

    assert told == {"account": "there", "state": "1", "expires": "2027-09-30"}


def test_nothing_of_the_person_is_taken_over(paia: PaiaServer) -> None:
    paia.library.link(CARD, name="Cem Sondermann", email="cem@example.org")

    told = evidence(paia.connector(), holder())

    assert told == {"account": "there", "state": "0", "works": "yes"}


def test_an_account_that_is_not_there_yet_is_no_failure(paia: PaiaServer) -> None:
    connector, cem = paia.connector(), holder()

    assert evidence(connector, cem) is None
    assert compare(connector, cem, None).step is None
    assert connector.wanted(cem) is AS_FOUND


def test_a_library_that_does_not_say_who_exists(paia: PaiaServer) -> None:
    paia.library.secretive = True

    assert evidence(paia.connector(), holder()) is None
    paia.connector().ask()


def test_without_a_card_nobody_is_asked_about(paia: PaiaServer) -> None:
    assert paia.connector().find([a_subject(), a_subject()]) == {}
    assert paia.door.asked == []


def test_a_card_number_is_escaped(paia: PaiaServer) -> None:
    odd = "311/../x?y=1#ü"
    paia.library.link(odd)

    assert evidence(paia.connector(), holder(odd)) is not None


def test_one_token_serves_many(paia: PaiaServer) -> None:
    paia.connector().find([holder(f"31100000{n}") for n in range(10, 20)])

    assert [asked.path for asked in paia.door.asked].count("/auth/login") == 1


def test_a_token_that_ran_out_is_replaced(paia: PaiaServer) -> None:
    paia.library.link(CARD)
    connector = paia.connector()
    evidence(connector, holder())
    paia.library.tokens.clear()

    assert evidence(connector, holder()) is not None


def test_the_portal_asks_with_credentials_of_its_own(paia: PaiaServer) -> None:
    evidence(paia.connector(), holder())

    login = paia.door.asked[0]
    assert login.form == {"grant_type": "client_credentials", "scope": "read_patron"}


def test_a_token_from_the_library_needs_no_sign_in(paia: PaiaServer) -> None:
    paia.library.link(CARD)
    token = paia.library.give_token()

    assert evidence(paia.connector(Identity(token=token)), holder()) is not None
    assert [asked.path for asked in paia.door.asked] == [f"/core/{CARD}"]


@pytest.mark.parametrize(
    ("identity", "word"),
    [
        (Identity(client="start-portal", secret="wrong"), "refused:accessdenied"),
        (Identity(token="wrong"), "refused:invalidgrant"),
    ],
    ids=["credentials", "token"],
)
def test_an_identity_that_is_refused_is_said(
    paia: PaiaServer, identity: Identity, word: str
) -> None:
    with pytest.raises(TemporaryFailure, match=word):
        paia.connector(identity).find([holder()])
    with pytest.raises(PermanentFailure, match=word):
        paia.connector(identity).ask()


def test_a_scope_that_is_missing_is_said(paia: PaiaServer) -> None:
    paia.library.scopes = "read_fees"

    with pytest.raises(PermanentFailure, match="refused:insufficientscope"):
        paia.connector().ask()


def test_an_error_with_a_good_status_is_an_error(paia: PaiaServer) -> None:
    # PAIA 2.4, suppress_response_codes: a gateway may set it for everybody.
    paia.library.patrons[CARD] = {"error": "invalid_grant", "code": 401}

    with pytest.raises(TemporaryFailure, match="refused:invalidgrant"):
        paia.connector().find([holder()])


def test_a_backend_that_is_away_passes(paia: PaiaServer) -> None:
    connector = paia.connector()
    paia.library.link(CARD)
    paia.library.backend_down = True

    with pytest.raises(TemporaryFailure, match="status:503"):
        connector.find([holder()])

    paia.library.backend_down = False
    assert evidence(connector, holder()) is not None


def test_an_address_where_there_is_no_paia_is_said(paia: PaiaServer) -> None:
    client = Client(f"{paia.door.url}/elsewhere", quiet=0.0)
    paia.clients.append(client)
    connector = Paia(client=client, identity=Identity(token="any"))

    # PAIA's own 404 is told from a stranger's by its code.
    paia.door.fault = Fault.PAGE
    with pytest.raises(TemporaryFailure, match="not_json"):
        connector.ask()


@pytest.mark.parametrize("fault", [*Fault], ids=lambda fault: fault.name)
def test_a_bad_answer_passes(paia: PaiaServer, fault: Fault) -> None:
    connector = paia.connector()
    paia.library.link(CARD)
    paia.door.fault = fault
    begun = time.monotonic()

    with pytest.raises(TemporaryFailure) as failure:
        connector.find([holder()])
    with pytest.raises(TemporaryFailure):
        connector.ask()

    assert time.monotonic() - begun < 10
    assert failure.value.__cause__ is None
    assert SECRET not in str(failure.value)
    paia.door.fault = None
    assert evidence(connector, holder()) is not None


def test_a_library_that_is_down_and_back(paia: PaiaServer) -> None:
    connector = paia.connector()
    paia.library.link(CARD)
    paia.door.close()

    with pytest.raises(TemporaryFailure, match="no_answer"):
        connector.find([holder()])

    paia.door.open()
    assert evidence(connector, holder()) is not None

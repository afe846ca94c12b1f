"""What the contract suite has to know of each target system.

A new connector joins the suite by a class here and a line in ``ADAPTERS``.
"""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any, Protocol

import ldap
import pytest
from django.conf import LazySettings
from ldap3 import MODIFY_REPLACE
from ldap3.core.exceptions import LDAPNoSuchObjectResult

from accounts.connectors.contract import Connector, MailNow, Mode, Subject, Verb
from accounts.connectors.directory import Directory
from accounts.connectors.mystudy import MyStudy
from accounts.directory import bulk, mystudy
from onboarding.demo.servers.child import Child
from onboarding.demo.servers.slapd import Slapd
from tests.connectors.library_adapter import LibraryAdapter
from tests.connectors.moodle_adapter import MoodleAdapter
from tests.connectors.paia_adapter import PaiaAdapter
from tests.connectors.people import a_subject, activated
from tests.connectors.traits import Trait
from tests.services.proxy import BadLine

Settings = LazySettings
# What there is of a person, in the target's own words.
Record = dict[str, frozenset[bytes]]


class Server(Protocol):
    """What can go away, and come to a standstill."""

    def kill(self) -> None: ...

    def freeze(self) -> None: ...

    def thaw(self) -> None: ...


class Adapter(Protocol):
    """One connector, its server, and the hands of others on that server."""

    connector: Connector
    line: BadLine
    # What of the contract has no meaning for this system, and why.
    without: Mapping[Trait, str]
    # What leaving is called here, and leaving before the first sign-in.
    parting: Verb | None
    early_parting: Verb | None
    # Nothing is left of somebody who left before the first sign-in.
    forgets_who_never_came: bool
    # Facts of a person that this system has no business with.
    keeps_to_itself: frozenset[str]
    # A step that finds that somebody was quicker says so, to be looked at again.
    says_who_was_first: bool
    # What others change there is looked at; not so where it has become theirs.
    sees_edits: bool

    @property
    def server(self) -> Server:
        """What is asked, to be stopped and frozen."""
        ...

    def start(self) -> None:
        """Start the server again."""
        ...

    def use_the_bad_line(self) -> None:
        """Let the connector come through the proxy."""
        ...

    def newcomer(self, **facts: Any) -> Subject:
        """Give somebody for whom the connector wants something to be made."""
        ...

    def advanced(self, subject: Subject) -> Subject:
        """Give the same person after a step of the way that changes the record."""
        ...

    def record(self, subject: Subject) -> Record | None:
        """Read what there is of the person, past the connector."""
        ...

    def make_as_another(self, subject: Subject) -> None:
        """Make the person's record as another system would, with values of its own."""
        ...

    def others(self, record: Record) -> Record:
        """Give what ``make_as_another`` wrote and is none of our business."""
        ...

    def tamper(self, subject: Subject) -> None:
        """Change a value of ours behind our back."""
        ...

    def unacceptable(self, subject: Subject) -> Subject:
        """Give the person with something that the target refuses for good."""
        ...


class DirectoryAdapter:
    """OpenLDAP."""

    without: Mapping[Trait, str] = {}
    parting: Verb | None = Verb.WITHDRAW
    early_parting: Verb | None = Verb.REMOVE
    forgets_who_never_came = True
    keeps_to_itself: frozenset[str] = frozenset()
    says_who_was_first = True
    sees_edits = True

    def __init__(self, request: pytest.FixtureRequest) -> None:
        self._slapd: Slapd = request.getfixturevalue("slapd")
        self.line: BadLine = request.getfixturevalue("bad_line_to_the_directory")
        self._settings: Settings = request.getfixturevalue("settings")
        self._settings.LDAP_ANSWER_TIMEOUT = 1
        self._settings.AUTH_LDAP_CONNECTION_OPTIONS = {
            **self._settings.AUTH_LDAP_CONNECTION_OPTIONS,
            ldap.OPT_TIMEOUT: 1,
        }
        self.connector: Connector = Directory()
        bulk.hang_up()
        request.addfinalizer(bulk.hang_up)

    @property
    def server(self) -> Child:
        return self._slapd.child

    def start(self) -> None:
        self._slapd.start()

    def use_the_bad_line(self) -> None:
        self._settings.LDAP_URL = f"ldap://127.0.0.1:{self.line.port}"
        bulk.hang_up()

    def newcomer(self, **facts: Any) -> Subject:
        return a_subject(**facts)

    def advanced(self, subject: Subject) -> Subject:
        return activated(subject)

    def record(self, subject: Subject) -> Record | None:
        admin = self._slapd.admin()
        try:
            admin.search(self._dn(subject), "(objectClass=*)", attributes=["*"])
        except LDAPNoSuchObjectResult:
            return None
        raw = admin.response[0]["raw_attributes"]
        return {name: frozenset(values) for name, values in raw.items()}

    def make_as_another(self, subject: Subject) -> None:
        attributes = {
            "cn": subject.display_name,
            "sn": subject.family_name,
            "telephoneNumber": "+49 4131 1",
            "eduPersonAffiliation": ["employee"],
            "eduPersonEntitlement": ["urn:mace:dir:entitlement:common-lib-terms"],
        }
        classes = ["inetOrgPerson", "eduPerson"]
        self._slapd.admin().add(self._dn(subject), classes, attributes)

    def others(self, record: Record) -> Record:
        foreign = {
            "eduPersonEntitlement": b"urn:mace:",
            "eduPersonAffiliation": b"employee",
            "telephoneNumber": b"",
        }
        return {
            name: frozenset(one for one in record[name] if one.startswith(start))
            for name, start in foreign.items()
        }

    def tamper(self, subject: Subject) -> None:
        changes = {
            "displayName": [(MODIFY_REPLACE, ["Somebody Else"])],
            "eduPersonEntitlement": [
                (MODIFY_REPLACE, ["urn:leuphana:service:moonlight"])
            ],
        }
        self._slapd.admin().modify(self._dn(subject), changes)

    def unacceptable(self, subject: Subject) -> Subject:
        # `sn` must be there (RFC 4519, 2.32).
        return replace(subject, given_names="", family_name="", display_name="")

    def _dn(self, subject: Subject) -> str:
        return f"uid={subject.account_name},ou=people,{self._slapd.base}"


class MyStudyAdapter(DirectoryAdapter):
    """Accounts of myStudy's own, in the same OpenLDAP."""

    early_parting: Verb | None = Verb.WITHDRAW
    # The account stays its owner's, and opens nothing.
    forgets_who_never_came = False
    keeps_to_itself = frozenset({"language"})

    def __init__(self, request: pytest.FixtureRequest) -> None:
        super().__init__(request)
        self.connector = MyStudy()

    def newcomer(self, **facts: Any) -> Subject:
        subject = activated(a_subject())
        known: dict[str, Any] = {
            "mystudy": f"cem{subject.id}",
            "mystudy_mode": Mode.OWN,
            **facts,
        }
        return replace(subject, **known)

    def advanced(self, subject: Subject) -> Subject:
        return replace(
            subject, mail=MailNow(f"{subject.mystudy}@stud.leuphana.example")
        )

    def make_as_another(self, subject: Subject) -> None:
        """Do as the portal does: only it knows the password."""
        mystudy.create(
            user_name=subject.mystudy,
            person_key=subject.person_key,
            password="laterne am kai",
        )

    def others(self, record: Record) -> Record:
        return {name: record[name] for name in ("uid", "userPassword")}

    def tamper(self, subject: Subject) -> None:
        changes = {
            "displayName": [(MODIFY_REPLACE, ["Somebody Else"])],
            "eduPersonEntitlement": [
                (MODIFY_REPLACE, ["urn:leuphana:service:moonlight"])
            ],
        }
        self._slapd.admin().modify(self._dn(subject), changes)

    def unacceptable(self, subject: Subject) -> Subject:
        # An address of mail is IA5 (RFC 4524, 2.16).
        return replace(subject, mail=MailNow("jörg@stud.leuphana.example"))

    def _dn(self, subject: Subject) -> str:
        return f"uid={subject.mystudy},ou=mystudy,{self._slapd.base}"


ADAPTERS: tuple[Callable[[pytest.FixtureRequest], Adapter], ...] = (
    DirectoryAdapter,
    MyStudyAdapter,
    MoodleAdapter,
    LibraryAdapter,
    PaiaAdapter,
)

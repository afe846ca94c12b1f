"""An account of myStudy's own: made, found again, opened anew; on the real server."""

from concurrent.futures import ThreadPoolExecutor

import ldap3
import pytest
from django.conf import settings
from django.db import connection
from django.utils import timezone

from accounts.catalogue.systems import NAMES
from accounts.connectors.contract import Mode
from accounts.directory import mystudy
from accounts.directory.connection import hang_up
from accounts.directory.errors import (
    DirectoryError,
    DirectoryUnavailable,
    PasswordRefused,
)
from accounts.due.models import Sync
from accounts.journal.models import Event
from accounts.mystudy import account
from accounts.mystudy.models import MyStudyAccount
from accounts.mystudy.user_name import Fault, canonical, fault
from accounts.people.models import Person
from accounts.signin.activation import TooWeak
from accounts.signin.throttle import Waiting
from onboarding.demo.servers.slapd import Slapd
from tests.accounts.directory.entries import binds
from tests.accounts.mystudy.conftest import (
    OWN,
    Students,
    account_dn,
    made_elsewhere,
    there,
)

pytestmark = pytest.mark.django_db
NEW = "laterne am kai seit gestern"


def make(
    person: Person,
    user_name: str = "cem.s",
    password: str = NEW,
    *,
    mode: Mode = Mode.OWN,
    proof: str = OWN,
) -> MyStudyAccount:
    return account.make(
        person=person,
        mode=mode,
        user_name=user_name,
        password=password,
        account_password=proof,
        at=timezone.now(),
    )


def test_an_account_is_made_with_name_and_password_of_the_own_choice(
    slapd: Slapd, cem: Person
) -> None:
    made = make(cem)

    assert (made.user_name, made.made_here) == ("cem.s", True)
    entry = there(slapd, "cem.s")
    assert entry["leuphanaPersonKey"] == [cem.person_key]
    assert entry["pwdPolicySubentry"] == [f"cn=services,ou=policies,{slapd.base}"]
    # No change at first use: the password is the owner's already.
    assert "pwdReset" not in entry
    assert binds(slapd, account_dn(slapd, "cem.s"), NEW)
    due = set(Sync.objects.filter(person=cem).values_list("system", flat=True))
    assert due == set(NAMES)
    assert Event.objects.filter(what="mystudy_account_made", who=cem).count() == 1


def test_the_password_is_nowhere_else(slapd: Slapd, cem: Person) -> None:
    make(cem)

    with connection.cursor() as cursor:
        for table in connection.introspection.table_names():
            cursor.execute(f'SELECT * FROM "{table}"')
            assert NEW not in repr(cursor.fetchall()), table


@pytest.mark.parametrize("mode", [Mode.LEUPHANA, Mode.NONE])
def test_where_the_cohort_needs_none_none_is_made(
    slapd: Slapd, cem: Person, mode: Mode
) -> None:
    with pytest.raises(account.NotNow):
        make(cem, mode=mode)

    assert there(slapd, "cem.s") == {}


def test_the_mailbox_comes_first(slapd: Slapd, student: Students) -> None:
    with pytest.raises(account.NotNow):
        make(student(proved=False))

    assert there(slapd, "cem.s") == {}


def test_who_makes_one_proves_to_own_the_leuphana_account(
    slapd: Slapd, cem: Person
) -> None:
    for _ in range(4):
        with pytest.raises((PasswordRefused, Waiting)):
            make(cem, proof="something else")
    with pytest.raises(Waiting):
        make(cem)

    assert there(slapd, "cem.s") == {}


@pytest.mark.parametrize(
    "weak", ["short", "passwort123456", "sondermann-cem-1", "x.cem.s.x.2026"]
)
def test_a_weak_password_is_refused(slapd: Slapd, cem: Person, weak: str) -> None:
    with pytest.raises(TooWeak):
        make(cem, password=weak)

    assert there(slapd, "cem.s") == {}


def test_the_leuphana_accounts_password_is_refused(cem: Person) -> None:
    with pytest.raises(account.SameAsAccount):
        make(cem, password=OWN)


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("cem.s", None),
        (" Cem.S ", None),
        ("cs", Fault.LENGTH),
        ("c" * 33, Fault.LENGTH),
        ("cem s", Fault.SIGNS),
        ("2cem", Fault.SIGNS),
        ("cem..s", Fault.SIGNS),
        ("cém", Fault.SIGNS),
        ("cem,ou=people", Fault.SIGNS),
        ("cem)(uid=*", Fault.SIGNS),
        ("admin", Fault.RESERVED),
        ("moodle", Fault.RESERVED),
        ("guest", Fault.RESERVED),
        ("lg1300999", Fault.ACCOUNT),
        ("1ab-cd2", None),
        ("lg1300001", None),
        ("abc-d1e", Fault.ACCOUNT),
    ],
)
def test_which_user_names_there_are(typed: str, found: Fault | None) -> None:
    mine = "1ab-cd2" if "1ab" in typed else "lg1300001"

    assert fault(canonical(typed), account_name=mine) == found


def test_a_name_of_somebody_else_is_taken(
    slapd: Slapd, cem: Person, student: Students
) -> None:
    make(cem)
    made_elsewhere(slapd, "ada.f")
    other = student()

    for name in ("cem.s", "ada.f"):
        with pytest.raises(account.NameRefused) as refused:
            make(other, name)
        assert refused.value.fault is Fault.TAKEN
    # One's own user name is nobody else's.
    assert make(other, other.account_name).user_name == other.account_name


def test_pressing_twice_is_pressing_once(slapd: Slapd, cem: Person) -> None:
    first = make(cem)
    again = make(cem, password=f"{NEW} abend")

    assert again == first
    # What was typed last holds.
    assert binds(slapd, account_dn(slapd, "cem.s"), f"{NEW} abend")
    with pytest.raises(account.HasOne):
        make(cem, "cem.other")
    assert there(slapd, "cem.other") == {}


@pytest.mark.parametrize("typed", ["cem.s", "other.name"])
def test_a_crash_between_directory_and_record_is_healed_by_looking(
    slapd: Slapd, cem: Person, typed: str
) -> None:
    # All that the act had done when it was cut.
    mystudy.create(
        user_name="cem.s", person_key=str(cem.person_key), password="lost in the crash"
    )

    if typed == "cem.s":
        made = make(cem, typed)
        assert binds(slapd, account_dn(slapd, "cem.s"), NEW)
    else:
        with pytest.raises(account.HasOne) as has_one:
            make(cem, typed)
        made = has_one.value.account
        assert there(slapd, typed) == {}

    assert (made.user_name, made.made_here) == ("cem.s", True)
    assert account.of(cem.pk) == made


@pytest.mark.parametrize("known_by", ["leuphanaPersonKey", "schacPersonalUniqueCode"])
def test_who_teaches_already_has_one(slapd: Slapd, cem: Person, known_by: str) -> None:
    code = f"urn:schac:personalUniqueCode:de:{settings.HOME_ORGANIZATION}"
    values = {
        "leuphanaPersonKey": str(cem.person_key),
        "schacPersonalUniqueCode": f"{code}:Matrikelnummer:{cem.matriculation_no}",
    }
    made_elsewhere(slapd, "lecturer7", **{known_by: values[known_by]})
    before = there(slapd, "lecturer7")

    with pytest.raises(account.HasOne) as has_one:
        make(cem)

    assert has_one.value.account.user_name == "lecturer7"
    assert not has_one.value.account.made_here
    assert there(slapd, "cem.s") == {}
    with pytest.raises(account.NotNow):
        account.change_password(
            person=cem, account_password=OWN, new=NEW, at=timezone.now()
        )
    assert there(slapd, "lecturer7") == before


def test_the_password_is_changed_later(slapd: Slapd, cem: Person) -> None:
    make(cem)
    later = "vier fische im aquarium"

    with pytest.raises(PasswordRefused):
        account.change_password(
            person=cem, account_password=NEW, new=later, at=timezone.now()
        )
    account.change_password(
        person=cem, account_password=OWN, new=later, at=timezone.now()
    )

    assert binds(slapd, account_dn(slapd, "cem.s"), later)
    assert not binds(slapd, account_dn(slapd, "cem.s"), NEW)


def test_an_account_that_got_lost_comes_back_with_a_new_password(
    slapd: Slapd, cem: Person
) -> None:
    make(cem)
    slapd.admin().delete(account_dn(slapd, "cem.s"))

    account.change_password(
        person=cem, account_password=OWN, new=f"{NEW} x", at=timezone.now()
    )

    assert binds(slapd, account_dn(slapd, "cem.s"), f"{NEW} x")


def test_a_password_set_by_the_portal_needs_no_change_at_first_use(
    slapd: Slapd, cem: Person
) -> None:
    make(cem)
    dn = account_dn(slapd, "cem.s")
    # The worker brought the entry back, without password and policy.
    slapd.admin().delete(dn)
    key = {"uid": "cem.s", "leuphanaPersonKey": cem.person_key}
    slapd.bound("provisioner").add(dn, list(mystudy.CLASSES), key)

    account.change_password(
        person=cem, account_password=OWN, new=NEW, at=timezone.now()
    )

    assert "pwdReset" not in there(slapd, "cem.s")
    owner = slapd.connect(dn, NEW)
    assert owner.result["description"] == "success"


def test_without_the_directory_nothing_is_made(slapd: Slapd, cem: Person) -> None:
    slapd.kill()

    with pytest.raises(DirectoryUnavailable):
        make(cem)

    assert account.of(cem.pk) is None
    slapd.start()
    assert make(cem).user_name == "cem.s"


@pytest.mark.django_db(transaction=True)
def test_of_two_who_choose_a_name_at_once_one_gets_it(
    slapd: Slapd, student: Students
) -> None:
    people = [student() for _ in range(6)]

    def attempt(person: Person) -> object:
        try:
            return make(person, "wanted")
        except account.NameRefused as refused:
            return refused.fault
        finally:
            connection.close()
            hang_up()

    with ThreadPoolExecutor(len(people)) as pool:
        outcomes = list(pool.map(attempt, people))

    winners = [one for one in outcomes if isinstance(one, MyStudyAccount)]
    assert len(winners) == 1
    assert [one for one in outcomes if one not in winners] == [Fault.TAKEN] * 5
    assert there(slapd, "wanted")["leuphanaPersonKey"] == [winners[0].person.person_key]


@pytest.mark.django_db(transaction=True)
def test_one_person_in_many_windows_gets_one_account(slapd: Slapd, cem: Person) -> None:
    def attempt(number: int) -> None:
        try:
            make(cem, f"window{number}")
        except (account.HasOne, Waiting, DirectoryError):
            pass
        finally:
            connection.close()
            hang_up()

    with ThreadPoolExecutor(5) as pool:
        list(pool.map(attempt, range(1, 6)))

    admin = slapd.admin()
    admin.search(
        f"ou=mystudy,{slapd.base}",
        f"(leuphanaPersonKey={cem.person_key})",
        ldap3.LEVEL,
        attributes=["uid"],
    )
    [entry] = admin.response
    mine = MyStudyAccount.objects.get()
    assert entry["raw_attributes"]["uid"] == [mine.user_name.encode()]

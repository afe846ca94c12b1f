"""What students see of card, deposit and library account."""

import re
import shutil
import subprocess
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db.models import F
from django.test import Client
from django.utils import timezone

from accounts.catalogue import systems
from accounts.catalogue.cohort import cohort_code_of
from accounts.due.models import Sync
from accounts.people.models import Person
from accounts.post.models import Mail
from accounts.reconciler.models import Evidence
from accounts.signin import terms
from accounts.signin.models import RecoveryAddress
from onboarding.applications.registration import submit
from onboarding.cards import returns, wishes
from onboarding.cards.deposits import Settlement, keep_surplus
from onboarding.cards.handout import hand_out, undo
from onboarding.cards.models import Reason, Receipt, RouteWish, Wish
from onboarding.cards.receipts import as_pdf
from onboarding.enrolment.models import Cohort, Enrolment, GroupPlace, TutorGroup
from onboarding.journey.facts import facts_of
from onboarding.journey.path import journey
from onboarding.journey.step import Standing
from tests.cast import NOW, a_first_year, a_student, enrolled
from tests.meanwhile import each_moment
from tests.onboarding.applications.test_registration import complete
from tests.onboarding.cards.conftest import Acting, a_number
from tests.papers import About, about, fonts_left_behind
from worker.fleet import WRITERS

pytestmark = pytest.mark.django_db

NUMBER = a_number()
STRAND = ("registration", "card", "deposit", "library_account")


@pytest.fixture
def cem() -> Person:
    person = a_student(activated_at=NOW, language="en", birth_date="1999-03-07")
    enrolled(person, study_start=timezone.localdate().replace(day=1))
    group = TutorGroup.objects.create(number=41, meeting_point="Foyer, table 1")
    GroupPlace.objects.create(person=person, group=group)
    terms.accept(person=person.pk, at=NOW)
    RecoveryAddress.objects.create(person=person, address="c@m.example", proved_at=NOW)
    return person


@pytest.fixture
def opening_week(cem: Person) -> Cohort:
    today = timezone.localdate()
    return Cohort.objects.create(
        code=cohort_code_of(today.replace(day=1)),
        opening_from=today - timedelta(days=1),
        opening_until=today + timedelta(days=1),
        desk_hours_en="weekdays, 10 to 16",
    )


@pytest.fixture
def tab(cem: Person) -> Client:
    client = Client(headers={"accept-language": "en"})
    client.force_login(cem)
    return client


def text(response: Any) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", response.content.decode()))


def standings(person: Person, at: datetime | None = None) -> dict[str, Standing]:
    way = journey(facts_of(person, at=at or timezone.now()))
    return {s.step.key: s.now.standing for s in way.stations if s.step.key in STRAND}


def test_the_tutors_route_is_told_with_group_and_place(
    tab: Client, opening_week: Cohort
) -> None:
    page = text(tab.get("/journey/card/"))

    assert "tutor of your group, group 41" in page
    assert "Foyer, table 1" in page
    assert "€10.00" in page


@pytest.mark.parametrize(("hours", "over"), [(2, False), (-1, False), (-4, True)])
def test_an_appointment_that_has_been_is_not_told_as_one_to_come(
    tab: Client, opening_week: Cohort, hours: int, over: bool
) -> None:
    TutorGroup.objects.update(meets_at=timezone.now() + timedelta(hours=hours))

    assert ("Your group met on" in text(tab.get("/journey/card/"))) == over


def test_saying_so_leads_to_the_library_and_back(
    tab: Client, cem: Person, opening_week: Cohort
) -> None:
    tab.post("/journey/card/wish/", {"wish": "earlier"})
    tab.post("/journey/card/wish/", {"wish": "earlier"})
    earlier = text(tab.get("/journey/card/"))
    tab.post("/journey/card/wish/", {"wish": "none"})
    back = text(tab.get("/journey/card/"))

    assert "You get your card at the library service desk" in earlier
    assert "weekdays, 10 to 16" in earlier
    assert "official photo ID, and €10.00" in earlier
    assert "tutor of your group" in back
    assert list(RouteWish.objects.order_by("pk").values_list("wish", flat=True)) == [
        "earlier",
        "none",
    ]
    assert tab.post("/journey/card/wish/", {"wish": "now"}).status_code == 404


def test_after_opening_week_it_waits_at_the_library(
    tab: Client, opening_week: Cohort
) -> None:
    today = timezone.localdate()
    Cohort.objects.update(
        opening_from=today - timedelta(days=9), opening_until=today - timedelta(days=1)
    )

    page = text(tab.get("/journey/card/"))

    assert "You get your card at the library service desk" in page
    assert "First register with the library" in page
    assert "I need it earlier" not in page


def test_the_card_is_shown_in_full_to_its_owner_with_deposit_and_receipt(
    tab: Client, cem: Person, act: Acting
) -> None:
    before = text(tab.get("/journey/deposit/"))
    hand_out(act=act(cem), number=NUMBER, how=Settlement.PAID)
    card, deposit = tab.get("/journey/card/"), tab.get("/journey/deposit/")
    pdf = tab.get(f"/journey/deposit/{Receipt.objects.get().pk}.pdf")

    assert "becomes due when you get the card" in before
    assert NUMBER in text(card)
    assert "L26-00001" in text(deposit)
    assert "311…2827" in text(deposit)
    assert NUMBER not in text(deposit)
    assert pdf.headers["Content-Type"] == "application/pdf"
    assert pdf.headers["Content-Disposition"].endswith('"leuphana-L26-00001.pdf"')


@pytest.mark.parametrize("degree", ["exchange", "B.Sc."])
def test_who_is_here_on_exchange_is_told_to_bring_the_card_back(
    tab: Client, cem: Person, act: Acting, degree: str
) -> None:
    Enrolment.objects.filter(person=cem).update(degree=degree)
    hand_out(act=act(cem), number=NUMBER, how=Settlement.PAID)

    page = text(tab.get("/journey/card/"))

    assert ("Bring the card back before you go home" in page) == (degree == "exchange")


def test_without_a_receipt_there_is_no_pdf(tab: Client) -> None:
    assert tab.get("/journey/deposit/1.pdf").status_code == 404


def test_a_receipt_of_somebody_else_is_not_there(tab: Client, act: Acting) -> None:
    hand_out(act=act(a_first_year()), number=NUMBER, how=Settlement.PAID)

    key = Receipt.objects.get().pk

    assert tab.get(f"/journey/deposit/{key}.pdf").status_code == 404


def test_all_receipts_are_listed_money_that_came_back_too(
    tab: Client, cem: Person, act: Acting
) -> None:
    hand_out(act=act(cem), number=NUMBER, how=Settlement.PAID)
    returns.take_in_and_pay_back(act=act(cem), fees_open=False)

    page = text(tab.get("/journey/deposit/"))
    mail = Mail.objects.filter(message="deposit_receipt").latest("pk")
    said = WRITERS[mail.message](mail)

    for words in ("L26-00001", "L26-00002", "Paid back in all €10.00"):
        assert words in page
    assert said is not None
    assert "You got money back" in said.plain
    assert "Paid to: Cem Sondermann" in said.plain
    assert "You get the deposit back" not in said.plain


def test_a_receipt_that_was_taken_back_keeps_its_number_and_says_why(
    tab: Client, cem: Person, act: Acting
) -> None:
    first = act(cem)
    hand_out(act=first, number=NUMBER, how=Settlement.PAID)
    undo(act=act(cem), of=first.id)
    hand_out(act=act(cem), number=a_number(2), how=Settlement.PAID)

    page = text(tab.get("/journey/deposit/"))

    assert "L26-00002" in page
    assert "L26-00001 Taken back Recorded by mistake" in page
    assert page.count("Taken back") == 1


def test_whoever_paid_too_much_gets_a_receipt_by_mail(
    tab: Client, cem: Person, act: Acting
) -> None:
    keep_surplus(act=act(cem), cents=1000)

    (mail,) = Mail.objects.all()
    said = WRITERS[mail.message](mail)

    assert "You get €10.00 back" in text(tab.get("/journey/deposit/"))
    assert said is not None
    assert "Paid though nothing was due: €10.00" in said.plain
    assert "You get the deposit back" not in said.plain


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("de", ("Quittung", "Leuphana Universität Lüneburg", "10,00")),
        ("en", ("Receipt", "Leuphana University Lüneburg", "€10.00")),
    ],
)
def test_the_receipt_on_paper(
    cem: Person, act: Acting, tmp_path: Path, language: str, words: tuple[str, str, str]
) -> None:
    hand_out(act=act(cem), number=NUMBER, how=Settlement.PAID)
    receipt = Receipt.objects.select_related("person", "by").get()
    paper = as_pdf(receipt, language=language)
    file = tmp_path / "receipt.pdf"
    file.write_bytes(paper)
    pdftotext = shutil.which("pdftotext")
    assert pdftotext
    said = subprocess.run(
        [pdftotext, "-layout", file, "-"], check=True, capture_output=True, text=True
    ).stdout

    for word in [*words, "311…2827", "L26-00001", "Cem Sondermann", "Mirjam Okonkwo"]:
        assert word in said
    assert NUMBER not in said
    title, university, _ = words
    assert about(paper) == About(f"{title} L26-00001", university, language)
    assert fonts_left_behind(paper, tmp_path) == []
    assert paper == as_pdf(receipt, language=language)


def test_mails_say_what_was_recorded_and_no_secret(cem: Person, act: Acting) -> None:
    hand_out(act=act(cem), number=NUMBER, how=Settlement.PAID)

    for mail in Mail.objects.select_related("person"):
        text = WRITERS[mail.message](mail)
        assert text is not None
        for said in (text.plain, text.html):
            assert "311…2827" in said
            assert NUMBER not in said
            assert "1999" not in said
            assert "0703" not in said
        assert mail.address == "c@m.example"


def test_without_a_proved_address_no_mail_is_asked_for(
    cem: Person, act: Acting
) -> None:
    RecoveryAddress.objects.all().delete()

    hand_out(act=act(cem), number=NUMBER, how=Settlement.PAID)

    assert not Mail.objects.exists()


def test_the_strand_goes_by_facts_alone(
    cem: Person, act: Acting, opening_week: Cohort
) -> None:
    here, later, done = Standing.HERE, Standing.LATER, Standing.DONE
    assert standings(cem) == dict(zip(STRAND, (here, here, later, later), strict=True))

    wishes.say(person=cem, wish=Wish.EARLIER, at=NOW)
    assert standings(cem)["card"] is later

    hand_out(act=act(cem), number=NUMBER, how=Settlement.OPEN)
    assert standings(cem) == dict(zip(STRAND, (here, done, here, later), strict=True))


def test_a_waived_deposit_is_done(tab: Client, cem: Person, act: Acting) -> None:
    given = act(cem)
    hand_out(act=given, number=NUMBER, how=Settlement.WAIVED, reason=Reason.SCHOLARSHIP)

    assert standings(cem)["deposit"] is Standing.DONE
    assert "waived" in text(tab.get("/journey/deposit/"))


def test_the_library_confirms_the_account_and_it_stays_confirmed(
    tab: Client, cem: Person, act: Acting, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(systems, "NAMES", (systems.DIRECTORY, systems.PAIA))
    hand_out(act=act(cem), number=NUMBER, how=Settlement.PAID)
    for key, value in (("account", "there"), ("state", "0"), ("works", "yes")):
        say(cem, key, value)
    assert standings(cem)["library_account"] is Standing.DONE

    say(cem, "state", "3")

    assert standings(cem)["library_account"] is Standing.DONE
    assert "fees are open" in text(tab.get("/journey/library_account/"))


@pytest.mark.parametrize(
    ("state", "standing"),
    [(None, Standing.LATER), ("1", Standing.LATER), ("3", Standing.HERE)],
)
def test_while_the_library_links_the_card_it_is_not_the_students_turn(  # noqa: PLR0917
    tab: Client,
    cem: Person,
    act: Acting,
    monkeypatch: pytest.MonkeyPatch,
    state: str | None,
    standing: Standing,
) -> None:
    monkeypatch.setattr(systems, "NAMES", (systems.DIRECTORY, systems.PAIA))
    complete(cem)
    submit(person=cem, version=1, at=NOW)
    hand_out(act=act(cem), number=NUMBER, how=Settlement.PAID)
    if state:
        say(cem, "state", state)

    assert standings(cem)["library_account"] is standing
    page = text(tab.get("/journey/library_account/"))
    assert ("The library links your card" in page) is (standing is Standing.LATER)
    assert "Once you have both" not in page


def test_looking_has_the_library_asked_once_a_minute(
    tab: Client, cem: Person, act: Acting, monkeypatch: pytest.MonkeyPatch
) -> None:
    hand_out(act=act(cem), number=NUMBER, how=Settlement.PAID)
    monkeypatch.setattr(systems, "NAMES", (systems.DIRECTORY, systems.PAIA))
    generations = []
    for settled_at in (None, timezone.now(), timezone.now() - timedelta(minutes=2)):
        if settled_at:
            row = Sync.objects.get(person=cem, system=systems.PAIA)
            row.settled_generation, row.settled_at = row.generation, settled_at
            row.save()
        for _ in range(3):
            tab.get("/journey/library_account/")
        generations.append(Sync.objects.get(system=systems.PAIA).generation)

    assert generations == [1, 1, 2]


def test_while_the_library_is_asked_its_answer_shows_by_itself(
    tab: Client, cem: Person, act: Acting, monkeypatch: pytest.MonkeyPatch
) -> None:
    hand_out(act=act(cem), number=NUMBER, how=Settlement.PAID)
    monkeypatch.setattr(systems, "NAMES", (systems.DIRECTORY, systems.PAIA))
    asking = Sync.objects.filter(person=cem, system=systems.PAIA)

    assert tab.get("/journey/library_account/").content.count(b"data-poll") == 1
    asking.update(last_error="silent")
    assert "does not answer" in text(tab.get("/journey/library_account/"))
    asking.update(settled_generation=1, settled_at=timezone.now(), last_error="")
    assert b"data-poll" not in tab.get("/journey/library_account/").content
    asking.update(settled_generation=0, last_error="!refused:scope")
    assert b"data-poll" not in tab.get("/journey/library_account/").content


def test_an_answer_that_comes_during_the_look_shows_or_is_waited_for(
    tab: Client, cem: Person, act: Acting, monkeypatch: pytest.MonkeyPatch
) -> None:
    hand_out(act=act(cem), number=NUMBER, how=Settlement.PAID)
    monkeypatch.setattr(systems, "NAMES", (systems.DIRECTORY, systems.PAIA))
    row = Sync.objects.filter(person=cem, system=systems.PAIA)

    def nobody_has_answered() -> None:
        Evidence.objects.all().delete()
        row.update(settled_generation=0, settled_at=None)

    def the_library_answers() -> None:
        say(cem, "state", "0")
        row.update(settled_generation=F("generation"), settled_at=timezone.now())

    pages = each_moment(
        nobody_has_answered,
        lambda: tab.get("/journey/library_account/"),
        the_library_answers,
    )

    told = ["data-poll" in page or "your account works" in page for page in pages]
    assert len(told) > 5
    assert all(told)


def test_the_start_password_is_a_pattern_with_a_neutral_example(
    tab: Client, cem: Person, act: Acting
) -> None:
    hand_out(act=act(cem), number=NUMBER, how=Settlement.PAID)

    page = tab.get("/journey/library_account/").content.decode()

    assert "041192" in page
    assert "Change the start password at once" in page
    for own in ("070399", "1999", "7 March"):
        assert own not in page


def test_where_the_library_tells_nothing_the_student_may_say_so(
    tab: Client, cem: Person, act: Acting
) -> None:
    complete(cem)
    submit(person=cem, version=1, at=NOW)
    hand_out(act=act(cem), number=NUMBER, how=Settlement.PAID)
    assert standings(cem)["library_account"] is Standing.HERE

    tab.post("/journey/library_account/tick/")
    ticked = standings(cem)["library_account"]
    tab.post("/journey/library_account/take-back/")

    assert ticked is Standing.DONE
    assert standings(cem)["library_account"] is Standing.HERE


def say(person: Person, key: str, value: str) -> None:
    Evidence.objects.update_or_create(
        person=person,
        system=systems.PAIA,
        key=key,
        defaults={"value": value, "first_seen_at": NOW, "seen_at": NOW},
    )

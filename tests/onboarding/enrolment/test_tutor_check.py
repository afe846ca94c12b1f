"""Tutors are looked up in the directory, by whoever shows the preview."""

from collections.abc import Iterator
from io import BytesIO
from typing import Any

import pytest
from django.conf import LazySettings
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from accounts.directory import bulk
from onboarding.demo import staff
from onboarding.demo.servers.slapd import Slapd
from onboarding.enrolment.models import CohortFile
from onboarding.enrolment.tutor_file import plan_groups
from tests.accounts.directory.entries import add_colleague, add_student
from tests.cast import a_colleague, export, export_row

pytestmark = [pytest.mark.django_db(transaction=True)]

GROUPS = b"""group;tutor_account;deputy_account;meeting_point;meets_at
1;freytag;lg1000001;Library;2026-10-05T09:00
2;nobody-here;;Library;
x;;;;
"""


@pytest.fixture
def web(settings: LazySettings, slapd: Slapd) -> Iterator[Slapd]:
    """Be a web process: it has the portal's identity alone."""
    settings.LDAP_PROVISIONER_PASSWORD = ""
    bulk.hang_up()
    yield slapd
    bulk.hang_up()


def text(response: Any) -> str:
    return " ".join(response.content.decode().split())


def test_the_portals_identity_sees_students_and_staff(web: Slapd) -> None:
    add_colleague(web, "freytag")
    add_student(web, "lg1000001")

    report = plan_groups(BytesIO(GROUPS))

    assert report.accounts_seen
    assert [one.line for one in report.unknown] == [3]
    assert [one.line for one in report.refusals] == [4]


def test_without_a_directory_the_rest_is_still_looked_at(
    web: Slapd, settings: LazySettings
) -> None:
    settings.LDAP_PORTAL_PASSWORD = "not the portal's"

    report = plan_groups(BytesIO(GROUPS))

    assert not report.accounts_seen
    assert (report.groups, [one.line for one in report.refusals]) == (2, [4])
    assert report.unknown == []


def test_the_preview_says_that_nobody_looked(web: Slapd, client: Client) -> None:
    cache.clear()
    staff.seat(web)
    client.force_login(a_colleague(account_name="registrar"))
    client.cookies["django_language"] = "en"
    files = {
        "export": SimpleUploadedFile("export.csv", export(export_row())),
        "tutor_groups": SimpleUploadedFile("groups.csv", GROUPS),
    }
    sent = client.post("/registrar/imports/new/", files).headers["Location"]
    seen = client.get(sent)
    CohortFile.objects.update(preview={**_preview(), "tutors_unseen": True})
    unseen = client.get(sent)

    assert "Nobody looked for the tutors yet" not in text(seen)
    assert "Nobody has the account nobody-here" in text(seen)
    assert "Nobody looked for the tutors yet" in text(unseen)


def _preview() -> dict[str, Any]:
    preview: dict[str, Any] = CohortFile.objects.get().preview
    return preview

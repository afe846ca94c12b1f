"""What a preview found, list by list: a few rows on the page, all in a table."""

import gzip
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from onboarding.enrolment.cohort import Doubt
from onboarding.enrolment.cohort_file import Refusal
from onboarding.enrolment.csv_rows import MARK, row
from onboarding.enrolment.planning import Mention, Plan
from onboarding.enrolment.tutor_file import GroupReport
from onboarding.enrolment.wording import kept_sentence

Lists = Mapping[str, Sequence[Mapping[str, Any]]]

# So many rows stand on the page, however many lists share them: it has to stay light.
ROWS_SHOWN = 45
# So many of a kind are kept for the table; no cohort is larger.
KEPT = 20_000

TITLES = {
    "refusals": gettext_lazy("Refused rows"),
    "group_faults": gettext_lazy("In the file of tutor groups"),
    "doubts": gettext_lazy("Please look at these people"),
    "withdrawn": gettext_lazy("Withdrawn"),
    "changed": gettext_lazy("Changed"),
    "new": gettext_lazy("New"),
}
COLUMN_NAMES = {
    "person_key": gettext_lazy("person key"),
    "account_name": gettext_lazy("account name"),
    "matriculation_no": gettext_lazy("matriculation number"),
    "given_names": gettext_lazy("given names"),
    "family_name": gettext_lazy("family name"),
    "chosen_name": gettext_lazy("chosen name"),
    "birth_date": gettext_lazy("date of birth"),
    "private_email": gettext_lazy("private e-mail"),
    "mobile": gettext_lazy("mobile number"),
    "preferred_language": gettext_lazy("language"),
    "confidential": gettext_lazy("blocked disclosure"),
    "programme": gettext_lazy("programmes"),
    "degree": gettext_lazy("degree"),
    "school": gettext_lazy("school"),
    "faculty": gettext_lazy("faculty"),
    "study_start": gettext_lazy("beginning of studies"),
    "semester_no": gettext_lazy("semester of study"),
    "status": gettext_lazy("status"),
    "status_date": gettext_lazy("date of the status"),
    "tutor_group": gettext_lazy("tutor group"),
}


def lists(plan: Plan, groups: GroupReport | None) -> Lists:
    """Give every list of a preview, as JSON can keep it."""
    faults = [*groups.refusals, *groups.unknown] if groups else []
    return {
        "refusals": _refusals(plan.refusals),
        "group_faults": _refusals(faults),
        "doubts": _doubts(plan.doubts),
        "withdrawn": _mentions(plan.withdrawn),
        "changed": _mentions(plan.changed),
        "new": _mentions(plan.new),
    }


def shown(found: Lists, counts: Mapping[str, int]) -> dict[str, object]:
    """Give of each list what has room on the page, and how many ``more`` there are."""
    left, parts, more = ROWS_SHOWN, {}, {}
    by_length = sorted(found, key=lambda name: len(found[name]))
    for place, name in enumerate(by_length):
        # Short lists leave their share to the long ones.
        parts[name] = found[name][: left // (len(found) - place)]
        left -= len(parts[name])
        more[name] = max(len(found[name]), counts.get(name, 0)) - len(parts[name])
    return {**parts, "more": more}


def packed(found: Lists) -> bytes:
    """Pack the whole of the lists."""
    return gzip.compress(json.dumps(found).encode(), compresslevel=5, mtime=0)


def table(kept: bytes) -> Iterator[bytes]:
    """Give packed lists as CSV (RFC 4180), in the reader's language."""
    yield MARK
    yield row((_("List"), _("Line"), _("Person key"), _("Name"), _("What")))
    found = json.loads(gzip.decompress(kept))
    for name, title in TITLES.items():
        for one in found.get(name, ()):
            person = "" if "key" not in one else one["name"] or _("disclosure blocked")
            line = str(one["line"] or "")
            yield row((str(title), line, one.get("key", ""), person, _what(one)))


def said(
    entries: Iterable[Mapping[str, Any]], *, key: str = "reason"
) -> list[dict[str, Any]]:
    """Put the sentences of some rows into the reader's language."""
    return [{**one, key: kept_sentence(one[key])} for one in entries]


def changes(what: Iterable[str]) -> list[str]:
    """Name columns as people call them."""
    return [str(COLUMN_NAMES.get(name, name)) for name in what]


def _what(one: Mapping[str, Any]) -> str:
    if "sentence" in one:
        return str(kept_sentence(one["sentence"]))
    if "reason" in one:
        return f"{one['column'] or _('whole row')}: {kept_sentence(one['reason'])}"
    return ", ".join(changes(one["what"]))


def _mentions(people: Sequence[Mention]) -> list[dict[str, object]]:
    return [
        {"line": one.line, "key": one.person_key, "name": one.name, "what": one.what}
        for one in people
    ]


def _refusals(refusals: Sequence[Refusal]) -> list[dict[str, object]]:
    return [
        {"line": one.line, "column": fault.column, "reason": fault.reason.kept()}
        for one in refusals
        for fault in one.by_reason()
    ]


def _doubts(doubts: Sequence[Doubt]) -> list[dict[str, object]]:
    return [{"line": one.line, "sentence": one.sentence.kept()} for one in doubts]

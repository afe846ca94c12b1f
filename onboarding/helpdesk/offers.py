"""What the record offers to do: beside the trouble that it ends, and in one list.

Each says which identity check it needs and whether it can be undone; the pages behind
them ask, judge and act.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.people.models import Person
from onboarding.enrolment.held_models import Held


@dataclass(frozen=True, slots=True)
class Remedy:
    """One thing to do: a page of its own, or a single press (``posts``).

    ``sent`` goes along with the press; ``key`` stands in the address, where that is
    not the person's own.
    """

    page: str
    label: Promise
    note: Promise
    posts: bool = False
    sent: Mapping[str, str] = field(default_factory=dict)
    key: int = 0
    # For those alone who sit at the library service desk, too.
    library: bool = False


SLIP = Remedy(
    "helpdesk:new_password",
    _("New initial password, as a slip or a letter"),
    _("Photo ID needed. It cannot be undone."),
)
UNLOCK = Remedy(
    "helpdesk:unlock",
    _("Unlock: take the next try at once"),
    _("No check needed. It opens nothing, and cannot be undone."),
    posts=True,
)
RECOVERY = Remedy(
    "helpdesk:recovery",
    _("Correct the recovery address"),
    _("Photo ID and a second agent needed. It can be corrected again."),
)
END_SESSIONS = Remedy(
    "helpdesk:end_sessions",
    _("Sign the person out everywhere"),
    _("No check needed: the password stays. It cannot be undone."),
    posts=True,
)
LOOK_AGAIN = Remedy(
    "helpdesk:look_again",
    _("Look again now, in all systems"),
    _("No check needed. Nothing to undo."),
    posts=True,
)
RESEND_CODE = Remedy(
    "helpdesk:resend_code",
    _("Send the code again"),
    _("No check needed: it goes where it went before. It cannot be undone."),
    posts=True,
)
MOVE = Remedy(
    "helpdesk:move",
    _("Move to another tutor group"),
    _("No check needed. It can be undone."),
)
REPLACE_CARD = Remedy(
    "cards:desk_person",
    _("Replace the card (library service desk)"),
    _("Photo ID needed there."),
    library=True,
)
MERGE = Remedy(
    "helpdesk:merge",
    _("Merge two accounts"),
    _("Two agents needed. It cannot be undone."),
)
LET_IN = Remedy(
    "helpdesk:held",
    _("Let in what the import holds back"),
    _("The papers are compared. It cannot be undone."),
)

GUARD = Remedy(
    "helpdesk:guard",
    _("Guard the record: only the lead opens it"),
    _("For somebody whom others may be curious about. It can be undone."),
    posts=True,
    sent={"guarded": "yes"},
)
UNGUARD = Remedy(
    "helpdesk:guard",
    _("Let all agents open the record again"),
    _("It can be undone."),
    posts=True,
    sent={"guarded": "no"},
)

Group = tuple[Promise, Sequence[Remedy]]


def merging(twins: Sequence[Person]) -> Remedy:
    """Merge; where one other account is suspected, the comparison opens with it."""
    if len(twins) != 1:
        return MERGE
    return replace(MERGE, posts=True, sent={"other": twins[0].account_name})


def letting_in(held: Held) -> Remedy:
    """Let in what the import holds back."""
    return replace(LET_IN, key=held.pk)


def offered(
    *,
    held: Held | None,
    twins: Sequence[Person],
    library: bool,
    guarded: bool | None = None,
) -> Iterator[Group]:
    """Give all remedies in groups; ``library`` where the agent sits there, too.

    Whether the record is ``guarded`` concerns the lead alone; None for everybody else.
    """
    yield _("Signing in"), (SLIP, UNLOCK, RECOVERY, END_SESSIONS)
    yield _("E-mail and systems"), (LOOK_AGAIN, RESEND_CODE)
    yield _("Group and card"), (MOVE, REPLACE_CARD) if library else (MOVE,)
    merge = merging(twins)
    data = [letting_in(held), merge] if held else [merge]
    if guarded is not None:
        data.append(UNGUARD if guarded else GUARD)
    yield _("Data"), data

"""How far one person is with e-mail: computed from what was chosen, seen and sent."""

from dataclasses import dataclass
from datetime import datetime
from enum import Enum

from accounts.catalogue.systems import MAILBOX
from accounts.due.progress import Progress, is_late, progress_of
from accounts.mailbox.addresses import TAKEN
from accounts.mailbox.models import MailAddress
from accounts.people.questions import Question
from accounts.post.models import Mail
from accounts.signin.models import MailedCode, Purpose

# What the connector writes into the work table; see accounts.connectors.mailbox.
_SILENT = frozenset({"silent", "no_answer", "no_mail_server"})

_COLUMNS = ("address", "chosen_at", "proved_at", "retired_at", "refused_at")
_ADDRESSES = Question(
    lambda person: (
        MailAddress.objects.filter(person=person)
        .order_by("chosen_at")
        .values_list(*_COLUMNS)
    )
)


class Ready(Enum):
    """Whether the mailbox is there, as far as its own system says."""

    NO_ADDRESS = "no address"
    SETTING_UP = "being set up"
    # It has been asked, and does not take mail yet.
    NOT_YET = "not ready"
    SILENT = "does not answer"
    TAKEN = "address taken"
    STUCK = "a human has to look"
    YES = "ready"


class Code(Enum):
    """What became of the newest code that was to go to the mailbox."""

    NONE = "none"
    UNDER_WAY = "under way"
    DELAYED = "delayed"
    SENT = "sent"
    BOUNCED = "bounced"


@dataclass(frozen=True, slots=True)
class Standing:
    """The mailbox of one person."""

    address: str = ""
    former: tuple[str, ...] = ()
    ready: Ready = Ready.NO_ADDRESS
    proved_at: datetime | None = None
    since: datetime | None = None
    code: Code = Code.NONE
    code_sent_at: datetime | None = None

    @property
    def proved(self) -> bool:
        """Say whether a code has come back from this mailbox."""
        return self.proved_at is not None

    @property
    def waits(self) -> bool:
        """Say whether something of ours is under way."""
        coming = {Ready.SETTING_UP, Ready.NOT_YET, Ready.SILENT}
        return self.ready in coming or self.code in {Code.UNDER_WAY, Code.DELAYED}

    @property
    def version(self) -> str:
        """Tell one state from the next, for a page that waits."""
        words = (self.address, self.ready.value, self.code.value, str(self.proved))
        return "-".join(words).replace(" ", "_")


def standing_of(person: int) -> Standing:
    """Say how far a person (id) is with e-mail; at most four small questions."""
    return standing_beside(progress_of(person, system=MAILBOX), person=person)


def standing_beside(progress: Progress, *, person: int) -> Standing:
    """Say it where the progress with the mailbox is at hand already."""
    rows = [
        MailAddress(**dict(zip(_COLUMNS, row, strict=True)))
        for row in _ADDRESSES(person)
    ]
    current = next((row for row in rows if row.retired_at is None), None)
    if current is None:
        return Standing()
    # Once a code has come back, nobody asks what became of a later one.
    code, sent_at = (
        (Code.NONE, None)
        if current.proved_at
        else _newest_code(person, current.address)
    )
    return Standing(
        address=current.address,
        former=tuple(
            row.address for row in rows if row.retired_at and not row.refused_at
        ),
        ready=ready_by(progress),
        proved_at=current.proved_at,
        since=current.chosen_at,
        code=code,
        code_sent_at=sent_at,
    )


def ready_by(progress: Progress) -> Ready:
    """Say whether the mailbox of a chosen address is there, by the work table."""
    if progress == Progress():
        return Ready.SETTING_UP
    if progress.settled:
        return Ready.YES
    error = progress.last_error
    if error.endswith(TAKEN):
        return Ready.TAKEN
    if progress.parked:
        return Ready.STUCK
    if error in _SILENT:
        return Ready.SILENT
    slow = progress.failures > 1 or progress.late
    return Ready.NOT_YET if slow else Ready.SETTING_UP


def _newest_code(person: int, address: str) -> tuple[Code, datetime | None]:
    newest = (
        MailedCode.objects.filter(
            person=person, purpose=Purpose.PROVE_MAILBOX, address=address
        )
        .order_by("-pk")
        .first()
    )
    mail = newest and Mail.objects.filter(occasion=f"code:{newest.pk}").first()
    if not mail:
        return Code.NONE, None
    if mail.sent_at:
        return Code.SENT, mail.sent_at
    if mail.due_at is None:
        return Code.BOUNCED, None
    slow = mail.last_error or is_late(mail.due_at)
    return (Code.DELAYED if slow else Code.UNDER_WAY), None

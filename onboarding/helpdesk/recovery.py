"""Another private address: two agents agree, and a code proves that it is read.

Such an address opens the account, so that setting it weighs as much as a password.
"""

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction
from django.views.decorators.debug import sensitive_variables

from accounts.journal.record import Fact
from accounts.people.models import Person
from accounts.signin import addresses, codes
from accounts.signin.models import MailedCode, Purpose
from onboarding.helpdesk import approvals, limits
from onboarding.helpdesk.agents import is_colleague
from onboarding.helpdesk.models import Approval
from onboarding.helpdesk.refusals import CodeNotRight, NeverHere


def ask(
    *, person: Person, facts: Mapping[str, Fact], by: Person, at: datetime
) -> Approval:
    """Ask a second agent for another address; raises Refused, DirectoryError."""
    _refuse_colleague(person)
    return approvals.ask(
        kind=approvals.RECOVERY, person=person, facts=facts, by=by, at=at
    )


def send_code(
    *, person: Person, address: str, by: Person, session: str, at: datetime
) -> None:
    """Mail a code to the address; its owner says it to the agent who asked.

    Raises NotApproved where no second agent has agreed, CodeNotRight, NeverHere.
    """
    _refuse_colleague(person)
    asked = approvals.standing(kind=approvals.RECOVERY, person=person, at=at)
    if asked is None or not asked.approved or asked.asked_by_id != by.pk:
        raise approvals.NotApproved
    sent = codes.ask_for_code(
        person=person,
        purpose=Purpose.PROVE_ADDRESS,
        address=address,
        session=session,
        at=at,
    )
    if not sent:
        raise CodeNotRight


@sensitive_variables("typed")
def correct(
    *, person: Person, typed: str, by: Person, session: str, at: datetime
) -> None:
    """Take the address that the code was sent to; raises Refused, DirectoryError."""
    _refuse_colleague(person)
    try:
        code = codes.use(
            typed=typed,
            purpose=Purpose.PROVE_ADDRESS,
            session=session,
            person=person,
            at=at,
        )
    except codes.CodeRefused:
        raise CodeNotRight from None
    with transaction.atomic():
        limits.quick(by=by, at=at)
        used = approvals.use(kind=approvals.RECOVERY, person=person, by=by, at=at)
        facts = {**used.facts, "approval": used.pk}
        addresses.correct(code=code, by=by, at=at, facts=facts)


def proving(*, person: Person, session: str, at: datetime) -> str:
    """Give the address that a code of this session is under way to; empty for none."""
    good = MailedCode.objects.filter(
        person=person,
        purpose=Purpose.PROVE_ADDRESS,
        session=session,
        used_at=None,
        good_until__gt=at,
    )
    return good.order_by("-pk").values_list("address", flat=True).first() or ""


def _refuse_colleague(person: Person) -> None:
    if is_colleague(person):
        raise NeverHere

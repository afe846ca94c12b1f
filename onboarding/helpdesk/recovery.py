"""Another private address: two agents agree, and a code proves that it is read.

Such an address opens the account, so that setting it weighs as much as a password.
"""

from datetime import datetime

from django.db import transaction
from django.views.decorators.debug import sensitive_variables

from accounts.people.models import Person
from accounts.signin import addresses, codes
from accounts.signin.models import MailedCode, Purpose
from onboarding.helpdesk import approvals, limits
from onboarding.helpdesk.refusals import CodeNotRight


def send_code(
    *, person: Person, address: str, by: Person, session: str, at: datetime
) -> None:
    """Mail a code to the address; its owner says it to the agent who asked.

    Raises NotApproved where no second agent has agreed, and CodeNotRight.
    """
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
    """Take the address that the code was sent to; raises Refused."""
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

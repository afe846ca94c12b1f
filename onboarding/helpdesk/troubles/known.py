"""Every kind of trouble that the desk knows, in the order in which they are said."""

from collections.abc import Callable, Iterator

from onboarding.helpdesk.seen import Seen
from onboarding.helpdesk.troubles.account import (
    of_locks,
    of_the_entry,
    of_the_password,
)
from onboarding.helpdesk.troubles.card import of_age, of_the_card, of_the_deposit
from onboarding.helpdesk.troubles.mail import of_the_mailbox
from onboarding.helpdesk.troubles.quarantine import of_quarantine
from onboarding.helpdesk.troubles.studies import of_enrolment, of_names, of_twins
from onboarding.helpdesk.troubles.teaching import of_moodle, of_mystudy
from onboarding.helpdesk.troubles.trouble import Trouble

KINDS: tuple[Callable[[Seen], Iterator[Trouble]], ...] = (
    of_enrolment,
    of_quarantine,
    of_twins,
    of_locks,
    of_the_entry,
    of_the_password,
    of_the_mailbox,
    of_mystudy,
    of_moodle,
    of_the_deposit,
    of_the_card,
    of_names,
    of_age,
)
# Of no use to who does not study here: nobody sets a password or waits for a mailbox.
_OF_STUDENTS = frozenset(
    {of_the_password, of_the_mailbox, of_mystudy, of_moodle, of_names, of_age}
)


def troubles(seen: Seen) -> list[Trouble]:
    """Give what somebody has, what is stuck before what is good to know."""
    if seen.person.merged_into_id:
        # Nothing else is true of an account that is closed for good.
        return list(of_enrolment(seen))
    left_out = frozenset() if seen.facts.studies else _OF_STUDENTS
    found = [one for kind in KINDS if kind not in left_out for one in kind(seen)]
    return sorted(found, key=lambda one: one.mild)

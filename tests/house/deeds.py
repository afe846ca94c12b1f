"""What the staff do through each address that takes a POST, and what is to be kept."""

from collections.abc import Callable
from dataclasses import dataclass

from accounts.people.roles import Role
from tests.house.doings import (
    World,
    a_slip,
    another_address,
    confirm,
    count_the_till,
    decide_cash,
    declined,
    discard,
    end_a_turn,
    guarded,
    hand_out,
    lend,
    let_in,
    letters,
    look_at_held,
    look_at_many,
    merged,
    move,
    move_by_the_board,
    open_again,
    remind,
    resend,
    set_aside,
    settle_semester,
    shut_out,
    switch,
    uploaded,
    waive,
)

ADA = "ada"


@dataclass(frozen=True)
class Deed:
    """Something done by pressing; whoever has ``role`` did it.

    ``rows`` has each act that the journal must have of it: about whom, and which facts
    say why or on what check.
    """

    role: Role
    do: Callable[[World], object]
    rows: dict[str, tuple[str | None, frozenset[str]]]


def said(*facts: str, whom: str | None = ADA) -> tuple[str | None, frozenset[str]]:
    return whom, frozenset(facts)


def pressed(act: str, form: dict[str, str] | None = None) -> Callable[[World], object]:
    return lambda world: world.agent.post(f"{world.record()}{act}/", form or {})


DESK, LEAD = Role.HELP_DESK, Role.HELP_DESK_LEAD
NOTE = {"text": "Large print.", "readers": "both"}
SECOND = said("check", "document", "kind", "approval")
DEEDS: dict[str, Deed] = {
    "helpdesk:reason": Deed(DESK, World.record, {"record_looked_at": said("why")}),
    "helpdesk:look_again": Deed(
        DESK, pressed("look-again"), {"looked_again": said("check", "systems")}
    ),
    "helpdesk:unlock": Deed(DESK, pressed("unlock"), {"tries_cleared": said("check")}),
    "helpdesk:end_sessions": Deed(
        DESK, pressed("end-sessions"), {"sessions_ended": said("check")}
    ),
    "helpdesk:resend_code": Deed(DESK, resend, {"code_sent_again": said("check")}),
    "helpdesk:move": Deed(DESK, move, {"group_changed": said("check", "group")}),
    "helpdesk:guard": Deed(LEAD, guarded, {"record_guarded": said("check")}),
    "helpdesk:guard (open again)": Deed(
        LEAD, open_again, {"record_unguarded": said("check")}
    ),
    "helpdesk:note": Deed(DESK, pressed("note", NOTE), {"note_written": said()}),
    "helpdesk:hand_on": Deed(
        DESK, pressed("hand-on/library", {"ticket": ""}), {"handed_on": said("body")}
    ),
    "helpdesk:new_password": Deed(
        DESK,
        a_slip,
        {
            "identity_checked": said("check", "document", "cause", "run"),
            "letter_issued": said("run", "place"),
        },
    ),
    "helpdesk:recovery": Deed(
        DESK,
        another_address,
        {
            "approval_asked": SECOND,
            "recovery_address_corrected": said("check", "document", "approval"),
        },
    ),
    "helpdesk:decide": Deed(LEAD, another_address, {"approval_given": SECOND}),
    "helpdesk:decide (declined)": Deed(LEAD, declined, {"approval_declined": SECOND}),
    "helpdesk:merge": Deed(
        DESK,
        merged,
        {
            "approval_asked": SECOND,
            "account_merged": said("check", "approval", "stays", "closes"),
            "account_closed": said("check", "approval", "stays", whom="bela"),
        },
    ),
    "helpdesk:held_reason": Deed(
        DESK, look_at_held, {"held_looked_at": said("why", "held", whom=None)}
    ),
    "helpdesk:release": Deed(
        DESK, let_in, {"held_released": said("check", whom="sondermann")}
    ),
    "watch:look_again": Deed(
        DESK,
        look_at_many,
        {
            "looked_again_with_many": said("check", "systems"),
            "done_for_many": said("kind", "count", whom=None),
        },
    ),
    "watch:remind": Deed(
        DESK,
        remind,
        {
            "start_reminded": said("check"),
            "done_for_many": said("kind", "count", whom=None),
        },
    ),
    "enrolment:upload": Deed(
        Role.REGISTRAR, uploaded, {"cohort_uploaded": said("file", whom=None)}
    ),
    "enrolment:confirm": Deed(
        Role.REGISTRAR, confirm, {"cohort_confirmed": said("file", whom=None)}
    ),
    "enrolment:discard": Deed(
        Role.REGISTRAR, discard, {"cohort_discarded": said("file", whom=None)}
    ),
    "enrolment:semester": Deed(
        Role.REGISTRAR,
        settle_semester,
        {"semester_settled": said("semester", whom=None)},
    ),
    "enrolment:mystudy_cohort": Deed(
        Role.REGISTRAR, switch, {"mystudy_mode_decided": said("cohort", whom=None)}
    ),
    "enrolment:letters_file": Deed(
        Role.REGISTRAR,
        letters,
        {
            "letters_begun": said("run", "total", whom=None),
            "letter_issued": said("run"),
            "letters_ended": said("run", "issued", whom=None),
        },
    ),
    "handout:student": Deed(
        Role.COORDINATOR,
        move_by_the_board,
        {"group_changed": said("group", "place", "check")},
    ),
    "handout:group": Deed(
        Role.COORDINATOR, lend, {"turn_given": said("group", whom="tutor02")}
    ),
    "handout:end_turn": Deed(
        Role.COORDINATOR, end_a_turn, {"turn_ended": said("group", whom="tutor02")}
    ),
    "handout:shut_out": Deed(
        Role.COORDINATOR, shut_out, {"phone_shut_out": said(whom="tutor01")}
    ),
    "cards:record": Deed(
        Role.LIBRARY_DESK,
        hand_out,
        {"card_handed_out": said("place"), "deposit_paid": said("cents", "receipt")},
    ),
    "cards:waive": Deed(Role.FINANCE, waive, {"deposit_waived": said("cents")}),
    "cards:tutors_cash": Deed(
        Role.FINANCE, decide_cash, {"tutors_cash_decided": said(whom=None)}
    ),
    "cards:one_card": Deed(
        Role.LIBRARY_DESK, set_aside, {"card_set_aside": said("to", whom=None)}
    ),
    "cards:closing": Deed(
        Role.LIBRARY_DESK, count_the_till, {"till_counted": said("till", whom=None)}
    ),
}

# What takes a POST and does nothing yet: it finds, shows, asks once more, or is another
# step towards an act above.
NO_DEEDS = frozenset(
    {
        *("helpdesk:desk", "cards:desk", "handout:find", "cards:desk_person"),
        *("enrolment:letters", "enrolment:letters_again", "enrolment:mystudy"),
        *("factors:challenge", "factors:set_up", "factors:begin"),
    }
)
# Acts on one's own account, or on books that are only ever added to and name who and
# when in each row (moves of cards, ledger, tills, what phones sent).
OTHER_BOOKS = {
    "factors:step": "tests/accounts/factors/test_step.py",
    "factors:passkey": "tests/stories/test_second_factor.py",
    "factors:confirm": "tests/accounts/factors/test_keeping.py",
    "factors:add_passkey": "tests/stories/test_second_factor.py",
    "factors:remove": "tests/accounts/factors/test_keeping.py",
    "factors:reset": "tests/accounts/factors/test_keeping.py",
    "cards:delivery": "tests/onboarding/cards/test_stock_pages.py",
    "cards:allot": "tests/onboarding/cards/test_stock_pages.py",
    "cards:box_allot": "tests/onboarding/cards/test_stock_pages.py",
    "cards:box_back": "tests/onboarding/cards/test_stock_pages.py",
    "cards:deed": "tests/onboarding/cards/test_deed_pages.py",
    "cards:take_over": "tests/onboarding/cards/test_money_pages.py",
    "handout:paper": "tests/onboarding/handout/test_paper.py",
    "handout:close": "tests/onboarding/handout/test_closing.py",
    "handout:give_back": "tests/onboarding/handout/test_closing.py",
    "handout:count_till": "tests/onboarding/handout/test_closing.py",
    "handout:correct": "tests/onboarding/handout/test_board.py",
    "handout:take_over": "tests/onboarding/handout/test_board.py",
    "handout:take_back": "tests/onboarding/handout/test_corrections.py",
    "handout:swap": "tests/onboarding/handout/test_corrections.py",
}

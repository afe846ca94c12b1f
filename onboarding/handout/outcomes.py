"""What becomes of an act that a phone sends, and how the phone says it."""

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

DONE = "done"
SHUT_OUT = "shut_out"
COORDINATOR = "coordinator"

# Everything but DONE waits for the coordinator; these are words for tutors.
WORDS: Mapping[str, Promise] = {
    DONE: _("Recorded."),
    SHUT_OUT: _("This phone was shut out. The coordinator looks at what it sends."),
    COORDINATOR: _("The coordinator will look at it."),
    "no_turn": _("At that time you did not hand out for this group."),
    "no_role": _("Your account is no tutor’s any more."),
    "no_group": _("There is no such group."),
    "not_in_group": _("This student is not in this group."),
    "route_library": _("This student gets the card at the library service desk."),
    "no_number": _("This is no card number."),
    "no_shift": _("Money without a counted float. The coordinator looks at it."),
    "cash_off": _("Tutors took no cash at that time. The coordinator looks at it."),
    "not_enrolled": _(
        "This person was not enrolled any more. The coordinator looks at it."
    ),
    "own_record": _("Nobody records anything for themselves."),
    "already_has_card": _("Somebody else recorded a card for this student first."),
    "card_taken": _("This card was recorded for another student first."),
    "card_moved": _("Somebody else recorded this card at the same moment."),
    "cannot_move": _("From where this card is recorded, it does not get there."),
    "not_in_box": _("This card did not lie in the box of this group."),
    "not_given_out": _("This card had been put aside."),
    "meant_for_another": _("This card was made for another student."),
    "act_differs": _("This was sent before, with other details."),
    "no_card": _("There was no card to swap."),
    "nothing_to_undo": _("There was nothing left to take back."),
    "undo_of_kept": _("What was to be taken back waits for the coordinator, too."),
    "too_late": _("The ten minutes were over."),
    "already_settled": _("The deposit had been settled already."),
    "nothing_open": _("There was no open deposit."),
    "already_counted": _("This till had been counted already."),
    "unreadable": _("The portal could not read this."),
}

# What tutors may tick when they send something to the coordinator.
ASKED: Mapping[str, Promise] = {
    "not_in_group": _("Not in this group"),
    "wrong_card": _("Wrong card or number"),
    "already": _("Has a card already, or the card is another’s"),
    "money": _("Something with the money"),
    "other": _("Something else"),
}


def in_words(outcome: str) -> str:
    """Give the sentence for an outcome, in the language of the moment."""
    return str(WORDS.get(outcome, WORDS["unreadable"]))


def asked_in_words(why: object) -> str:
    """Give what a tutor ticked; what the phone was told where it is none of these."""
    return str(ASKED.get(str(why), WORDS[COORDINATOR]))

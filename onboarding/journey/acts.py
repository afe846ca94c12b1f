"""How each kind of act in the journal is told to the person whom it is about."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

YOU, PORTAL = _("By you"), _("By the portal")
ADMINISTRATION = _("By student administration")
LIBRARY_DESK = _("By the library service desk")
TUTOR = _("By your Opening Week tutor")
COORDINATOR = _("By the coordinators of Opening Week")
HELP_DESK = _("By the help desk")
SOMEBODY = _("By somebody of the university’s staff")


@dataclass(frozen=True)
class Told:
    """How one kind of act is told.

    ``sentence`` may name facts of the act. ``desk`` says who it was where it was
    neither the person nor the portal: never a name. ``why`` has words for reasons.
    """

    sentence: Promise
    desk: Promise = SOMEBODY
    why: Mapping[str, Promise] = field(default_factory=dict)


# Every act that the portal records of a person; a test of the house sees to it.
TOLD: dict[str, Told] = {
    "enrolment_new": Told(
        _("Student administration told us that you study here."), ADMINISTRATION
    ),
    "enrolment_changed": Told(
        _("Student administration told us that something in your data has changed."),
        ADMINISTRATION,
    ),
    "enrolment_withdrawn": Told(
        _("Student administration told us that your enrolment ends."), ADMINISTRATION
    ),
    "letter_issued": Told(
        _("A letter with a new initial password was made out for you."), ADMINISTRATION
    ),
    "letter_order_issued": Told(
        _(
            "A letter with a new initial password was ordered for you. The password"
            " before opens nothing any more."
        ),
        HELP_DESK,
    ),
    "letter_failed": Told(
        _("A letter for you could not be made out."),
        ADMINISTRATION,
        {
            "left": _("You were not enrolled at that moment."),
            "elsewhere": _(
                "Another letter was on its way already, or your account was active."
            ),
            "guarded": _(
                "You have a role among the staff: ask the MIZ’s identity management."
            ),
            **dict.fromkeys(
                ("no_entry", "refused", "silent", "broken"),
                _("The account directory did not take it."),
            ),
        },
    ),
    "recovery_issued": Told(_("You began to set a new password with a mailed code.")),
    "account_activated": Told(
        _("Your account was activated, with a password that you chose.")
    ),
    "password_chosen_again": Told(
        _("You chose a password of your own in the place of an initial one.")
    ),
    "password_changed": Told(_("You changed your password.")),
    "proved_again": Told(_("You typed your password once more, before an act.")),
    "proof_refused": Told(
        _("Somebody signed in as you typed a wrong password before an act.")
    ),
    "second_factor_added": Told(_("You set up a second factor.")),
    "second_factor_removed": Told(_("You removed a second factor.")),
    "second_factor_proved": Told(_("You signed in with your second factor.")),
    "second_factor_refused": Told(
        _("Somebody signed in as you had no right second factor.")
    ),
    "second_factor_reset": Told(
        _("The help desk removed your second factor and gave you a code."), HELP_DESK
    ),
    "recovery_address_proved": Told(
        _("You added a private e-mail address as a way back in, and confirmed it.")
    ),
    "recovery_address_removed": Told(
        _("You removed the private e-mail address that was your way back in.")
    ),
    "recovery_address_dropped": Told(
        _("The help desk removed the private e-mail address, a way back in."),
        HELP_DESK,
    ),
    "mail_address_chosen": Told(_("You chose the e-mail address %(address)s.")),
    "mail_address_changed": Told(
        _("You changed your e-mail address to %(address)s. The one before stays yours.")
    ),
    "mailbox_proved": Told(_("You confirmed your mailbox with a code that we sent.")),
    "mail_password_set": Told(_("You set a password of its own for e-mail.")),
    "mail_password_removed": Told(
        _("You removed the e-mail password. Your account’s opens e-mail again.")
    ),
    "mail_password_dropped": Told(
        _("Your password for e-mail only went with the password of your account.")
    ),
    "mystudy_account_made": Told(_("You made your own account for myStudy.")),
    "mystudy_account_found": Told(
        _("We found an account that you have in myStudy already.")
    ),
    "mystudy_password_set": Told(_("You set a new password for myStudy.")),
    "library_registered": Told(
        _("You registered with the library. Your reference is %(reference)s.")
    ),
    "library_registration_corrected": Told(
        _("You corrected your registration with the library, %(reference)s.")
    ),
    "card_route_wished": Told(_("You said about the way to your card: %(wish)s.")),
    "card_handed_out": Told(_("You got your Leuphana Card."), LIBRARY_DESK),
    "card_taken_back": Told(
        _("That you got a card was taken back: it had been recorded by mistake."),
        LIBRARY_DESK,
    ),
    "cards_swapped": Told(
        _("Your card was exchanged for the one that you really have in hand."),
        LIBRARY_DESK,
    ),
    "card_returned": Told(_("You gave your card back."), LIBRARY_DESK),
    "card_lost": Told(_("Your card was recorded as lost."), LIBRARY_DESK),
    "card_defective": Told(_("Your card was recorded as defective."), LIBRARY_DESK),
    "card_blocked": Told(_("Your card was blocked."), LIBRARY_DESK),
    "deposit_paid": Told(
        _("Your deposit was paid. Your receipt is %(receipt)s."), LIBRARY_DESK
    ),
    "deposit_refunded": Told(
        _("Money was paid back to you. The receipt is %(receipt)s."), LIBRARY_DESK
    ),
    "surplus_taken": Told(
        _("You paid though nothing was due, and get it back. Receipt: %(receipt)s."),
        LIBRARY_DESK,
    ),
    "deposit_waived": Told(_("You need not pay the deposit."), LIBRARY_DESK),
    "card_declined": Told(
        _("Your Opening Week tutor noted that you do not want a card."), LIBRARY_DESK
    ),
    "group_changed": Told(
        _("You were moved to group %(group)s of Opening Week."), COORDINATOR
    ),
    "phone_act_settled": Told(
        _("The coordinator looked at what a tutor’s phone recorded about you."),
        COORDINATOR,
    ),
    "turn_given": Told(
        _("You were asked to hand out cards for group %(group)s."), COORDINATOR
    ),
    "turn_ended": Told(
        _("You no longer hand out cards for group %(group)s."), COORDINATOR
    ),
    "phone_enrolled": Told(_("You opened the tutors’ app on a phone.")),
    "phone_shut_out": Told(
        _("A phone with your tutors’ app was shut out."), COORDINATOR
    ),
    "record_looked_at": Told(
        _("The help desk looked at your record."),
        HELP_DESK,
        {
            "counter": _("You were at the counter."),
            "phone": _("You were on the phone."),
            "ticket": _("For your ticket %(ticket)s."),
        },
    ),
    "looked_at": Told(
        _("Somebody looked at your card, your deposit and your group."), LIBRARY_DESK
    ),
    "record_refused": Told(
        _(
            "Somebody of the help desk wanted to open your record, and was not let in:"
            " it is for the lead."
        ),
        HELP_DESK,
    ),
    "account_merged": Told(
        _("Your other account %(closes)s was merged into this one, and is closed."),
        HELP_DESK,
    ),
    "account_closed": Told(
        _("This account was merged into %(stays)s, and is closed."), HELP_DESK
    ),
    "held_looked_at": Told(
        _("The help desk looked at what the import holds back of your data."),
        HELP_DESK,
        {
            "counter": _("You were at the counter."),
            "phone": _("You were on the phone."),
            "ticket": _("For your ticket %(ticket)s."),
        },
    ),
    "held_released": Told(
        _("The help desk compared your papers and took over what they say."), HELP_DESK
    ),
    "looked_again": Told(
        _("The help desk had our systems look at you once more."), HELP_DESK
    ),
    "looked_again_with_many": Told(
        _("The help desk had our systems look at you and others once more."), HELP_DESK
    ),
    "start_reminded": Told(
        _("The help desk had a mail sent to you: your account waits for you."),
        HELP_DESK,
    ),
    "tries_cleared": Told(
        _("The help desk ended the wait after wrong passwords."), HELP_DESK
    ),
    "record_guarded": Told(
        _("Only the lead of the help desk opens your record now."), HELP_DESK
    ),
    "record_unguarded": Told(
        _("All colleagues of the help desk may open your record again."), HELP_DESK
    ),
    "sessions_ended": Told(_("The help desk signed you out everywhere."), HELP_DESK),
    "code_sent_again": Told(
        _("The help desk had a code sent to you once more."), HELP_DESK
    ),
    "handed_on": Told(
        _("The help desk handed your matter on to: %(body)s."), HELP_DESK
    ),
    "note_written": Told(
        _("The help desk wrote a note about you. Ask for it there: you may read it."),
        HELP_DESK,
    ),
    "identity_checked": Told(
        _("The help desk checked who you are, for a new initial password."), HELP_DESK
    ),
    "recovery_address_corrected": Told(
        _("The help desk set your private address, once its code had come."), HELP_DESK
    ),
    "approval_asked": Told(
        _("The help desk asked a second colleague to agree to a repair."), HELP_DESK
    ),
    "approval_given": Told(
        _("A second colleague of the help desk agreed to a repair."), HELP_DESK
    ),
    "approval_declined": Told(
        _("A second colleague of the help desk did not agree to a repair."), HELP_DESK
    ),
    "step_ticked": Told(_("You said that a step is done: %(step)s.")),
    "step_tick_taken_back": Told(_("You took back that a step is done: %(step)s.")),
}

# Acts that concern no single person: they stand in nobody's history.
OF_NOBODY = frozenset(
    {
        "cohort_uploaded",
        "cohort_confirmed",
        "cohort_discarded",
        "cohort_applied",
        "letters_begun",
        "letters_ended",
        "done_for_many",
        "list_looked_at",
        "cards_delivered",
        "card_set_aside",
        "box_counted",
        "box_cards_missing",
        "lists_closed",
        "till_counted",
        "till_taken_over",
        "tutors_cash_decided",
        "mystudy_mode_decided",
        "semester_settled",
    }
)

# Where something was done tells who did it.
PLACES: dict[str, Promise] = {
    "desk": LIBRARY_DESK,
    "tutor": TUTOR,
    "board": COORDINATOR,
    "help_desk": HELP_DESK,
    "help": HELP_DESK,
}
WISHES: dict[str, Promise] = {
    "none": _("you come the usual way"),
    "earlier": _("you need it earlier"),
    "absent": _("you will not be there"),
}
# Whom the help desk hands matters on to.
BODIES: dict[str, Promise] = {
    "student-service": _("Student Service"),
    "library": _("The library, with its service desk"),
    "mystudy-support": _("myStudy and Moodle support"),
    "miz": _("The MIZ, identity management"),
}

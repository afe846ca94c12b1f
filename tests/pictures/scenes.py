"""Every page of the portal, in every state that looks different."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from accounts.signin.credentials import make_initial_password, printed

# No letter has it; the check symbol is right, so that it is tried.
SECRET = printed(make_initial_password())
OTHER = "4" if SECRET[0] != "4" else "7"


@dataclass(frozen=True)
class Scene:
    """A page: where it is, who looks at it, and what was typed before."""

    name: str
    path: str
    # Whose session; empty for somebody who is not signed in.
    who: str = ""
    # What was sent from this page; the scene is the answer.
    sent: Mapping[str, str] | None = None
    status: int = 200
    # The address of the page's form where it leads elsewhere.
    form: str = field(default="", kw_only=True)

    def __str__(self) -> str:
        return self.name


def _activation(**fields: str) -> dict[str, str]:
    good = {"account": "lg999999", "initial_password": SECRET, "agree": "on"}
    return {**good, "new_password": "kiesel tanzt barfuss", **fields}


SCENES: tuple[Scene, ...] = (
    Scene("start", "/"),
    Scene("start-signed-in", "/", "student"),
    Scene("start-staff", "/", "registrar"),
    Scene("first-steps", "/first-steps/"),
    Scene("services", "/services/"),
    Scene("services-student", "/services/", "student"),
    Scene("service-wifi", "/services/wifi/"),
    Scene("service-account", "/services/account/"),
    Scene("service-email", "/services/email/"),
    Scene("service-storage", "/services/storage/"),
    Scene("service-other", "/services/other/"),
    Scene("service-dean", "/services/dean-education/"),
    Scene("service-miz", "/services/miz/"),
    Scene("help", "/help/"),
    Scene("terms", "/terms/"),
    Scene("privacy", "/privacy/"),
    Scene("accessibility", "/accessibility/"),
    Scene("activate", "/activate/"),
    Scene("activate-empty", "/activate/", sent={}, status=422),
    Scene(
        "activate-slip",
        "/activate/",
        sent=_activation(initial_password=OTHER + SECRET[1:]),
        status=422,
    ),
    Scene("activate-refused", "/activate/", sent=_activation(), status=422),
    Scene("sign-in", "/sign-in/"),
    Scene("sign-in-first", "/sign-in/?next=/journey/"),
    Scene("sign-in-empty", "/sign-in/", sent={}, status=422),
    Scene(
        "sign-in-refused",
        "/sign-in/",
        sent={"account": "lg888888", "password": "kiesel"},
        status=422,
    ),
    Scene("password-forgotten", "/password/forgotten/"),
    Scene("password-forgotten-empty", "/password/forgotten/", sent={}, status=422),
    Scene("password-new", "/password/new/"),
    Scene("password-new-empty", "/password/new/", sent={}, status=422),
    Scene("journey", "/journey/", "student"),
    Scene("journey-recovery-proved", "/journey/", "proved"),
    Scene("journey-waiting", "/journey/", "waiting"),
    Scene("journey-delayed", "/journey/", "delayed"),
    Scene("journey-parked", "/journey/", "parked"),
    Scene("journey-left", "/journey/", "left"),
    Scene("journey-gone", "/journey/", "gone"),
    Scene("journey-professional", "/journey/", "professional"),
    Scene("services-professional", "/services/", "professional"),
    Scene("journey-arrived", "/journey/", "arrived"),
    Scene("summary", "/journey/summary/", "student"),
    Scene("summary-arrived", "/journey/summary/", "arrived"),
    Scene("history", "/journey/history/", "arrived"),
    Scene("history-none", "/journey/history/", "left"),
    Scene("consent", "/consent/", "agreeing"),
    Scene("consent-empty", "/consent/", "agreeing", sent={}, status=422),
    Scene("password-change", "/password/change/", "student"),
    Scene("password-change-empty", "/password/change/", "student", sent={}, status=422),
    Scene("password-changed", "/password/changed/", "student"),
    Scene("staff-password", "/password/change/", "colleague"),
    Scene(
        "staff-password-empty", "/password/change/", "colleague", sent={}, status=422
    ),
    Scene(
        "staff-password-weak",
        "/password/change/",
        "colleague",
        sent={"password": "kiesel", "new_password": "qwertz1"},
        status=422,
    ),
    Scene("staff-password-changed", "/password/changed/", "colleague"),
    Scene("staff-again", "/sign-in/again/?next=/desks/", "colleague"),
    Scene("staff-again-empty", "/sign-in/again/", "colleague", sent={}, status=422),
    Scene("recovery", "/recovery/", "student"),
    Scene("recovery-proved", "/recovery/", "proved"),
    Scene("recovery-empty", "/recovery/", "student", sent={"address": ""}, status=422),
    Scene("recovery-code", "/recovery/code/", "proved"),
    Scene("recovery-code-empty", "/recovery/code/", "proved", sent={}, status=422),
    Scene("journey-mail-waiting", "/journey/", "mail-waiting"),
    Scene("journey-mail-stuck", "/journey/", "mail-stuck"),
    Scene("journey-mail-proved", "/journey/", "mail-proved"),
    Scene("mail-address", "/mail/address/", "student"),
    Scene("mail-address-empty", "/mail/address/", "student", sent={}, status=422),
    Scene("mail-address-taken", "/mail/address/", "mail-taken"),
    Scene("mail-address-renamed", "/mail/address/", "mail-renamed"),
    Scene("mail-waiting", "/journey/mail/", "mail-waiting"),
    Scene("mail-late", "/journey/mail/", "mail-late"),
    Scene("mail-silent", "/journey/mail/", "mail-silent"),
    Scene("mail-stuck", "/journey/mail/", "mail-stuck"),
    Scene("mail-code", "/mail/code/", "mail-ready"),
    Scene("mail-code-sent", "/mail/code/", "mail-sent"),
    Scene("mail-code-empty", "/mail/code/", "mail-sent", sent={}, status=422),
    Scene("mail-code-delayed", "/mail/code/", "mail-delayed"),
    Scene("mail-code-bounced", "/mail/code/", "mail-bounced"),
    Scene("mail-proved", "/journey/mail/", "mail-proved"),
    Scene("mail-renamed", "/journey/mail/", "mail-renamed"),
    Scene("mail-settings", "/mail/settings/", "mail-proved"),
    Scene("mail-password", "/mail/password/", "mail-proved"),
    Scene("mail-password-empty", "/mail/password/", "mail-proved", sent={}, status=422),
    Scene("journey-teaching-done", "/journey/", "teaching-done"),
    Scene("mystudy-later", "/journey/mystudy/", "student"),
    Scene("mystudy", "/journey/mystudy/", "teaching-here"),
    Scene("mystudy-empty", "/journey/mystudy/", "teaching-here", sent={}, status=422),
    Scene("mystudy-waiting", "/journey/mystudy/", "teaching-waiting"),
    Scene("mystudy-stuck", "/journey/mystudy/", "teaching-stuck"),
    Scene("mystudy-done", "/journey/mystudy/", "teaching-done"),
    Scene("mystudy-from-elsewhere", "/journey/mystudy/", "teaching-lecturer"),
    Scene("mystudy-changed", "/journey/mystudy/", "teaching-changed"),
    Scene("mystudy-password", "/journey/mystudy/password/", "teaching-done"),
    Scene(
        "mystudy-password-empty",
        "/journey/mystudy/password/",
        "teaching-done",
        sent={},
        status=422,
    ),
    Scene("moodle-later", "/journey/moodle/", "teaching-waiting"),
    Scene("moodle-word", "/journey/moodle/", "teaching-lecturer"),
    Scene("journey-ticked", "/journey/", "teaching-ticked"),
    Scene("moodle-ticked", "/journey/moodle/", "teaching-ticked"),
    Scene("summary-ticked", "/journey/summary/", "teaching-ticked"),
    Scene("moodle-done", "/journey/moodle/", "teaching-done"),
    Scene("moodle-changed", "/journey/moodle/", "teaching-changed"),
    Scene("library-registration", "/journey/registration/", "student"),
    Scene("library-registration-begun", "/journey/registration/", "library-begun"),
    *(
        Scene(f"library-{key}", f"/library-registration/{key}/", "library-begun")
        for key in ("name", "address", "contact", "terms")
    ),
    *(
        Scene(
            f"library-{key}-empty",
            f"/library-registration/{key}/",
            "library-begun",
            sent={},
            status=422,
        )
        for key in ("address", "contact", "terms")
    ),
    Scene("library-check", "/library-registration/check/", "library-filled"),
    Scene("library-correction", "/library-registration/check/", "library-correcting"),
    Scene("library-receipt", "/library-registration/receipt/", "library-sent"),
    Scene(
        "library-receipt-correcting",
        "/library-registration/receipt/",
        "library-correcting",
    ),
    Scene("journey-card-tutor", "/journey/", "card-tutor"),
    Scene("card-tutor", "/journey/card/", "card-tutor"),
    Scene("card-earlier", "/journey/card/", "card-earlier"),
    Scene("card-library", "/journey/card/", "student"),
    Scene("card-here", "/journey/card/", "card-paid"),
    Scene("deposit-before", "/journey/deposit/", "student"),
    Scene("deposit-owing", "/journey/deposit/", "card-owing"),
    Scene("deposit-waived", "/journey/deposit/", "card-waived"),
    Scene("deposit-paid", "/journey/deposit/", "card-paid"),
    Scene("library-account-later", "/journey/library_account/", "student"),
    Scene("library-account", "/journey/library_account/", "card-paid"),
    Scene("library-account-confirmed", "/journey/library_account/", "arrived"),
    Scene("desk", "/library/", "librarydesk"),
    Scene("desk-empty", "/library/", "librarydesk", sent={}, status=422),
    Scene("desk-found", "/library/", "librarydesk", sent={"who": "sondermann"}),
    Scene("desk-nobody", "/library/", "librarydesk", sent={"who": "xyzzy"}),
    Scene("desk-person", "/library/{card_tutor_key}/", "librarydesk"),
    Scene("desk-person-owing", "/library/{card_owing_key}/", "librarydesk"),
    Scene("desk-person-paid", "/library/{card_paid_key}/", "librarydesk"),
    Scene(
        "desk-person-empty",
        "/library/{card_tutor_key}/",
        "librarydesk",
        sent={},
        status=422,
    ),
    Scene(
        "desk-confirm",
        "/library/{card_tutor_key}/",
        "librarydesk",
        sent={"card_number": "3110372827", "deposit": "paid", "photo_id": "on"},
    ),
    Scene(
        "desk-confirm-doubtful",
        "/library/{card_tutor_key}/",
        "librarydesk",
        sent={"card_number": "3110372828", "deposit": "open", "photo_id": "on"},
    ),
    *(
        Scene(f"desk-{deed}", f"/library/{{card_paid_key}}/{deed}/", "librarydesk")
        for deed in ("return", "replace", "lost", "block", "swap", "undo")
    ),
    Scene("desk-nothing-back", "/library/{card_paid_key}/refund/", "librarydesk"),
    Scene(
        "desk-replace-empty",
        "/library/{card_paid_key}/replace/",
        "librarydesk",
        sent={},
        status=422,
    ),
    Scene(
        "desk-replace-confirm",
        "/library/{card_paid_key}/replace/",
        "librarydesk",
        sent={
            "why": "stolen",
            "card_number": "3110372827",
            "deposit": "paid",
            "photo_id": "on",
        },
    ),
    Scene(
        "desk-return-confirm",
        "/library/{card_paid_key}/return/",
        "librarydesk",
        sent={"why": "left", "photo_id": "on"},
    ),
    Scene("board", "/handout/board/", "coordinator"),
    Scene("board-missing", "/handout/board/people/missing/", "coordinator"),
    Scene("board-people", "/handout/board/groups/7/people/card/", "coordinator"),
    Scene("board-nobody-there", "/handout/board/people/waived/", "coordinator"),
    Scene("board-cards", "/handout/board/cards/", "coordinator"),
    Scene("board-group-cards", "/handout/board/groups/7/cards/", "coordinator"),
    Scene("board-group", "/handout/board/groups/7/", "coordinator"),
    Scene(
        "board-group-empty",
        "/handout/board/groups/7/",
        "coordinator",
        sent={"account": ""},
        status=422,
    ),
    Scene("board-paper", "/handout/board/groups/7/paper/", "coordinator"),
    Scene(
        "board-paper-empty",
        "/handout/board/groups/7/paper/",
        "coordinator",
        sent={"day": "2026-10-05"},
        status=422,
    ),
    Scene("board-closing", "/handout/board/closing/", "coordinator"),
    Scene("board-give-back", "/handout/board/groups/7/give-back/", "coordinator"),
    Scene(
        "board-give-back-empty",
        "/handout/board/groups/7/give-back/",
        "coordinator",
        sent={},
        status=422,
    ),
    Scene("board-count", "/handout/board/tills/{hall_till}/count/", "coordinator"),
    Scene("board-summary", "/handout/board/summary/", "coordinator"),
    Scene("board-find", "/handout/board/students/", "coordinator"),
    Scene(
        "board-found", "/handout/board/students/", "coordinator", sent={"who": "cem"}
    ),
    Scene(
        "board-nobody", "/handout/board/students/", "coordinator", sent={"who": "xyzzy"}
    ),
    Scene("board-move", "/handout/board/students/{hall_key}/", "coordinator"),
    Scene("desks-coordinator", "/desks/", "coordinator"),
    Scene("deposit-surplus", "/journey/deposit/", "card-surplus"),
    Scene("desk-person-surplus", "/library/{card_surplus_key}/", "librarydesk"),
    Scene("desk-refund", "/library/{card_surplus_key}/refund/", "librarydesk"),
    Scene("desk-unknown", "/library/", "librarydesk", sent={"who": "3110999990"}),
    Scene("card-in-stock", "/library/cards/{stocked_key}/", "librarydesk"),
    Scene("card-in-a-box", "/library/cards/{boxed_key}/", "librarydesk"),
    Scene("card-lost", "/library/cards/{lost_key}/", "librarydesk"),
    Scene("stock", "/library/stock/", "librarydesk"),
    Scene("delivery", "/library/stock/delivery/", "librarydesk"),
    Scene(
        "delivery-empty",
        "/library/stock/delivery/",
        "librarydesk",
        sent={},
        status=422,
    ),
    Scene(
        "delivery-look",
        "/library/stock/delivery/",
        "librarydesk",
        sent={"numbers": "3110372827\n3110372827\n3100001\n3110372836", "counted": "3"},
    ),
    Scene("boxes", "/library/stock/boxes/", "librarydesk"),
    Scene("boxes-fill", "/library/stock/boxes/allot/", "librarydesk"),
    Scene("box", "/library/stock/boxes/{box_key}/", "librarydesk"),
    Scene("box-fill", "/library/stock/boxes/{box_key}/allot/", "librarydesk"),
    Scene("box-back", "/library/stock/boxes/{box_key}/back/", "librarydesk"),
    Scene(
        "box-missing",
        "/library/stock/boxes/{box_key}/back/",
        "librarydesk",
        sent={"numbers": "3110372827"},
    ),
    Scene("closing", "/library/closing/", "librarydesk"),
    Scene("closing-empty", "/library/closing/", "librarydesk", sent={}, status=422),
    Scene(
        "closing-confirm", "/library/closing/", "librarydesk", sent={"counted": "20"}
    ),
    Scene("finance", "/finance/", "finance"),
    Scene("finance-cash", "/finance/tutors-cash/", "finance"),
    Scene(
        "finance-cash-empty", "/finance/tutors-cash/", "finance", sent={}, status=422
    ),
    Scene("finance-waive", "/finance/waive/", "finance"),
    Scene("finance-period", "/finance/period/", "finance"),
    Scene(
        "finance-period-sums",
        "/finance/period/?first=2026-01-01&last=2030-12-31",
        "finance",
    ),
    Scene("tills", "/finance/tills/", "finance"),
    Scene("till-take-over", "/finance/tills/{till_key}/", "finance"),
    Scene("desks", "/desks/", "registrar"),
    Scene("desks-library", "/desks/", "librarydesk"),
    Scene("desks-none", "/desks/", "colleague"),
    Scene("imports", "/registrar/imports/", "registrar"),
    Scene("import-upload", "/registrar/imports/new/", "registrar"),
    Scene("import-upload-empty", "/registrar/imports/new/", "registrar", sent={}),
    Scene("import-waiting", "/registrar/imports/{waiting_file}/", "registrar"),
    Scene(
        "import-not-ticked",
        "/registrar/imports/{waiting_file}/",
        "registrar",
        sent={},
        form="/registrar/imports/{waiting_file}/confirm/",
    ),
    Scene("import-moving", "/registrar/imports/{moving_file}/", "registrar"),
    Scene("import-applied", "/registrar/imports/{applied_file}/", "registrar"),
    Scene("import-failed", "/registrar/imports/{failed_file}/", "registrar"),
    Scene("semesters", "/registrar/semesters/", "registrar"),
    Scene("semester", "/registrar/semesters/2026ws/", "registrar"),
    Scene(
        "semester-wrong",
        "/registrar/semesters/2026ws/",
        "registrar",
        sent={"opening_from": "2026-10-09", "opening_until": "2026-10-05"},
        status=422,
    ),
    Scene("mystudy-cohorts", "/registrar/mystudy/", "registrar"),
    Scene("mystudy-cohort", "/registrar/mystudy/2025ws/", "registrar"),
    Scene("mystudy-cohort-undecided", "/registrar/mystudy/2026ws/", "registrar"),
    Scene(
        "mystudy-cohort-empty",
        "/registrar/mystudy/2025ws/",
        "registrar",
        sent={},
        status=422,
    ),
    Scene("letters", "/registrar/letters/", "registrar"),
    Scene(
        "letters-wrong",
        "/registrar/letters/",
        "registrar",
        sent={"kind": "pdf", "accounts": "lg404404"},
    ),
    Scene("letters-planned", "/registrar/letters/{planned}/", "registrar"),
    Scene("letters-ended", "/registrar/letters/{ended_run}/", "registrar"),
    Scene("letters-begun", "/registrar/letters/{begun_run}/", "registrar"),
    Scene("letters-broken-off", "/registrar/letters/{broken_run}/", "registrar"),
    Scene("demo-mail", "/demo/mail/"),
    Scene("demo-one-mail", "/demo/mail/{mail}/"),
    Scene("not-found", "/nowhere/", status=404),
    Scene("not-allowed", "/registrar/imports/", "student", status=403),
)

"""Every address of the portal, and who may open it.

Written out, so that a new address is not public by oversight: the tests compare this
table with what Django really serves, and then try every door.
"""

from dataclasses import dataclass
from enum import Enum

from django.urls import URLPattern, URLResolver, get_resolver

from accounts.people.roles import SECOND_FACTOR, Role


class Door(Enum):
    """Who is let in."""

    PUBLIC = "public"
    # Public, too; but what is behind it exists in the demo only.
    DEMO = "demo"
    SIGNED_IN = "signed in"
    # Asked by pages, not by people: says 401 instead of leading to the sign-in.
    SIGNED_IN_OR_401 = "signed in, else 401"


@dataclass(frozen=True)
class Address:
    """One address, with an example of what may stand in it."""

    path: str
    door: Door | frozenset[Role]
    # Opened by POST alone.
    act: bool = False
    # Asked by an app, not by people: strangers get 401.
    asked: bool = False

    @property
    def roles(self) -> frozenset[Role]:
        return self.door if isinstance(self.door, frozenset) else frozenset()


REGISTRAR = frozenset({Role.REGISTRAR})
COORDINATOR = frozenset({Role.COORDINATOR})
HANDING_OUT = frozenset({Role.COORDINATOR, Role.TUTOR})
LIBRARY_DESK = frozenset({Role.LIBRARY_DESK})
HELP_DESK = frozenset({Role.HELP_DESK, Role.HELP_DESK_LEAD})
WATCHING = HELP_DESK | {Role.COORDINATOR, Role.AUDITOR}
LEAD = frozenset({Role.HELP_DESK_LEAD})
# Whose role asks for a second factor.
PROVED = SECOND_FACTOR
FINANCE = frozenset({Role.FINANCE})
# Whoever may be the second person that takes counted cash over.
CASH = frozenset({Role.FINANCE, Role.LIBRARY_DESK, Role.COORDINATOR})
SUMS = frozenset({Role.COORDINATOR, Role.FINANCE})
PUBLIC, SIGNED_IN, DEMO = Door.PUBLIC, Door.SIGNED_IN, Door.DEMO
MAIL = "20260915T080000-1"
KEY = "3f0a6c1e-0000-4000-8000-000000000001"

ADDRESSES: dict[str, Address] = {
    "set_language": Address("/i18n/setlang/", PUBLIC, act=True),
    "look:first_steps": Address("/first-steps/", PUBLIC),
    "look:help": Address("/help/", PUBLIC),
    "look:terms": Address("/terms/", PUBLIC),
    "look:privacy": Address("/privacy/", PUBLIC),
    "look:accessibility": Address("/accessibility/", PUBLIC),
    "signin:activate": Address("/activate/", PUBLIC),
    "signin:sign_in": Address("/sign-in/", PUBLIC),
    "signin:again": Address("/sign-in/again/", SIGNED_IN),
    "factors:step": Address("/sign-in/second/", PROVED),
    "factors:passkey": Address("/sign-in/second/passkey/", PROVED, act=True),
    "factors:challenge": Address("/sign-in/second/challenge/", PROVED, act=True),
    "factors:set_up": Address("/sign-in/second/set-up/", PROVED),
    "factors:begin": Address("/sign-in/second/set-up/app/", PROVED, act=True),
    "factors:confirm": Address("/sign-in/second/set-up/app/code/", PROVED),
    "factors:add_passkey": Address("/sign-in/second/set-up/passkey/", PROVED, act=True),
    "factors:mine": Address("/sign-in/second/own/", PROVED),
    "factors:remove": Address("/sign-in/second/own/1/remove/", PROVED, act=True),
    "factors:reset": Address("/sign-in/second/reset/", LEAD),
    "signin:sign_out": Address("/sign-out/", PUBLIC, act=True),
    "signin:consent": Address("/consent/", SIGNED_IN),
    "signin:stay": Address("/session/stay/", SIGNED_IN, act=True),
    "signin:change": Address("/password/change/", SIGNED_IN),
    "signin:changed": Address("/password/changed/", SIGNED_IN),
    "signin:forgotten": Address("/password/forgotten/", PUBLIC),
    "signin:new_password": Address("/password/new/", PUBLIC),
    "signin:recovery": Address("/recovery/", SIGNED_IN),
    "signin:recovery_code": Address("/recovery/code/", SIGNED_IN),
    ".well-known/change-password": Address("/.well-known/change-password", PUBLIC),
    "mailbox:mail": Address("/journey/mail/", SIGNED_IN),
    "mailbox:address": Address("/mail/address/", SIGNED_IN),
    "mailbox:code": Address("/mail/code/", SIGNED_IN),
    "mailbox:send": Address("/mail/code/send/", SIGNED_IN, act=True),
    "mailbox:status": Address("/mail/status.json", Door.SIGNED_IN_OR_401),
    "mailbox:settings": Address("/mail/settings/", SIGNED_IN),
    "mailbox:apple": Address("/mail/settings/leuphana.mobileconfig", SIGNED_IN),
    "mailbox:password": Address("/mail/password/", SIGNED_IN),
    "mailbox:remove_password": Address("/mail/password/remove/", SIGNED_IN, act=True),
    "mailbox:autoconfig": Address("/mail/config-v1.1.xml", PUBLIC),
    "mailbox:autoconfig_well_known": Address(
        "/.well-known/autoconfig/mail/config-v1.1.xml", PUBLIC
    ),
    "applications:registration": Address("/journey/registration/", SIGNED_IN),
    "applications:section": Address("/library-registration/name/", SIGNED_IN),
    "applications:check": Address("/library-registration/check/", SIGNED_IN),
    "applications:receipt": Address("/library-registration/receipt/", SIGNED_IN),
    "applications:drop": Address("/library-registration/drop/", SIGNED_IN, act=True),
    "cards:card": Address("/journey/card/", SIGNED_IN),
    "cards:wish": Address("/journey/card/wish/", SIGNED_IN, act=True),
    "cards:deposit": Address("/journey/deposit/", SIGNED_IN),
    "cards:receipt": Address("/journey/deposit/1.pdf", SIGNED_IN),
    "cards:desk": Address("/library/", LIBRARY_DESK),
    "cards:desk_person": Address("/library/1/", LIBRARY_DESK),
    "cards:record": Address("/library/1/record/", LIBRARY_DESK, act=True),
    "handout:start": Address("/handout/", PUBLIC),
    "handout:app": Address("/handout/de/", PUBLIC),
    "handout:worker": Address("/handout/sw.js", PUBLIC),
    "handout:manifest": Address("/handout/manifest.webmanifest", PUBLIC),
    "handout:ready": Address("/handout/ready.json", HANDING_OUT, asked=True),
    "handout:roster": Address("/handout/roster.json", HANDING_OUT, asked=True),
    "handout:phone": Address(f"/handout/phones/{KEY}", HANDING_OUT, asked=True),
    "handout:act": Address(f"/handout/acts/{KEY}", HANDING_OUT, asked=True),
    "handout:board": Address("/handout/board/", COORDINATOR),
    "handout:board_status": Address("/handout/board/status.json", COORDINATOR),
    "handout:people": Address("/handout/board/people/missing/", COORDINATOR),
    "handout:group_people": Address(
        "/handout/board/groups/1/people/card/", COORDINATOR
    ),
    "handout:sheets": Address("/handout/board/sheets.pdf", COORDINATOR),
    "handout:sheet": Address("/handout/board/groups/1/sheet.pdf", COORDINATOR),
    "handout:paper": Address("/handout/board/groups/1/paper/", COORDINATOR),
    "handout:close": Address("/handout/board/closing/", COORDINATOR),
    "handout:give_back": Address("/handout/board/groups/1/give-back/", COORDINATOR),
    "handout:count_till": Address(f"/handout/board/tills/{KEY}/count/", COORDINATOR),
    "handout:summary": Address("/handout/board/summary/", SUMS),
    "handout:summary_file": Address("/handout/board/summary/opening-week.csv", SUMS),
    "handout:cards_left": Address("/handout/board/cards/", COORDINATOR),
    "handout:group_cards": Address("/handout/board/groups/1/cards/", COORDINATOR),
    "handout:correct": Address(f"/handout/board/acts/{KEY}/", COORDINATOR, act=True),
    "handout:shut_out": Address(f"/handout/board/phones/{KEY}/", COORDINATOR, act=True),
    "handout:take_over": Address(f"/handout/board/tills/{KEY}/", COORDINATOR, act=True),
    "handout:group": Address("/handout/board/groups/1/", COORDINATOR),
    "handout:end_turn": Address(
        "/handout/board/groups/1/turns/1/end/", COORDINATOR, act=True
    ),
    "handout:find": Address("/handout/board/students/", COORDINATOR),
    "cards:one_card": Address("/library/cards/1/", LIBRARY_DESK),
    "cards:stock": Address("/library/stock/", LIBRARY_DESK),
    "cards:delivery": Address("/library/stock/delivery/", LIBRARY_DESK),
    "cards:all_boxes": Address("/library/stock/boxes/", LIBRARY_DESK),
    "cards:allot": Address("/library/stock/boxes/allot/", LIBRARY_DESK),
    "cards:box": Address("/library/stock/boxes/1/", LIBRARY_DESK),
    "cards:box_allot": Address("/library/stock/boxes/1/allot/", LIBRARY_DESK),
    "cards:box_back": Address("/library/stock/boxes/1/back/", LIBRARY_DESK),
    "cards:box_sheet": Address("/library/stock/boxes/1/sheet.pdf", LIBRARY_DESK),
    "cards:closing": Address("/library/closing/", LIBRARY_DESK),
    "cards:finance": Address("/finance/", FINANCE),
    "cards:tutors_cash": Address("/finance/tutors-cash/", FINANCE),
    "cards:waive": Address("/finance/waive/", FINANCE),
    "cards:period": Address("/finance/period/", FINANCE),
    "cards:entries_csv": Address("/finance/period/entries.csv", FINANCE),
    "cards:entries_pdf": Address("/finance/period/sums.pdf", FINANCE),
    "cards:tills": Address("/finance/tills/", CASH),
    "cards:take_over": Address("/finance/tills/1/", CASH),
    "cards:deed": Address("/library/1/return/", LIBRARY_DESK),
    "handout:student": Address("/handout/board/students/1/", COORDINATOR),
    "handout:take_back": Address(
        "/handout/board/students/1/take-back/", COORDINATOR, act=True
    ),
    "handout:swap": Address("/handout/board/students/1/swap/", COORDINATOR, act=True),
    "helpdesk:desk": Address("/help-desk/", HELP_DESK),
    "helpdesk:approvals": Address("/help-desk/approvals/", HELP_DESK),
    "helpdesk:decide": Address("/help-desk/approvals/1/", HELP_DESK, act=True),
    "helpdesk:person": Address("/help-desk/1/", HELP_DESK),
    "helpdesk:status": Address("/help-desk/1/status/", HELP_DESK),
    "helpdesk:work": Address("/help-desk/1/progress/", HELP_DESK),
    "helpdesk:merge": Address("/help-desk/1/merge/", HELP_DESK),
    "helpdesk:suspected": Address(
        "/help-desk/suspected/", frozenset({Role.HELP_DESK_LEAD, Role.REGISTRAR})
    ),
    "helpdesk:held": Address("/help-desk/held/1/", HELP_DESK),
    "helpdesk:held_reason": Address("/help-desk/held/1/reason/", HELP_DESK),
    "helpdesk:release": Address("/help-desk/held/1/release/", HELP_DESK),
    "helpdesk:reason": Address("/help-desk/1/reason/", HELP_DESK),
    "helpdesk:new_password": Address("/help-desk/1/new-password/", HELP_DESK),
    "helpdesk:recovery": Address("/help-desk/1/recovery/", HELP_DESK),
    "helpdesk:look_again": Address("/help-desk/1/look-again/", HELP_DESK, act=True),
    "helpdesk:unlock": Address("/help-desk/1/unlock/", HELP_DESK, act=True),
    "helpdesk:end_sessions": Address("/help-desk/1/end-sessions/", HELP_DESK, act=True),
    "helpdesk:resend_code": Address("/help-desk/1/resend-code/", HELP_DESK, act=True),
    "helpdesk:guard": Address("/help-desk/1/guard/", LEAD, act=True),
    "helpdesk:move": Address("/help-desk/1/move/", HELP_DESK),
    "helpdesk:note": Address("/help-desk/1/note/", HELP_DESK),
    "helpdesk:bodies": Address("/help-desk/1/hand-on/", HELP_DESK),
    "helpdesk:hand_on": Address("/help-desk/1/hand-on/library/", HELP_DESK),
    "watch:board": Address("/watch/", WATCHING),
    "watch:way": Address("/watch/way/", WATCHING),
    "watch:way_file": Address("/watch/way/days.csv", WATCHING),
    "watch:journal": Address("/watch/journal/", frozenset({Role.AUDITOR})),
    "watch:journal_file": Address(
        "/watch/journal/journal.csv", frozenset({Role.AUDITOR})
    ),
    "watch:asked": Address("/watch/asked/1/", HELP_DESK),
    "watch:remind": Address("/watch/reminder/", HELP_DESK),
    "watch:look_again": Address("/watch/people/all/way/stuck/look-again/", HELP_DESK),
    "watch:people": Address("/watch/people/all/way/everybody/", HELP_DESK),
    "journey:library_account": Address("/journey/library_account/", SIGNED_IN),
    "enrolment:imports": Address("/registrar/imports/", REGISTRAR),
    "enrolment:upload": Address("/registrar/imports/new/", REGISTRAR),
    "enrolment:import": Address("/registrar/imports/1/", REGISTRAR),
    "enrolment:confirm": Address("/registrar/imports/1/confirm/", REGISTRAR, act=True),
    "enrolment:discard": Address("/registrar/imports/1/discard/", REGISTRAR, act=True),
    "enrolment:list": Address("/registrar/imports/1/list.csv", REGISTRAR),
    "enrolment:news": Address("/registrar/imports/1/news.json", REGISTRAR),
    "enrolment:held": Address("/registrar/held/", REGISTRAR | HELP_DESK),
    "enrolment:semesters": Address("/registrar/semesters/", REGISTRAR),
    "enrolment:semester": Address("/registrar/semesters/2026ws/", REGISTRAR),
    "enrolment:mystudy": Address("/registrar/mystudy/", REGISTRAR),
    "enrolment:mystudy_cohort": Address("/registrar/mystudy/2026ws/", REGISTRAR),
    "enrolment:letters": Address("/registrar/letters/", REGISTRAR),
    "enrolment:letters_run": Address("/registrar/letters/a/", REGISTRAR),
    "enrolment:letters_file": Address(
        "/registrar/letters/a/file/", REGISTRAR, act=True
    ),
    "enrolment:letters_again": Address(
        "/registrar/letters/a/again/", REGISTRAR, act=True
    ),
    "enrolment:letters_news": Address("/registrar/letters/a/news.json", REGISTRAR),
    "journey:start": Address("/", PUBLIC),
    "journey:journey": Address("/journey/", SIGNED_IN),
    "journey:status": Address("/journey/status.json", Door.SIGNED_IN_OR_401),
    "journey:summary": Address("/journey/summary/", SIGNED_IN),
    "journey:history": Address("/journey/history/", SIGNED_IN),
    "journey:mystudy": Address("/journey/mystudy/", SIGNED_IN),
    "journey:mystudy_password": Address("/journey/mystudy/password/", SIGNED_IN),
    "journey:moodle": Address("/journey/moodle/", SIGNED_IN),
    "journey:tick": Address("/journey/moodle/tick/", SIGNED_IN, act=True),
    "journey:take_back": Address("/journey/moodle/take-back/", SIGNED_IN, act=True),
    "journey:services": Address("/services/", PUBLIC),
    "journey:service": Address("/services/wifi/", PUBLIC),
    "journey:desks": Address("/desks/", SIGNED_IN),
    "demo:mail": Address("/demo/mail/", DEMO),
    "demo:one_mail": Address(f"/demo/mail/{MAIL}/", DEMO),
    "demo:mail_as_html": Address(f"/demo/mail/{MAIL}/html/", DEMO),
}


def served() -> set[str]:
    """Give the name of every address that Django serves; its route if it has none."""
    return set(_names(get_resolver(), ""))


def _names(resolver: URLResolver, space: str) -> list[str]:
    names: list[str] = []
    for one in resolver.url_patterns:
        if isinstance(one, URLPattern):
            names.append(f"{space}{one.name}" if one.name else str(one.pattern))
        else:
            inner = f"{one.namespace}:" if one.namespace else space
            names += _names(one, inner)
    return names

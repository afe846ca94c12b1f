"""A tutor with a phone that stays what it is: closed, opened, without a network."""

import re
from dataclasses import dataclass, field
from pathlib import Path

from playwright.sync_api import (
    BrowserContext,
    BrowserType,
    Page,
    Request,
    Route,
    expect,
)

from onboarding.demo import staff
from tests.services.chromium import PROGRAM, QUIET, Complaints, Language, Scheme
from tests.stories.visitor import said

WIDTH, HEIGHT = 360, 780
ACTS = "**/handout/acts/*"
KEPT = """() => new Promise((told) => {
    indexedDB.open("handout").onsuccess = ({ target: { result: base } }) => {
        const kept = base.transaction("kept").objectStore("kept").getAll();
        kept.onsuccess = () => { told(JSON.stringify(kept.result)); base.close(); };
    };
})"""
# As quick as scanners are, however busy the machine.
TYPED = """(text) => {
    for (const key of [...text, "Enter"]) {
        const pressed = new KeyboardEvent("keydown", {key, bubbles: true});
        document.activeElement.dispatchEvent(pressed);
    }
}"""
# Longer than a scan of the film takes.
PATIENCE = 15_000


@dataclass
class Tutor:
    """Somebody in the hall; ``page`` is the app, whenever the phone is on."""

    account: str
    home: str
    kind: BrowserType
    folder: Path
    film: Path
    complaints: Complaints
    language: Language = "de"
    scheme: Scheme = "light"
    context: BrowserContext = field(init=False)
    page: Page = field(init=False)

    def switches_on(self, *, offline: bool = False) -> None:
        """Start the phone, with all that was on it when it went off."""
        self.context = self.kind.launch_persistent_context(
            str(self.folder),
            executable_path=PROGRAM,
            args=[
                *QUIET,
                "--use-fake-device-for-media-stream",
                f"--use-file-for-fake-video-capture={self.film}",
            ],
            viewport={"width": WIDTH, "height": HEIGHT},
            has_touch=True,
            is_mobile=True,
            device_scale_factor=2,
            locale={"de": "de-DE", "en": "en-GB"}[self.language],
            timezone_id="Europe/Berlin",
            color_scheme=self.scheme,
            permissions=["camera"],
        )
        self.context.set_default_timeout(PATIENCE)
        self.context.set_offline(offline)
        self.page = self.context.pages[0]
        self.page.on("console", self.complaints.hear)
        self.page.on("pageerror", self.complaints.crash)

    def switches_off(self) -> None:
        self.context.close()

    def opens_the_app(self) -> None:
        self.page.goto(f"{self.home}/handout/")

    def gets_ready(self) -> None:
        """Do what a tutor does before the hall fills."""
        self.opens_the_app()
        self.signs_in()
        self.sees_title("Ready for the hall?")
        verdict = self.page.get_by_text(self.say("Ready for offline"), exact=True)
        # As long as a busy machine takes to fetch all of the app.
        expect(verdict).to_be_visible(timeout=60_000)

    def signs_in(self) -> None:
        self.page.get_by_role("link", name=self.say("Sign in"), exact=True).click()
        self.page.get_by_label(self.say("User name"), exact=True).fill(self.account)
        password = self.page.get_by_label(self.say("Password"), exact=True)
        password.fill(staff.PASSWORD)
        password.press("Enter")

    def hands_out(self, who: str, number: str, *, how: str = "Hand out") -> None:
        """Scan a card, touch the name, press: two taps after the scan."""
        self.pulls_the_trigger(number)
        self.touches(who)
        assert self.confirmed[1] == number
        self.presses(how, amount="€10.00")
        self.sees("Card handed out")

    def counts_the_float(self, euros: str) -> None:
        self.presses("Menu")
        self.presses("Cash")
        self.page.get_by_label(self.say("Float in euros")).fill(euros)
        self.presses("Save")
        self.sees("What you save here stands, and cannot be changed.")
        self.presses("Save")
        self.sees("Float counted")
        self.has_arrived()

    def looks_again(self) -> None:
        """Come back to the app, as phones do all day: it sends what waits."""
        self.page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")

    def loses_the_network(self) -> None:
        self.context.set_offline(True)

    def finds_the_network(self) -> None:
        self.context.set_offline(False)

    def holds_back_an_act(self) -> list[Route]:
        """Let the next act that is sent stay on its way until it goes on."""
        held: list[Route] = []

        def hold(route: Route) -> None:
            held.append(route)

        self.context.route(ACTS, hold, times=1)
        return held

    def watches_what_is_sent(self) -> list[str]:
        """Collect the addresses to which acts go from now on."""
        sent: list[str] = []

        def note(request: Request) -> None:
            if "/handout/acts/" in request.url:
                sent.append(request.url)

        self.page.on("request", note)
        return sent

    # --- Looking and pressing ---------------------------------------------------------

    def say(self, words: str, **values: object) -> str:
        text = said(words, self.language)
        for name, value in values.items():
            text = text.replace(f"{{{name}}}", str(value))
        return text

    def sees_title(self, words: str, **values: object) -> None:
        title = self.page.get_by_role("heading", level=1)
        expect(title).to_have_text(self.say(words, **values))

    def sees(self, words: str, **values: object) -> None:
        expect(self.page.get_by_text(self.say(words, **values)).first).to_be_visible()

    def waits_for_the_new_version(self) -> None:
        """Wait as long as a busy machine takes to fetch all of the app anew."""
        button = self.page.get_by_role("button", name=self.say("Take it over now"))
        expect(button).to_be_visible(timeout=60_000)

    def presses(self, words: str, **values: object) -> None:
        name = self.say(words, **values)
        self.page.get_by_role("button", name=name, exact=True).click()

    def touches(self, name: str) -> None:
        """Touch somebody's tile."""
        self.page.locator(".tile").filter(has_text=name).first.click()

    def pulls_the_trigger(self, text: str) -> None:
        """Let a hardware scanner type a code, wherever the focus is."""
        self.page.evaluate(TYPED, text)

    def types_the_number(self, number: str) -> None:
        self.page.get_by_label(self.say("Or type the card number")).fill(number)
        self.presses("Continue")

    # --- What the app keeps -----------------------------------------------------------

    @property
    def confirmed(self) -> tuple[str, str]:
        """Give name and card as the confirming screen shows them."""
        self.sees_title("Is this right?")
        shown = self.page.locator(".facts .huge")
        return shown.nth(0).inner_text(), shown.nth(1).inner_text()

    @property
    def version(self) -> str:
        return self.page.locator("body").get_attribute("data-version") or ""

    def keeps(self) -> str:
        """Give the list that is on the phone."""
        return str(self.page.evaluate(KEPT))

    def sees_after_a_while(self, name: str, state: str) -> None:
        self.presses("Back")
        self.looks_again()
        tile = self.page.locator(".tile").filter(has_text=name)
        expect(tile).to_contain_text(self.say(state))

    def has_arrived(self) -> None:
        expect(self.page.locator("#line")).to_have_text(
            re.compile(re.escape(self.say("Everything has arrived")))
        )

    def has_waiting(self, number: int) -> None:
        expect(self.page.locator("#line")).to_have_text(
            self.say("{n} saved here, not sent yet", n=number)
        )

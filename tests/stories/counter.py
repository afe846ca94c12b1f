"""An agent at the counter: the keyboard alone, and every step counted."""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from playwright.sync_api import expect

from tests.services.campus import Campus
from tests.services.chromium import DESKTOP, Language, Screen
from tests.stories.conftest import Visit
from tests.stories.keyboard import Keyboard
from tests.stories.test_desk import signed_in

# After the search; a step is a page, or an action that is pressed.
MOST_STEPS = 5
SENTENCES = re.compile(r"\w.*[.!?]")


@dataclass
class Agent:
    """Somebody at a desk, who has counted what it takes since the last search."""

    keys: Keyboard
    steps: int = 0

    def finds(self, who: str) -> None:
        """Type into the search field, from wherever the page is."""
        self.keys.page.keyboard.press("/")
        expect(self.keys.page.locator("[data-search]")).to_be_focused()
        with self.keys.page.expect_navigation():
            self.keys.scans(who)
        self.steps = 0

    def searches(self, who: str) -> None:
        """Type into the field that has the focus, once the page has given it."""
        expect(self.keys.page.locator("main input:focus")).to_have_count(1)
        with self.keys.page.expect_navigation():
            self.keys.scans(who)
        self.steps = 0

    def opens(self, why: str = "counter") -> None:
        """Say why the record is opened."""
        self.keys.chooses("reason", why)
        self.presses("Open the record")

    def follows(self, words: str) -> None:
        self.keys.follows(words)
        self.steps += 1

    def follows_named(self, name: str) -> None:
        self.keys.follows_named(name)
        self.steps += 1

    def presses(self, words: str) -> None:
        self.keys.presses(words)
        self.steps += 1

    def presses_named(self, name: str) -> None:
        self.keys.presses_named(name)
        self.steps += 1

    def saves(self, words: str) -> bytes:
        """Press a button that gives a file."""
        self.steps += 1
        return self.keys.saves(words)

    def loads_again(self) -> None:
        """Press F5, which a browser without a window has no ear for."""
        self.keys.page.reload()
        self.steps += 1

    def types(self, text: str, label: str) -> None:
        self.keys.types(text, label)

    def retypes(self, text: str, name: str) -> None:
        """Type something in the place of what stands in a field."""
        self.keys.retypes(text, name)

    def chooses(self, name: str, value: str) -> None:
        self.keys.chooses(name, value)

    def sees(self, words: str) -> None:
        self.keys.visitor.sees(words)

    def reads(self, trouble: str, *words: str) -> None:
        """Find a trouble on the record, with something to say in both languages."""
        there = self.keys.page.locator(f"#trouble-{trouble}")
        expect(there).to_be_visible()
        for language in ("de", "en"):
            said = there.locator(f"blockquote[lang={language}]")
            expect(said).to_have_text(SENTENCES)
        for one in words:
            expect(there).to_contain_text(one)

    def unfolds(self, trouble: str) -> None:
        """Open what is good to know, but not stuck."""
        folded = self.keys.page.locator(f"details#trouble-{trouble} > summary")
        if folded.count():
            self.keys.opens(folded)
            self.steps += 1

    def hands_on(self, trouble: str, body: str) -> None:
        """Pass a trouble on from where it stands, and see what goes there."""
        self.unfolds(trouble)
        self.follows_named(f"{self.say('Hand on')}: {self.say(body)}")
        self.presses("Hand on")
        self.sees("Handed on")
        expect(self.keys.page.get_by_role("heading", level=1)).to_contain_text(
            self.say(body)
        )

    def say(self, words: str) -> str:
        return self.keys.visitor.say(words)


@dataclass
class Stage:
    """The portal with its systems, and whoever comes to it."""

    campus: Campus
    visit: Visit
    language: Language
    screen: Screen = DESKTOP

    def agent(self, account: str = "helpdesk") -> Agent:
        visitor = self.visit(language=self.language, screen=self.screen)
        agent = Agent(signed_in(visitor, account))
        desk = "Library service desk" if account == "librarydesk" else "Help desk"
        agent.follows(desk)
        agent.steps = 0
        return agent


Story = Callable[[Agent, Stage], None]


def help_everybody(stories: Iterable[Story], stage: Stage) -> None:
    """Let one agent help one after the other; fails where somebody takes too long."""
    agent, taken = stage.agent(), {}
    for story in stories:
        story(agent, stage)
        taken[story.__name__] = agent.steps

    assert {name: steps for name, steps in taken.items() if steps > MOST_STEPS} == {}

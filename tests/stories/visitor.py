"""Somebody at a browser: finds things by what stands on them, as people do."""

import re
from dataclasses import dataclass
from pathlib import Path

from django.utils.translation import gettext, override
from playwright.sync_api import Locator, Page, expect

from tests.codes import asks_for_a_code, code, equipped
from tests.services.chromium import Language

OWN = "kiesel tanzt barfuss"


def said(words: str, language: Language) -> str:
    """Give one of the portal's sentences in a language, translated or not yet."""
    with override(language):
        return gettext(words)


@dataclass(frozen=True)
class Visitor:
    """A person, a window, and the language that both speak."""

    page: Page
    language: Language
    home: str

    def say(self, words: str) -> str:
        return said(words, self.language)

    def goes_to(self, path: str) -> None:
        self.page.goto(self.home + path)

    def button(self, words: str) -> Locator:
        return self.page.get_by_role("button", name=self.say(words), exact=True)

    def field(self, label: str) -> Locator:
        return self.page.get_by_label(self.say(label), exact=True)

    def presses(self, words: str) -> None:
        self.button(words).click()

    def follows(self, words: str) -> None:
        link = self.page.get_by_role("main").get_by_role("link", name=self.say(words))
        link.first.click()

    def types(self, text: str, label: str) -> None:
        self.field(label).fill(text)

    def hands_in(self, file: str | Path, label: str) -> None:
        self.field(label).set_input_files(file)

    def agrees(self) -> None:
        self.field(
            "I agree to the terms of use and have read the privacy notice."
        ).check()

    def sees(self, words: str, *, seconds: float = 15) -> None:
        """Wait for words: longer where the machine, too, has to wait for something."""
        text = self.page.get_by_text(self.say(words)).first
        expect(text).to_be_visible(timeout=seconds * 1000)

    def sees_not(self, words: str) -> None:
        expect(self.page.get_by_text(self.say(words))).to_have_count(0)

    def arrives_at(self, path: str) -> None:
        expect(self.page).to_have_url(re.compile(re.escape(self.home + path) + "$"))

    def fills_in_activation(
        self, *, account: str, initial: str, own: str = OWN, agreeing: bool = True
    ) -> None:
        self.types(account, "User name")
        self.types(initial, "Initial password")
        self.types(own, "New password")
        if agreeing:
            self.agrees()

    def activates(self, *, account: str, initial: str, own: str = OWN) -> None:
        self.goes_to("/activate/")
        self.fills_in_activation(account=account, initial=initial, own=own)
        self.presses("Activate account")

    def signs_in(self, *, account: str, password: str = OWN) -> None:
        """Type name and password, and the app's code where a role asks for it."""
        if asks_for_a_code(account):
            equipped(account)
        self.types(account, "User name")
        self.types(password, "Password")
        self.page.get_by_role("main").get_by_role(
            "button", name=self.say("Sign in"), exact=True
        ).click()
        if asks_for_a_code(account):
            self.types(code(account), "Code from the app")
            self.presses("Go on")

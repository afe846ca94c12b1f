"""Sentences that are kept, and put into the reader's language when they are read."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from django.utils.translation import gettext

Fact = str | int


@dataclass(frozen=True, slots=True)
class Sentence:
    """A message of the catalogue (mark it with ``gettext_noop``) and what it names."""

    words: str
    facts: Mapping[str, Fact] = field(default_factory=dict)

    def __str__(self) -> str:
        """Say it in the language of the moment."""
        return gettext(self.words) % self.facts if self.facts else gettext(self.words)

    def kept(self) -> dict[str, object]:
        """Give what JSON can keep."""
        return {"words": self.words, "facts": dict(self.facts)}


def kept_sentence(kept: Mapping[str, object]) -> Sentence:
    """Read a sentence that ``Sentence.kept`` wrote."""
    facts = kept["facts"]
    return Sentence(str(kept["words"]), facts if isinstance(facts, dict) else {})


class FileRefused(Exception):
    """A file of which nothing can be used; says why in one sentence or more."""

    def __init__(self, *sentences: Sentence) -> None:
        """Take the sentences."""
        super().__init__(*sentences)
        self.sentences = sentences

    def __str__(self) -> str:
        """Say all of it."""
        return " ".join(str(sentence) for sentence in self.sentences)

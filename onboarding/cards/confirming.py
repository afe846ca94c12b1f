"""Asking once more before something is recorded, and knowing the answer by its id."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from uuid import UUID, uuid4

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

Facts = Sequence[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Question:
    """What somebody confirms: the facts, what to heed, and what the button sends."""

    facts: Facts
    # Where the answer goes, and where whoever has doubts goes back to.
    url: str
    back: str
    label: str
    sends: Mapping[str, str] = field(default_factory=dict)
    heed: Sequence[str] = ()
    # Whatever else there is to see, in a table under a caption.
    caption: str = ""
    head: Sequence[str] = ()
    rows: Sequence[Sequence[str]] = ()
    # Boxes to tick before it is recorded, by the name they are sent under.
    ticks: Facts = ()


def ask(request: HttpRequest, question: Question, *, status: int = 200) -> HttpResponse:
    """Show what is to be recorded, under an id of its own."""
    act = request.POST.get("act") if status != 200 else None  # noqa: PLR2004
    context = {"asked": question, "act": act or uuid4(), "missed": status != 200}  # noqa: PLR2004
    return render(request, "cards/question.html", context, status=status)


def act_id(request: HttpRequest) -> UUID:
    """Give the id that the confirming page sent; raises Http404."""
    try:
        return UUID(request.POST.get("act", ""))
    except ValueError as wrong:
        raise Http404 from wrong

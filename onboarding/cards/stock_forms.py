"""What is scanned, pasted or uploaded for the stock."""

from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from onboarding.cards.models import Move, Spot, Why
from onboarding.cards.number_lists import MOST_LINES
from onboarding.cards.stock import WAYS

MOST_BYTES = 500_000


class ListForm(forms.Form):
    """Card numbers, one a line, typed by a scanner or out of a file."""

    numbers = forms.CharField(
        label=gettext_lazy("Card numbers"),
        help_text=gettext_lazy("Scan one card after the other, or one number a line."),
        required=False,
        max_length=MOST_BYTES,
        widget=forms.Textarea(
            attrs={
                "rows": 8,
                "autocomplete": "off",
                "spellcheck": "false",
                "class": "typed-code",
                "autofocus": True,
            }
        ),
    )
    file = forms.FileField(
        label=gettext_lazy("Or a file"),
        help_text=gettext_lazy("A CSV or text file in UTF-8."),
        required=False,
        allow_empty_file=True,
        widget=forms.FileInput(attrs={"accept": ".csv,.txt,text/csv,text/plain"}),
    )
    # A box may come back with nothing left in it.
    may_be_empty = False

    def clean_file(self) -> str:
        """Read the file."""
        file: UploadedFile[bytes] | None = self.cleaned_data["file"]
        if file is None:
            return ""
        if (file.size or 0) > MOST_BYTES:
            raise forms.ValidationError(_("This file is too large."))
        try:
            return str(file.read().decode("utf-8-sig"))
        except UnicodeDecodeError as wrong:
            raise forms.ValidationError(_("The file is not in UTF-8.")) from wrong

    def clean(self) -> dict[str, Any]:
        """Ask for numbers, but for no more than anybody has."""
        if not {"numbers", "file"} <= self.cleaned_data.keys():
            return self.cleaned_data
        typed = self.text
        if not typed.strip() and not self.may_be_empty:
            self.add_error("numbers", _("Scan or paste at least one number."))
        if typed.count("\n") > MOST_LINES:
            most = {"most": MOST_LINES}
            self.add_error(
                "numbers", _("At most %(most)s lines in one go, please.") % most
            )
        return self.cleaned_data

    @property
    def text(self) -> str:
        """Give all lines."""
        said = self.cleaned_data
        return "\n".join(part for part in (said["numbers"], said["file"]) if part)


class DeliveryForm(ListForm):
    """A delivery, and how many cards somebody counted in it."""

    counted = forms.IntegerField(
        label=gettext_lazy("Cards counted by hand"),
        min_value=0,
        max_value=100_000,
        widget=forms.NumberInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
        error_messages={
            "required": gettext_lazy("Count the cards by hand, too."),
            "invalid": gettext_lazy("Type a number of cards."),
        },
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Say what may stand behind a number."""
        super().__init__(*args, **kwargs)
        self.fields["numbers"].help_text = _(
            "Scan one card after the other, or one number a line. Behind a semicolon"
            " may stand the user name of the one person who gets this card."
        )


class AllotForm(ListForm):
    """Cards for many groups at once."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Say what stands behind a number."""
        super().__init__(*args, **kwargs)
        self.fields["numbers"].help_text = _(
            "One card a line: its number, a semicolon, the number of the group."
        )


class BackForm(ListForm):
    """What is left in a box."""

    may_be_empty = True


class AsideForm(forms.Form):
    """Where a card goes that nobody has."""

    to = forms.ChoiceField(
        label=gettext_lazy("Where it goes"),
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Choose where it goes.")},
    )
    why = forms.ChoiceField(
        label=gettext_lazy("Reason"),
        choices=[
            (one.value, one.label)
            for one in (Why.DAMAGED, Why.LOST, Why.MISSING, Why.FOUND, Why.OTHER)
        ],
    )

    def __init__(self, *args: Any, last: Move, **kwargs: Any) -> None:
        """Offer the ways that there are."""
        super().__init__(*args, **kwargs)
        field = self.fields["to"]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101 - the one above
        if last.target in {Spot.LOST, Spot.BLOCKED}:
            self.fields["why"].initial = Why.FOUND
        field.choices = [(spot.value, spot.label) for spot in ways_from(last)]

    @property
    def spot(self) -> Spot:
        """Give where it goes."""
        return Spot(self.cleaned_data["to"])

    @property
    def cause(self) -> Why:
        """Give the reason."""
        return Why(self.cleaned_data["why"])


def ways_from(last: Move) -> list[Spot]:
    """Give where a card can be put that lies somewhere."""
    if last.target == Spot.PERSON:
        return []
    elsewhere = {Spot.BOX, Spot.PERSON}
    return [spot for spot in Spot if spot in WAYS[last.target] - elsewhere]

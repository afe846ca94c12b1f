"""The pages of the form, one group of questions each."""

import re
import unicodedata
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.people.naming import foreign_characters, normalise

_PHONE = re.compile(r"\+?[\d\s()/.-]{5,}")
_GERMAN_ZIP = re.compile(r"\d{5}")
_GERMANY = frozenset({"deutschland", "germany", "de", "d"})
_LONGEST = 120


class LineField(forms.CharField):
    """One line of an address, kept letter-true."""

    def __init__(
        self, *, label: Any, missing: Any = "", hint: Any = "", autocomplete: str
    ) -> None:
        """Ask for it where ``missing`` says what to do."""
        attrs = {"autocomplete": autocomplete, "spellcheck": "false"}
        super().__init__(
            label=label,
            help_text=hint,
            required=bool(missing),
            max_length=_LONGEST,
            widget=forms.TextInput(attrs=attrs),
            error_messages={"required": missing} if missing else None,
        )

    def clean(self, value: Any) -> str:
        """Give it in NFC, with one kind of blank and hyphen."""
        line = normalise(super().clean(value))
        if any(unicodedata.category(sign) in {"Cc", "Cs", "Cn"} for sign in line):
            raise forms.ValidationError(
                _("There is a sign in it that cannot be printed. Please type it again.")
            )
        return line


class NameForm(forms.Form):
    """How the library addresses the person; the registered name is not asked for."""

    chosen_name = LineField(
        label=_("First name you go by"),
        hint=_("Leave it empty if it is the registered one."),
        autocomplete="given-name",
    )

    def clean_chosen_name(self) -> str:
        """Refuse what no name has (DIN 91379, type A)."""
        name: str = self.cleaned_data["chosen_name"]
        foreign = foreign_characters(name)
        if foreign:
            raise forms.ValidationError(
                _("Names do not have the sign at place %(place)d. Please check it."),
                params={"place": foreign[0].position},
            )
        return name


class AddressForm(forms.Form):
    """Where letters from the library arrive."""

    street = LineField(
        label=_("Street and number"),
        missing=_("Enter street and number."),
        autocomplete="address-line1",
    )
    address_extra = LineField(
        label=_("Address line 2"),
        hint=_("For example the name on the letter box, if it is not yours."),
        autocomplete="address-line2",
    )
    zip = LineField(
        label=_("Postal code"),
        missing=_("Enter the postal code."),
        autocomplete="postal-code",
    )
    city = LineField(
        label=_("Town"), missing=_("Enter the town."), autocomplete="address-level2"
    )
    country = LineField(
        label=_("Country"),
        missing=_("Enter the country."),
        autocomplete="country-name",
    )

    def clean(self) -> dict[str, Any]:
        """Know what a German postal code looks like."""
        country = self.cleaned_data.get("country", "").lower()
        typed = self.cleaned_data.get("zip")
        if typed and country in _GERMANY and not _GERMAN_ZIP.fullmatch(typed):
            self.add_error("zip", _("A postal code in Germany has five digits."))
        return self.cleaned_data


class ContactForm(forms.Form):
    """How the library reaches the person sooner than by letter."""

    email = forms.EmailField(
        label=_("E-mail address"),
        help_text=_(
            "The library writes there when books are due or have arrived. Your"
            " Leuphana address or a private one."
        ),
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "email", "spellcheck": "false"}),
        error_messages={
            "required": _("Enter an e-mail address."),
            "invalid": _("Enter a complete e-mail address, like name@mail.example."),
        },
    )
    phone = forms.CharField(
        label=_("Phone number"),
        required=False,
        max_length=40,
        widget=forms.TextInput(attrs={"autocomplete": "tel", "inputmode": "tel"}),
    )

    def clean_phone(self) -> str:
        """Take digits and what people put between them."""
        phone: str = normalise(self.cleaned_data["phone"])
        if phone and not _PHONE.fullmatch(phone):
            raise forms.ValidationError(
                _("Enter a phone number, like +49 4131 000-0, or leave it empty.")
            )
        return phone


class TermsForm(forms.Form):
    """Agreement to what the library asks of everybody."""

    agree = forms.BooleanField(
        label=_("I agree to the library’s terms of use."),
        error_messages={
            "required": _(
                "Please agree to the library’s terms: without them it lends nothing."
            )
        },
    )

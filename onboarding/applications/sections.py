"""The form as it is read: pages in order, and what each begins with."""

from dataclasses import dataclass

from django import forms
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext

from accounts.mailbox.reach import reachable
from accounts.people.models import Person
from onboarding.applications.forms import (
    AddressForm,
    ContactForm,
    NameForm,
    TermsForm,
)
from onboarding.applications.models import LibraryRegistration, SavedPage

Values = dict[str, str | bool]


@dataclass(frozen=True, slots=True)
class Section:
    """One page of the form."""

    key: str
    title: Promise
    form: type[forms.Form]


SECTIONS: tuple[Section, ...] = (
    Section("name", _("Your name"), NameForm),
    Section("address", _("Your postal address"), AddressForm),
    Section("contact", _("How the library reaches you"), ContactForm),
    Section("terms", _("The library’s terms of use"), TermsForm),
)


def section(key: str) -> Section | None:
    """Give the page of this name."""
    return next((one for one in SECTIONS if one.key == key), None)


def saved_pages(person: int) -> dict[str, Values]:
    """Give the pages that a person (id) has saved and not sent yet."""
    rows = SavedPage.objects.filter(person=person)
    return dict(rows.values_list("section", "values"))


def beginning(
    one: Section, *, person: Person, told: LibraryRegistration | None
) -> Values:
    """Give what a page begins with: what was sent before, else what is known."""
    known = told.values if told else _from_the_export(person)
    return {name: known[name] for name in one.form.base_fields if name in known}


def unsaved(saved: dict[str, Values]) -> Section | None:
    """Give the first page that is still to be filled in."""
    return next((one for one in SECTIONS if one.key not in saved), None)


def _from_the_export(person: Person) -> dict[str, str]:
    return {
        "chosen_name": person.chosen_name,
        "phone": person.mobile,
        # A private address that nobody has proved is used for nothing.
        "email": reachable(person.pk),
        "country": pgettext("country", "Germany"),
    }

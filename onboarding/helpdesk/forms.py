"""What the help desk types in."""

import re
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.journal.record import Fact
from accounts.signin.credentials import is_initial_password
from accounts.signin.forms import PrivateAddressForm
from onboarding.enrolment.models import TutorGroup
from onboarding.helpdesk.checks import Cause, Check, Document, Doubt
from onboarding.helpdesk.finding import LONGEST
from onboarding.helpdesk.looks import Reason
from onboarding.notes.models import LONGEST as LONGEST_NOTE
from onboarding.notes.models import Readers

_TICKET = re.compile(r"[\w#./-]{1,32}")
# What an initial password looks like, printed or typed.
_SECRET = re.compile(r"(?:[^\s-]{4}-){2}[^\s-]{4}|(?=\S*\d)\S{12}")
_PLAIN = {"autocomplete": "off", "spellcheck": "false"}


class FindForm(forms.Form):
    """Whom the desk looks for."""

    who = forms.CharField(
        label=_("Find a person"),
        help_text=_(
            "Name in any spelling, user name, matriculation number, card number or"
            " e-mail address."
        ),
        max_length=LONGEST,
        widget=forms.TextInput(
            attrs={**_PLAIN, "autofocus": True, "data-search": True}
        ),
        error_messages={"required": _("Type a name, a number or an address.")},
    )


class TicketField(forms.CharField):
    """The number of a ticket elsewhere."""

    def __init__(self, **kwargs: Any) -> None:
        """Take letters, digits and a few signs."""
        super().__init__(
            label=_("Ticket number"),
            required=False,
            max_length=32,
            widget=forms.TextInput(attrs=_PLAIN),
            **kwargs,
        )

    def clean(self, value: Any) -> str:
        """Give the number, without blanks around it."""
        ticket = str(super().clean(value) or "").strip()
        if ticket and not _TICKET.fullmatch(ticket):
            raise forms.ValidationError(
                _("A ticket number has letters, digits, hyphens and the like.")
            )
        return ticket


class ReasonForm(forms.Form):
    """Why a record is opened."""

    reason = forms.ChoiceField(
        label=_("Why do you open this record?"),
        choices=Reason.choices,
        widget=forms.RadioSelect(attrs={"autofocus": True}),
        error_messages={"required": _("Choose why you open this record.")},
    )
    ticket = TicketField()

    def __init__(self, *args: Any, family: bool = False, **kwargs: Any) -> None:
        """Ask whether it is family where the name could be the agent's own."""
        super().__init__(*args, **kwargs)
        if family:
            self.fields["no_family"] = forms.BooleanField(
                label=_("This is nobody of my family, and no friend of mine."),
                error_messages={
                    "required": _(
                        "Leave the record of family and friends to a colleague. If it"
                        " is neither, say so."
                    )
                },
            )

    def clean(self) -> dict[str, Any]:
        """Ask for the number where a ticket is the reason."""
        about_a_ticket = self.cleaned_data.get("reason") == Reason.TICKET
        if about_a_ticket and not self.cleaned_data.get("ticket", "?"):
            self.add_error("ticket", _("Type the number of the ticket."))
        return self.cleaned_data

    @property
    def why(self) -> Reason:
        """Give the reason."""
        return Reason(self.cleaned_data["reason"])


class MoveForm(forms.Form):
    """Which tutor group somebody goes to."""

    group = forms.ModelChoiceField(
        label=_("Group"),
        queryset=TutorGroup.objects.order_by("number"),
        empty_label=_("Choose a group"),
        widget=forms.Select(attrs={"autofocus": True}),
        error_messages={
            "required": _("Choose a group."),
            "invalid_choice": _("Choose a group."),
        },
    )

    def __init__(
        self, *args: Any, now: TutorGroup | None = None, **kwargs: Any
    ) -> None:
        """Offer all groups but the one that the person is in now."""
        super().__init__(*args, **kwargs)
        if now is not None:
            others = TutorGroup.objects.exclude(pk=now.pk).order_by("number")
            self.fields["group"].queryset = others  # type: ignore[attr-defined]


class NoteForm(forms.Form):
    """What colleagues are told about a person."""

    text = forms.CharField(
        label=_("Note"),
        help_text=_(
            "Facts alone: the person may read every note on request (GDPR, Article 15)."
            " No passwords, nothing about health, origin or opinions."
        ),
        max_length=LONGEST_NOTE,
        widget=forms.Textarea(attrs={"rows": 4, "autofocus": True}),
        error_messages={"required": _("Write what colleagues should know.")},
    )
    readers = forms.ChoiceField(
        label=_("Who reads it"),
        choices=Readers.choices,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose who reads the note.")},
    )

    def clean_text(self) -> str:
        """Keep initial passwords out of the database."""
        return _without_secret(self.cleaned_data["text"])

    @property
    def who_reads(self) -> Readers:
        """Give who reads it."""
        return Readers(self.cleaned_data["readers"])


class HandOnForm(forms.Form):
    """That a matter goes to somebody else."""

    matter = forms.CharField(
        label=_("What they are to do"),
        help_text=_(
            "Facts alone. It goes along with the text above, and stays as a note of the"
            " help desk."
        ),
        required=False,
        max_length=LONGEST_NOTE,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    ticket = TicketField(
        help_text=_("If there is one. The other side finds the matter by it.")
    )

    def clean_matter(self) -> str:
        """Keep initial passwords out of the database."""
        return _without_secret(self.cleaned_data["matter"])


class CheckForm(forms.Form):
    """How somebody proved who they are; a part of every form that needs it."""

    check_made = forms.ChoiceField(
        label=_("How did the person prove who they are?"),
        help_text=_(
            "What somebody knows is never enough: neither a date of birth nor a"
            " matriculation number, and no call-back by phone."
        ),
        choices=[(one.value, one.label) for one in (Check.IN_PERSON, Check.VIDEO)],
        widget=forms.RadioSelect(attrs={"autofocus": True}),
        error_messages={"required": _("Choose which check was made.")},
    )
    document = forms.ChoiceField(
        label=_("Which photo ID was shown?"),
        help_text=_("Its kind alone is kept, never its number."),
        choices=Document.choices,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose which photo ID was shown.")},
    )

    @property
    def facts(self) -> dict[str, Fact]:
        """Give what the journal keeps."""
        return {
            "check": self.cleaned_data["check_made"],
            "document": self.cleaned_data["document"],
        }


class TheirAddressForm(PrivateAddressForm):
    """The same as a student types in, in words for the desk."""

    lost_with_it = _(
        "This address is the university’s: nobody reads it without the password. It"
        " has to be one outside."
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Say what happens with it."""
        super().__init__(*args, **kwargs)
        self.fields["address"].help_text = _(
            "A code goes there; who reads it there reads it out here."
        )


class DecideForm(forms.Form):
    """Why a second agent does not agree, where that is to be said."""

    why = forms.ChoiceField(
        label=_("If you decline: why"),
        choices=[("", _("not said")), *Doubt.choices],
        required=False,
        widget=forms.Select,
    )


class NewPasswordForm(CheckForm):
    """Who gets a new initial password, and why."""

    cause = forms.ChoiceField(
        label=_("Why is it needed?"),
        choices=Cause.choices,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose why it is needed.")},
    )

    @property
    def facts(self) -> dict[str, Fact]:
        """Give what the journal keeps, the reason too."""
        return {**super().facts, "cause": self.cleaned_data["cause"]}


def _without_secret(text: str) -> str:
    if any(is_initial_password(one) for one in _SECRET.findall(text)):
        raise forms.ValidationError(
            _("That looks like an initial password. Passwords stand in no note.")
        )
    return text

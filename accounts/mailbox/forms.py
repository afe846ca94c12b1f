"""The forms of e-mail: an address, a code, an own password."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.signin.forms import NewPasswordField, PasswordField


class AddressForm(forms.Form):
    """One of the addresses that are offered."""

    address = forms.ChoiceField(
        label=_("Your address"),
        widget=forms.RadioSelect,
        error_messages={
            "required": _("Choose an address."),
            "invalid_choice": _(
                "This address is not free any more. Please choose another one."
            ),
        },
    )

    def __init__(self, *args: Any, offered: Sequence[str], **kwargs: Any) -> None:
        """Offer these; the first is chosen beforehand."""
        super().__init__(*args, **kwargs)
        field = self.fields["address"]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101 - the one above
        field.choices = [(one, one) for one in offered]
        if offered:
            field.initial = offered[0]


class MailPasswordForm(forms.Form):
    """The account's password as proof, and the one for e-mail."""

    password = PasswordField(
        label=_("Password of your Leuphana account"), autocomplete="current-password"
    )
    new_password = NewPasswordField()

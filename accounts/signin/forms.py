"""What people fill in to activate, sign in and get back in."""

from typing import Any

from django import forms
from django.conf import settings
from django.http import HttpRequest, QueryDict
from django.utils.translation import gettext_lazy as _

from accounts.signin.credentials import (
    Slip,
    UnusablePassword,
    canonical_account,
    is_initial_password,
    opaque,
    read_initial_password,
)

LONGEST = 256


def sent(request: HttpRequest) -> QueryDict | None:
    """Give what was sent, even where it is nothing at all; nothing to a mere look."""
    return request.POST if request.method == "POST" else None


class AccountField(forms.CharField):
    """A user name in whatever form it is typed; cleaned, it is canonical."""

    def __init__(self, **kwargs: Any) -> None:
        """Set what helps phones and password managers."""
        super().__init__(
            label=_("User name"),
            max_length=LONGEST,
            strip=True,
            widget=forms.TextInput(
                attrs={
                    "autocomplete": "username",
                    "autocapitalize": "none",
                    "spellcheck": "false",
                }
            ),
            error_messages={"required": _("Enter your user name.")},
            **kwargs,
        )

    def clean(self, value: Any) -> str:
        """Give the canonical name."""
        account = canonical_account(super().clean(value))
        if account is None:
            raise forms.ValidationError(
                _(
                    "This cannot be a user name. It stands in your letter and begins"
                    " with “lg”."
                )
            )
        return account


class PasswordField(forms.CharField):
    """A password, normalised once for both LDAP libraries; never shown again."""

    def __init__(self, *, label: Any, autocomplete: str, **kwargs: Any) -> None:
        """Keep blanks, and let the browser's password manager do its work."""
        attributes = {"autocomplete": autocomplete, "spellcheck": "false"}
        super().__init__(
            label=label,
            max_length=LONGEST,
            strip=False,
            widget=forms.PasswordInput(attrs=attributes, render_value=False),
            error_messages={"required": _("Enter your password.")},
            **kwargs,
        )

    def clean(self, value: Any) -> str:
        """Give the one form that reaches the directory."""
        try:
            return opaque(super().clean(value))
        except UnusablePassword as unusable:
            raise forms.ValidationError(str(unusable)) from None


class NewPasswordField(PasswordField):
    """A password to be: what is wrong with it is judged by the policy."""

    def __init__(self) -> None:
        """Name it."""
        super().__init__(label=_("New password"), autocomplete="new-password")
        self.error_messages["required"] = _("Choose a password.")


class InitialPasswordField(forms.CharField):
    """The initial password from the letter, read tolerantly; a slip is said so."""

    def __init__(self) -> None:
        """Show it as typed: it is printed on paper, and easy to misread."""
        super().__init__(
            label=_("Initial password"),
            help_text=_(
                "From your letter. Capitals, blanks and hyphens do not matter."
            ),
            max_length=LONGEST,
            strip=False,
            widget=forms.TextInput(
                attrs={
                    "autocomplete": "one-time-code",
                    "autocapitalize": "characters",
                    "spellcheck": "false",
                    "class": "typed-code",
                }
            ),
            error_messages={
                "required": _("Enter the initial password from your letter.")
            },
        )

    def clean(self, value: Any) -> str:
        """Give the secret as the directory has it."""
        read = read_initial_password(super().clean(value))
        if isinstance(read, Slip):
            raise forms.ValidationError(read.sentence())
        try:
            return opaque(read.secret)
        except UnusablePassword as unusable:
            raise forms.ValidationError(str(unusable)) from None


class SecretsGo(forms.Form):
    """A form that comes back without what was secret in it; the rest stays."""

    def without_secrets(self) -> "SecretsGo":
        """Give the form for another try."""
        blank = dict.fromkeys(("initial_password", *self._mistaken_for_a_name()), "")
        self.data = {**dict(self.data.items()), **blank}
        return self

    def _mistaken_for_a_name(self) -> tuple[str, ...]:
        """People type passwords into the wrong field; what may be one is not shown."""
        typed = str(self.data.get("account", "")).strip()
        long = len(typed) >= settings.PASSWORD_LEAST and "@" not in typed
        return ("account",) if long and "account" in self.errors else ()


class ActivationForm(SecretsGo):
    """All of activation: one page, one POST."""

    account = AccountField()
    initial_password = InitialPasswordField()
    new_password = NewPasswordField()
    agree = forms.BooleanField(
        label=_("I agree to the terms of use and have read the privacy notice."),
        error_messages={
            "required": _(
                "Please agree to the terms of use: there is no account without them."
            )
        },
    )

    def clean_account(self) -> str:
        """Say so where the initial password stands in the place of the name."""
        if is_initial_password(str(self.data.get("account", ""))):
            raise forms.ValidationError(
                _(
                    "This is the initial password. The user name stands above it in"
                    " your letter and begins with “lg”."
                )
            )
        account: str = self.cleaned_data["account"]
        return account


class SignInForm(SecretsGo):
    """User name and password."""

    account = AccountField()
    password = PasswordField(label=_("Password"), autocomplete="current-password")


class ProofForm(forms.Form):
    """The own password, once more."""

    password = PasswordField(label=_("Your password"), autocomplete="current-password")


class PasswordChangeForm(forms.Form):
    """The old password and the next."""

    password = PasswordField(
        label=_("Current password"), autocomplete="current-password"
    )
    new_password = NewPasswordField()


class ForgottenForm(forms.Form):
    """Whose password is lost."""

    account = AccountField()


class CodeField(forms.CharField):
    """A code from a mail; blanks do not matter."""

    def __init__(self) -> None:
        """Bring up the number keys."""
        super().__init__(
            label=_("Code from the e-mail"),
            help_text=_("Eight digits. The newest code counts."),
            max_length=32,
            widget=forms.TextInput(
                attrs={
                    "autocomplete": "one-time-code",
                    "inputmode": "numeric",
                    "spellcheck": "false",
                }
            ),
            error_messages={"required": _("Enter the code from the e-mail.")},
        )


class NewPasswordForm(forms.Form):
    """The code and the password that takes the place of the lost one."""

    code = CodeField()
    new_password = NewPasswordField()


class CodeForm(forms.Form):
    """The code alone."""

    code = CodeField()


class OwnershipForm(forms.Form):
    """The account's password alone: an open session does not say who holds the phone.

    Beside another form on one page it has a prefix, so that no field is there twice.
    """

    password = PasswordField(
        label=_("Password of your Leuphana account"),
        autocomplete="current-password",
        help_text=_("So that nobody else does this while you are away."),
    )


class PrivateAddressForm(forms.Form):
    """The private address that a code may be sent to."""

    lost_with_it = _(
        "Choose an address outside the university: you cannot read this one without"
        " your password."
    )
    address = forms.EmailField(
        label=_("Private e-mail address"),
        help_text=_("We send a code there, so that you can prove that it is yours."),
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "email", "spellcheck": "false"}),
        error_messages={
            "required": _("Enter an e-mail address."),
            "invalid": _("Enter a complete e-mail address, like name@mail.example."),
        },
    )

    def __init__(self, *args: Any, own_domain: str, **kwargs: Any) -> None:
        """Know which addresses end with the account itself."""
        super().__init__(*args, **kwargs)
        self.own_domain = own_domain

    def clean_address(self) -> str:
        """Refuse an address that is lost together with the password."""
        address: str = self.cleaned_data["address"]
        domain = address.rpartition("@")[2].lower()
        if domain == self.own_domain or self.own_domain.endswith(f".{domain}"):
            raise forms.ValidationError(self.lost_with_it)
        return address


class RecoveryForm(PrivateAddressForm):
    """The same, from the account's owner."""

    password = PasswordField(
        label=_("Password of your Leuphana account"),
        autocomplete="current-password",
        help_text=_("So that nobody else does this while you are away."),
    )


class ConsentForm(forms.Form):
    """Agreement to the documents in force."""

    agree = forms.BooleanField(
        label=_("I agree to the terms of use and have read the privacy notice."),
        error_messages={
            "required": _(
                "Please agree to the terms of use: there is no account without them."
            )
        },
    )

"""The forms of myStudy: an account, and its password."""

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.mystudy.user_name import LONGEST, canonical
from accounts.signin.forms import NewPasswordField, PasswordField


class UserNameField(forms.CharField):
    """A user name to be; whether it may be is judged by the rule."""

    def __init__(self) -> None:
        """Set what helps phones and password managers."""
        super().__init__(
            label=_("User name for myStudy"),
            help_text=_(
                "Small letters, digits, dots and hyphens. You cannot change it later."
            ),
            # Room for a slip: the rule says what is too long.
            max_length=4 * LONGEST,
            strip=True,
            widget=forms.TextInput(
                attrs={
                    "autocomplete": "username",
                    "autocapitalize": "none",
                    "spellcheck": "false",
                }
            ),
            error_messages={"required": _("Choose a user name.")},
        )

    def clean(self, value: object) -> str:
        """Give the one form of the name."""
        return canonical(super().clean(value))


class _Proof(PasswordField):
    def __init__(self) -> None:
        super().__init__(
            label=_("Password of your Leuphana account"),
            autocomplete="off",
            help_text=_("So that nobody else does this while you are away."),
        )


class AccountForm(forms.Form):
    """A user name, a password, and the Leuphana account's as proof."""

    user_name = UserNameField()
    new_password = NewPasswordField()
    password = _Proof()

    def __init__(self, *args: object, **kwargs: object) -> None:
        """Call the new password what it is."""
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        self.fields["new_password"].label = _("Password for myStudy")


class AccountPasswordForm(forms.Form):
    """A new password, and the Leuphana account's as proof."""

    password = _Proof()
    new_password = NewPasswordField()

    def __init__(self, *args: object, **kwargs: object) -> None:
        """Call the new password what it is."""
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        self.fields["new_password"].label = _("New password for myStudy")

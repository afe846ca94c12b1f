"""What is filled in for the second factor."""

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.signin.forms import AccountField

IN_PERSON, BY_VIDEO = "in_person", "by_video"


class CodeField(forms.CharField):
    """The six digits that an app shows."""

    def __init__(self) -> None:
        """Bring up the number keys; browsers with a password manager fill it in."""
        super().__init__(
            label=_("Code from the app"),
            help_text=_("Six digits. A code can be used once."),
            max_length=32,
            widget=forms.TextInput(
                attrs={
                    "autocomplete": "one-time-code",
                    "inputmode": "numeric",
                    "spellcheck": "false",
                    "autofocus": True,
                }
            ),
            error_messages={"required": _("Enter the code from the app.")},
        )


class CodeForm(forms.Form):
    """The code alone."""

    code = CodeField()


class WayBackForm(forms.Form):
    """The code that the lead of the help desk gave."""

    back = forms.CharField(
        label=_("Code from the help desk"),
        help_text=_("Twelve letters and digits. Capitals and hyphens do not matter."),
        max_length=64,
        widget=forms.TextInput(
            attrs={
                "autocomplete": "off",
                "autocapitalize": "characters",
                "spellcheck": "false",
                "class": "typed-code",
            }
        ),
        error_messages={"required": _("Enter the code from the help desk.")},
    )


class ResetForm(forms.Form):
    """Whose second factor is lost, and how the lead knows who asks."""

    account = AccountField()
    check = forms.ChoiceField(
        label=_("How did you check who it is?"),
        help_text=_("What somebody knows is not enough, nor is a call."),
        choices=[
            (IN_PERSON, _("In person, with a photo ID")),
            (BY_VIDEO, _("By video with a photo ID, and a second colleague saw it")),
        ],
        widget=forms.RadioSelect,
        error_messages={"required": _("Say how you checked who it is.")},
    )

"""What a registrar hands in and confirms."""

from collections.abc import Mapping, Sequence
from io import BytesIO
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from onboarding.enrolment.layout import read_layout
from onboarding.enrolment.tutor_file import check_groups
from onboarding.enrolment.uploads import Upload, check_header
from onboarding.enrolment.wording import FileRefused, kept_sentence

MEGABYTE = 1_000_000
MOST = {"export": 50 * MEGABYTE, "layout": MEGABYTE // 10, "tutor_groups": MEGABYTE}
# The header lies within the first so many bytes.
BEGINNING = 128 * 1024


class UploadForm(forms.Form):
    """An enrolment export, and what may go with it."""

    export = forms.FileField(
        label=_("Enrolment export"),
        help_text=_(
            "A CSV file of at most 50 MB, such as enrolment-20260915T060000-181.csv."
        ),
        widget=forms.FileInput(attrs={"accept": ".csv,text/csv"}),
        error_messages={
            "required": _("Choose a file whose name ends in .csv."),
            "empty": _("This file is empty."),
        },
    )
    tutor_groups = forms.FileField(
        label=_("Tutor groups"),
        required=False,
        help_text=_("A CSV file with tutors, deputies and meeting points."),
        widget=forms.FileInput(attrs={"accept": ".csv,text/csv"}),
    )
    layout = forms.FileField(
        label=_("Layout"),
        required=False,
        help_text=_("A mapping file (TOML), if the export has another layout."),
        widget=forms.FileInput(attrs={"accept": ".toml"}),
    )

    def clean_export(self) -> "UploadedFile[bytes]":
        """Take a CSV file of bearable size."""
        export: UploadedFile[bytes] = self.cleaned_data["export"]
        _check_size("export", export)
        if not str(export.name).lower().endswith(".csv"):
            raise forms.ValidationError(_("Choose a file whose name ends in .csv."))
        return export

    def clean_layout(self) -> str:
        """Take a mapping that can be read."""
        layout: UploadedFile[bytes] | None = self.cleaned_data["layout"]
        if layout is None:
            return ""
        _check_size("layout", layout)
        try:
            text: str = layout.read().decode("utf-8-sig")
            read_layout(text)
        except UnicodeDecodeError as wrong:
            raise forms.ValidationError(
                _("The layout is not written in UTF-8.")
            ) from wrong
        except FileRefused as refused:
            raise _as_errors(refused) from refused
        return text

    def clean_tutor_groups(self) -> bytes | None:
        """Take a file of tutor groups with the columns we know."""
        groups: UploadedFile[bytes] | None = self.cleaned_data["tutor_groups"]
        if groups is None:
            return None
        _check_size("tutor_groups", groups)
        content: bytes = groups.read()
        try:
            check_groups(BytesIO(content))
        except FileRefused as refused:
            raise _as_errors(refused) from refused
        return content

    def clean(self) -> dict[str, Any]:
        """Say at once what is wrong with the header."""
        cleaned = self.cleaned_data
        if "export" in cleaned and "layout" in cleaned:
            export: UploadedFile[bytes] = cleaned["export"]
            export.seek(0)
            try:
                check_header(
                    name=str(export.name),
                    beginning=export.read(BEGINNING),
                    layout=cleaned["layout"],
                    today=timezone.localdate(),
                )
            except FileRefused as refused:
                self.add_error("export", _as_errors(refused))
        return cleaned

    def upload(self) -> Upload:
        """Give what was handed in."""
        export: UploadedFile[bytes] = self.cleaned_data["export"]
        return Upload(
            name=str(export.name),
            chunks=export.chunks(),
            layout=self.cleaned_data["layout"],
            tutor_groups=self.cleaned_data["tutor_groups"],
        )


class ConfirmForm(forms.Form):
    """One box to tick for each brake that holds the file; all are needed."""

    def __init__(self, *args: Any, brakes: Sequence[Mapping[str, Any]]) -> None:
        """Take the brakes as the preview keeps them."""
        super().__init__(*args)
        for one in brakes:
            reason = {"reason": kept_sentence(one["reason"])}
            missing = _("Tick this if you have checked it: %(reason)s") % reason
            self.fields[one["brake"]] = forms.BooleanField(
                label=_("Apply it all the same: %(reason)s") % reason,
                error_messages={"required": missing},
            )


def _check_size(field: str, file: "UploadedFile[bytes]") -> None:
    if (file.size or 0) > MOST[field]:
        megabytes = {"most": MOST[field] / MEGABYTE}
        raise forms.ValidationError(
            _("This file is larger than %(most)g MB."), params=megabytes
        )


def _as_errors(refused: FileRefused) -> forms.ValidationError:
    return forms.ValidationError([str(sentence) for sentence in refused.sentences])

"""Registrations with the library: pages as they are filled in, and what was sent."""

from typing import ClassVar

from django.db import models

from accounts.people.models import Person


class SavedPage(models.Model):
    """One page of the form as a person left it; gone once the form is sent.

    A row for each page, so that two tabs never take something from each other.
    """

    person = models.ForeignKey(
        Person, on_delete=models.CASCADE, related_name="saved_pages"
    )
    section = models.CharField(max_length=16)
    values = models.JSONField(default=dict)
    saved_at = models.DateTimeField()

    class Meta:
        """A page is saved once, over what was there before."""

        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["person", "section"], name="one_saved_page_per_section"
            )
        ]

    def __str__(self) -> str:
        """Name section and person."""
        return f"{self.section}:{self.person_id}"


class MistakenPage(models.Model):
    """A page as it was typed with a mistake in it: shown again, but never counted.

    Gone as soon as the page is right, or the form is sent or let go of.
    """

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="+")
    section = models.CharField(max_length=16)
    typed = models.JSONField(default=dict)
    typed_at = models.DateTimeField()

    class Meta:
        """The last mistake on a page is the one that is shown."""

        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["person", "section"], name="one_mistaken_page_per_section"
            )
        ]

    def __str__(self) -> str:
        """Name section and person."""
        return f"{self.section}:{self.person_id}"


class LibraryRegistration(models.Model):
    """What a person told the library; a correction is a new row, none is changed."""

    person = models.ForeignKey(
        Person, on_delete=models.CASCADE, related_name="library_registrations"
    )
    # 1 is the registration, everything after it a correction.
    version = models.PositiveSmallIntegerField()
    # On the receipt, the same for every version.
    reference = models.CharField(max_length=9)
    submitted_at = models.DateTimeField()
    # Names and values in the order of the form: [["family_name", "…"], …].
    fields = models.JSONField()
    terms_version = models.CharField(max_length=32)

    class Meta:
        """A form is sent once, however often the button is pressed."""

        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["person", "version"], name="one_library_registration"
            ),
            models.UniqueConstraint(
                fields=["reference", "version"], name="one_registration_per_reference"
            ),
        ]

    def __str__(self) -> str:
        """Give the reference number."""
        return self.reference

    @property
    def values(self) -> dict[str, str]:
        """Give what was told, by name."""
        return dict(self.fields)

"""People as the portal knows them; none of them has a password here."""

from collections.abc import Iterator
from typing import Any, ClassVar

from django.conf import settings
from django.contrib.auth.models import AbstractBaseUser, BaseUserManager
from django.db import models
from django.utils.crypto import salted_hmac

from accounts.people.naming import LONGEST_KEY, display_name, name_key, sort_key


class People(BaseUserManager["Person"]):
    """Finds people by the names that they sign in with."""

    def get_by_natural_key(self, username: str | None) -> "Person":
        """Give the person with this account name."""
        return self.get(account_name=username)


class Kind(models.TextChoices):
    """Where in the directory a person's entry lives."""

    STUDENT = "student"
    STAFF = "staff"


class Language(models.TextChoices):
    """The languages the portal speaks."""

    GERMAN = "de", "Deutsch"
    ENGLISH = "en", "English"


class Person(AbstractBaseUser):
    """One human being; names are stored letter-true in NFC (DIN 91379, type A)."""

    # The directory alone knows passwords.
    password = None  # type: ignore[assignment]

    kind = models.CharField(
        max_length=8, choices=Kind.choices, default=Kind.STUDENT, db_default="student"
    )
    # Null, since several of the staff have none and the others are unique.
    person_key = models.CharField(  # noqa: DJ001
        max_length=64, unique=True, null=True
    )
    account_name = models.CharField(max_length=64, unique=True)
    matriculation_no = models.CharField(max_length=16, blank=True, db_index=True)
    given_names = models.CharField(max_length=255, blank=True)
    family_name = models.CharField(max_length=255, blank=True)
    chosen_name = models.CharField(max_length=255, blank=True)
    # All spellings and orders of the names, so that the database finds the same name;
    # see ``naming.name_key``.
    name_key = models.CharField(max_length=LONGEST_KEY, blank=True, db_default="")
    # As the export has it: YYYY-MM-DD, YYYY-MM, YYYY or empty.
    birth_date = models.CharField(max_length=10, blank=True)
    private_email = models.CharField(max_length=254, blank=True)
    mobile = models.CharField(max_length=32, blank=True)
    language = models.CharField(max_length=2, choices=Language.choices, blank=True)
    confidential = models.BooleanField(default=False)
    created_at = models.DateTimeField()

    # When the account was first activated; never taken back.
    activated_at = models.DateTimeField(null=True)
    # Until when an initial password that we set is valid; empty once the person
    # has a password of their own.
    initial_password_until = models.DateTimeField(null=True)

    # Counts the changes of the password: sessions from before one end with it.
    password_changes = models.PositiveIntegerField(default=0)

    # The account of the same human being that stays, where this one is closed: it has
    # no services, and nobody else ever gets its name.
    merged_into = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, related_name="merged_from"
    )

    USERNAME_FIELD = "account_name"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    objects = People()

    class Meta:
        """A person is known to student administration, or works here."""

        constraints: ClassVar = [
            models.CheckConstraint(
                name="student_has_a_person_key",
                condition=models.Q(kind="staff") | models.Q(person_key__isnull=False),
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["name_key", "birth_date"], name="people_of_one_name")
        ]

    def __str__(self) -> str:
        """Give the name that everybody may see."""
        return self.display_name

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Keep the key of the names beside them."""
        self.key_names()
        super().save(*args, **kwargs)

    def key_names(self) -> None:
        """Work the key out anew; whoever writes many at a time does so first."""
        self.name_key = name_key(
            given_names=self.given_names, family_name=self.family_name
        )

    @property
    def display_name(self) -> str:
        """Give the chosen name where there is one (DOMAIN: it is shown everywhere)."""
        return display_name(
            given_names=self.given_names,
            family_name=self.family_name,
            chosen_name=self.chosen_name,
        )

    @property
    def current(self) -> "Person":
        """Give the account of this human being that is open: this one, or who stays."""
        return self.merged_into or self

    @property
    def sort_key(self) -> str:
        """Give the place in a list of names (DIN 5007-2)."""
        return sort_key(f"{self.family_name} {self.given_names}")

    def get_session_auth_hash(self) -> str:
        """Bind sessions to the password in force, without knowing it."""
        return self._hash(settings.SECRET_KEY)

    def get_session_auth_fallback_hash(self) -> Iterator[str]:
        """Give the same under the keys before the present one."""
        for key in settings.SECRET_KEY_FALLBACKS:
            yield self._hash(key)

    def _hash(self, key: str | bytes) -> str:
        facts = f"{self.pk}:{self.password_changes}"
        return salted_hmac("accounts.people.session", facts, secret=key).hexdigest()

    @property
    def has_own_password(self) -> bool:
        """Say whether the person chose the password that is in force."""
        return self.activated_at is not None and self.initial_password_until is None


class NameWord(models.Model):
    """A word that occurs in names, in the search form of DIN 91379: A to Z."""

    word = models.CharField(max_length=64, unique=True)

    def __str__(self) -> str:
        """Give the word."""
        return self.word


class NearWord(models.Model):
    """A word of names with one letter left out."""

    near = models.CharField(max_length=64)
    word = models.ForeignKey(NameWord, on_delete=models.CASCADE, related_name="+")

    class Meta:
        """Looked up by what is left."""

        constraints: ClassVar = [
            models.UniqueConstraint(fields=["near", "word"], name="one_near_word")
        ]

    def __str__(self) -> str:
        """Give what is left of the word."""
        return self.near


class PersonWord(models.Model):
    """Somebody is found by a word; see ``register``."""

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="words")
    word = models.ForeignKey(NameWord, on_delete=models.CASCADE, related_name="+")
    # The place in a list of names.
    place = models.CharField(max_length=64)

    class Meta:
        """The first of a long list are found without reading all of it."""

        constraints: ClassVar = [
            models.UniqueConstraint(fields=["person", "word"], name="one_word_each")
        ]
        indexes: ClassVar = [
            models.Index(fields=["word", "place", "person"], name="people_by_word")
        ]

    def __str__(self) -> str:
        """Name both by number."""
        return f"{self.person_id}: {self.word_id}"

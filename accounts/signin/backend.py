"""Signing in: django-auth-ldap asks the directory; nothing else knows passwords."""

from typing import Any

import ldap
from django.dispatch import receiver
from django.utils import timezone
from django.views.decorators.debug import sensitive_variables
from django_auth_ldap.backend import LDAPBackend, ldap_error

from accounts.directory import door, gateway, passwords
from accounts.directory.errors import DirectoryUnavailable
from accounts.people.lifecycle import come_to_know
from accounts.people.models import Kind, Person

# Every page asks it: to compose the query anew takes Django three times as long.
_BY_ID = "SELECT * FROM people_person WHERE id = %s"
_CANNOT_BIND = (
    ldap.INAPPROPRIATE_AUTH,
    ldap.UNWILLING_TO_PERFORM,
    ldap.CONSTRAINT_VIOLATION,
)


class DirectoryBackend(LDAPBackend):  # type: ignore[misc]
    """Binds as the person; makes no student, and the staff's record at first sight."""

    @sensitive_variables("password")
    def authenticate_ldap_user(self, ldap_user: Any, password: str) -> Person | None:
        """Give the person, or nothing after the time that a wrong password takes.

        Raises DirectoryUnavailable where the directory does not answer: that is
        nobody's wrong password.
        """
        with door.asking():
            person: Person | None = super().authenticate_ldap_user(ldap_user, password)
        if person is None:
            # Equal work: where nothing was hashed, something is hashed now.
            entry = gateway.person(ldap_user._username)  # noqa: SLF001 - its only name
            if entry is None or entry.dormant:
                passwords.spend(password)
        return person

    def get_or_build_user(self, username: str, ldap_user: Any) -> tuple[Person, bool]:
        """Give the person's record: students come from the export alone."""
        known = Person.objects.filter(account_name=username).first()
        in_staff = gateway.in_staff(ldap_user.dn)
        if known is not None and in_staff == (known.kind == Kind.STAFF):
            return known, False
        if known is not None or not in_staff:
            raise ldap_user.AuthenticationFailed("no record of this person")
        attributes = ldap_user.attrs
        return (
            come_to_know(
                account_name=username,
                display_name=_first(attributes, "displayName")
                or _first(attributes, "cn"),
                language=_first(attributes, "preferredLanguage"),
                at=timezone.now(),
            ),
            False,
        )

    def get_user(self, user_id: int) -> Person | None:
        """Give the person of a session; the directory is not asked."""
        return next(iter(Person.objects.raw(_BY_ID, [user_id])), None)


@receiver(ldap_error, dispatch_uid="directory-unavailable")
def _translate(
    sender: type,  # noqa: ARG001 - the signal's signature
    exception: Exception,
    **_: Any,
) -> None:
    """Say that the directory is away, where the library would say "wrong password".

    A person's wrong password never comes here; an entry that cannot bind at all does.
    """
    if not isinstance(exception, _CANNOT_BIND):
        raise DirectoryUnavailable(type(exception).__name__) from None


def _first(attributes: Any, name: str) -> str:
    values = attributes.get(name) or [""]
    return str(values[0])

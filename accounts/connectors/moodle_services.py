"""Moodle's web services, as far as the connector needs them.

Wire format: public/user/externallib.php and public/webservice/rest/locallib.php of
Moodle.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from accounts.connectors.contract import PermanentFailure, TemporaryFailure
from accounts.connectors.http import Client, refused

Row = dict[str, Any]


class Refused(Exception):
    """Moodle's own error, which comes with status 200."""

    def __init__(self, code: str, message: str) -> None:
        """Keep the message for as long as it takes to understand it."""
        super().__init__(code)
        self.code = code
        self.message = message

    @property
    def word(self) -> str:
        """Give the code as one word for log and work table."""
        return str(refused(self.code))


class Services:
    """The calls; each raises Refused or TemporaryFailure."""

    def __init__(self, *, client: Client, token: str) -> None:
        """Act as the owner of the token."""
        self._client = client
        self._token = token

    def users(self, field: str, values: Iterable[str]) -> dict[str, list[Row]]:
        """Give the users that have one of these values, by value.

        Whom the token's owner may not see is left out like one who is not there.
        """
        asked = {value.lower(): value for value in values if value}
        if not asked:
            return {}
        form = {"field": field}
        form |= {f"values[{number}]": one for number, one in enumerate(asked.values())}
        found: dict[str, list[Row]] = {}
        for user in _rows(self._call("core_user_get_users_by_field", form)):
            value = asked.get(str(user.get(field, "")).lower())
            if value is None or not isinstance(user.get("id"), int):
                raise TemporaryFailure("answer_about_another")
            found.setdefault(value, []).append(user)
        return found

    def create(self, values: Mapping[str, str]) -> None:
        """Make one user."""
        made = self._call("core_user_create_users", _one_user(values))
        if [one.get("username") for one in _rows(made)] != [values["username"]]:
            raise PermanentFailure("answer_about_another")

    def update(self, number: int, values: Mapping[str, str]) -> str:
        """Change one user; gives the code of Moodle's objection, if it has one."""
        form = _one_user({"id": str(number), **values})
        said = self._call("core_user_update_users", form)
        if not isinstance(said, dict):
            raise TemporaryFailure("not_as_agreed")
        warnings = _rows(said.get("warnings"))
        return str(warnings[0].get("warningcode") or "unnamed") if warnings else ""

    def _call(self, function: str, arguments: Mapping[str, str]) -> object:
        reply = self._client.post(
            "webservice/rest/server.php",
            form={
                "wstoken": self._token,
                "wsfunction": function,
                "moodlewsrestformat": "json",
                **arguments,
            },
        )
        said = reply.json()
        if isinstance(said, dict) and "exception" in said:
            raise Refused(str(said.get("errorcode", "")), str(said.get("message", "")))
        if reply.status != 200:  # noqa: PLR2004 - the one good status
            raise TemporaryFailure(f"status:{reply.status}")
        return said


def _one_user(values: Mapping[str, str]) -> dict[str, str]:
    # One a call: Moodle does all of a call or nothing.
    return {f"users[0][{name}]": value for name, value in values.items()}


def _rows(said: object) -> list[Row]:
    if isinstance(said, list) and all(isinstance(one, dict) for one in said):
        return said
    raise TemporaryFailure("not_as_agreed")

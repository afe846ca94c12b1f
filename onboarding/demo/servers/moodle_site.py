"""A Moodle, as far as its web services show it.

What it does, and where Moodle's own code (moodle/moodle at 030a73b) says so:

- public/webservice/rest/locallib.php, ``parse_request``: token, function and arguments
  in the form; ``send_error`` and ``generate_error``: errors are JSON with status 200.
- public/user/externallib.php, ``create_users``: one transaction for the whole call;
  blank fields, names and addresses that exist (the address whatever its case), unknown
  authentication and language are refused; a password is needed for internal
  authentication only.
- the same, ``update_users``: each user by itself, errors come back as ``warnings``; a
  taken user name is noticed by the database alone (``dmlwriteexception``).
- the same, ``get_users_by_field``: four fields; a value that cleaning would change
  refuses the whole call; who is unknown or not visible is left out without a word.
- public/user/lib.php, ``user_create_user`` and ``user_update_user``: small letters only
  in user names; ``user_get_user_details``: what is shown of whom.
- lib/classes/exception/moodle_exception.php: the reason stands in ``message`` only
  where debugging is on; no real site has that.
"""

import json
import re
import time
from collections.abc import Mapping
from html import escape
from pathlib import Path
from threading import RLock
from typing import Any

from onboarding.demo.servers.door import Answer, Asked

SERVICES = "/webservice/rest/server.php"
SIGN_IN = "/login/index.php"
FIELDS = ("id", "idnumber", "username", "email")
INTERNAL = frozenset({"manual", "email"})
EXTERNAL = frozenset({"ldap", "shibboleth", "oauth2", "oidc"})
LANGUAGES = frozenset({"de", "en"})
# PARAM_USERNAME without the setting extendedusernamechars.
USERNAME = re.compile(r"[-.@_a-z0-9]*")
ADDRESS = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")
_PART = re.compile(r"(\w+)\[(\d+)\](?:\[(\w+)\])?")

User = dict[str, Any]


class Moodled(Exception):
    """One of Moodle's exceptions."""

    def __init__(self, code: str, detail: str = "", *, kind: str = "moodle") -> None:
        """``kind`` begins the class's name; ``detail`` is what debugging shows."""
        super().__init__(code)
        self.code = code
        self.detail = detail
        self.kind = kind


class Site:
    """The users of one Moodle, and its web services."""

    def __init__(self, *, token: str, file: Path | None = None) -> None:
        """Keep users in ``file``, where there is one."""
        self.token = token
        self.users: dict[int, User] = {}
        self.debugging = False
        # What the token's owner may not see or do.
        self.hidden_users: set[str] = set()
        self.hidden_fields: set[str] = set()
        self.denied: set[str] = set()
        self._lock = RLock()
        self._file = file
        if file and file.exists():
            known = json.loads(file.read_text(encoding="utf-8"))
            self.users = {int(number): user for number, user in known.items()}

    def answer(self, asked: Asked) -> Answer:
        """Answer a request."""
        if asked.path == SERVICES:
            return Answer(json.dumps(self._served(asked.form)).encode())
        if asked.path == SIGN_IN:
            return self._door(asked)
        return Answer(b"<h1>404</h1>", 404, "text/html")

    def named(self, username: str) -> User | None:
        """Give the user of this name."""
        found = [one for one in self.users.values() if one["username"] == username]
        return found[0] if found else None

    def add(self, **values: str) -> User:
        """Add a user as somebody in Moodle's own pages would."""
        with self._lock:
            number = max(self.users, default=1) + 1
            self.users[number] = {**_BLANK, **values, "id": number}
            self._keep()
            return self.users[number]

    def visit(self, username: str) -> bool:
        """Let a user sign in: Moodle notes the first and the last time."""
        with self._lock:
            user = self.named(username)
            if user is None or user["suspended"]:
                return False
            now = int(time.time())
            user.update(firstaccess=user["firstaccess"] or now, lastaccess=now)
            self._keep()
            return True

    def _served(self, form: Mapping[str, str]) -> object:
        try:
            with self._lock:
                return self._called(form)
        except Moodled as error:
            message = MESSAGES.get(error.code, f"error/{error.code}")
            if self.debugging and error.detail:
                message = f"{message} ({error.detail})"
            said = {
                "exception": f"{error.kind}_exception",
                "errorcode": error.code,
                "message": message,
            }
            return {**said, "debuginfo": error.detail} if self.debugging else said

    def _called(self, form: Mapping[str, str]) -> object:
        if form.get("wstoken") != self.token:
            raise Moodled("invalidtoken")
        if form.get("moodlewsrestformat") != "json":
            raise NotImplementedError
        function = form.get("wsfunction", "")
        if function in self.denied:
            raise Moodled("nopermissions", kind="required_capability")
        match function:
            case "core_user_create_users":
                return self._create(_users(form))
            case "core_user_update_users":
                return self._update(_users(form))
            case "core_user_get_users_by_field":
                return self._by_field(form)
        # Not among the functions of the token's service.
        raise Moodled("accessexception", kind="webservice_access")

    def _create(self, users: list[dict[str, str]]) -> object:
        before = dict(self.users)
        try:
            return [self._created(values) for values in users]
        except Moodled:
            self.users = before
            self._keep()
            raise

    def _created(self, values: dict[str, str]) -> object:
        if missing := _MUST - values.keys():
            raise _invalid(f"Missing required key in single structure: {missing}")
        if unknown := values.keys() - _CREATES:
            raise _invalid(f"Unexpected keys ({', '.join(unknown)}) detected")
        for name in ("username", "firstname", "lastname"):
            if not values[name].strip():
                raise _invalid(f"The field {name} cannot be blank")
        username = values["username"]
        if self.named(username):
            raise _invalid(f"Username already exists: {username}")
        auth = values.get("auth", "manual")
        _check_choices(auth, values)
        self._check_address(values["email"])
        _check_name(username)
        values.pop("password", None)
        user = self.add(**{**values, "auth": auth})
        return {"id": user["id"], "username": username}

    def _check_address(self, email: str) -> None:
        if not ADDRESS.fullmatch(email):
            raise _invalid(f"Email address is invalid: {email}")
        if self._has_address(email):
            raise _invalid(f"Email address already exists: {email}")

    def _has_address(self, email: str, *, besides: int = 0) -> bool:
        return any(
            one["email"].lower() == email.lower() and one["id"] != besides
            for one in self.users.values()
        )

    def _update(self, users: list[dict[str, str]]) -> object:
        warnings = []
        for values in users:
            try:
                self._updated(values)
            except Moodled as error:
                warnings.append(
                    {
                        "item": "user",
                        "itemid": int(values["id"]),
                        "warningcode": error.code,
                        "message": MESSAGES.get(error.code, f"error/{error.code}"),
                    }
                )
        return {"warnings": warnings}

    def _updated(self, values: dict[str, str]) -> None:
        user = self.users.get(int(values["id"]))
        if user is None:
            raise Moodled("invaliduserid")
        email, name = values.get("email"), values.get("username")
        if email is not None and email != user["email"]:
            if not ADDRESS.fullmatch(email):
                raise Moodled("useremailinvalid")
            if self._has_address(email, besides=user["id"]):
                raise Moodled("useremailduplicate")
        if name is not None:
            _check_name(name)
            other = self.named(name)
            if other and other["id"] != user["id"]:
                # The table's unique index on mnethostid and username.
                raise Moodled("dmlwriteexception", kind="dml_write")
        changes: User = {**values, "id": user["id"]}
        if "suspended" in values:
            changes["suspended"] = values["suspended"] == "1"
        user.update(changes)
        self._keep()

    def _by_field(self, form: Mapping[str, str]) -> object:
        field = form.get("field", "")
        if field not in FIELDS:
            raise Moodled("codingerror", kind="coding")
        asked = [form[key] for key in form if key.startswith("values[")]
        for value in asked:
            if field == "username" and not USERNAME.fullmatch(value):
                raise _invalid(f"The field 'username' value is invalid: {value}")
        shown = [
            self._shown(user)
            for user in self.users.values()
            if str(user[field]) in asked and user["username"] not in self.hidden_users
        ]
        return [one for one in shown if one.get(field)]

    def _shown(self, user: User) -> User:
        blank = {"idnumber", "email"}
        return {
            name: value
            for name, value in {**user, "fullname": _full_name(user)}.items()
            if name not in self.hidden_fields
            and not (name in blank and not value)
            and name not in _NEVER_SHOWN
        }

    def _keep(self) -> None:
        if self._file:
            draft = self._file.with_suffix(".draft")
            draft.write_text(json.dumps(self.users), encoding="utf-8")
            draft.replace(self._file)

    def _door(self, asked: Asked) -> Answer:
        """Play the sign-in page: the stage's Moodle asks for a name alone."""
        said = ""
        if asked.method == "POST":
            name = asked.form.get("username", "").strip().lower()
            user = self.named(name)
            here = user is not None and self.visit(name)
            said = (
                f"<p role=status>Hello, {escape(_full_name(user))}.</p>"
                if here and user
                else "<p role=alert>Invalid login, please try again</p>"
            )
        return Answer(PAGE.format(said=said).encode(), kind="text/html; charset=utf-8")


_BLANK: User = {
    "username": "",
    "firstname": "",
    "lastname": "",
    "email": "",
    "idnumber": "",
    "auth": "manual",
    "lang": "de",
    "suspended": False,
    "confirmed": True,
    "firstaccess": 0,
    "lastaccess": 0,
}
_MUST = frozenset({"username", "firstname", "lastname", "email"})
_CREATES = _MUST | {"idnumber", "auth", "lang", "password", "createpassword"}
_NEVER_SHOWN = frozenset({"password"})
MESSAGES = {
    "invalidparameter": "Invalid parameter value detected",
    "invalidtoken": "Invalid token - token not found",
    "accessexception": "Access control exception",
    "nopermissions": "Sorry, but you do not currently have permissions to do that",
    "useremailduplicate": "Duplicate address",
    "dmlwriteexception": "Error writing to database",
    "usernamelowercase": "The username must be in lowercase",
}
PAGE = """<!DOCTYPE html>
<html lang="en"><head><meta charset="utf-8"><title>Moodle (demo)</title></head>
<body><main><h1>Moodle (demo)</h1>{said}
<form method="post"><p><label>Username <input name="username" autocomplete="username">
</label> <button>Log in</button></p></form></main></body></html>
"""


def _invalid(detail: str) -> Moodled:
    return Moodled("invalidparameter", detail, kind="invalid_parameter")


def _check_choices(auth: str, values: Mapping[str, str]) -> None:
    if auth not in INTERNAL | EXTERNAL:
        raise _invalid(f"Invalid authentication type: {auth}")
    if values.get("lang", "de") not in LANGUAGES:
        raise _invalid(f"Invalid language code: {values['lang']}")
    if auth in INTERNAL and not values.get("password"):
        raise _invalid("Invalid password: you must provide a password")


def _check_name(username: str) -> None:
    if username != username.lower():
        raise Moodled("usernamelowercase")
    if not USERNAME.fullmatch(username):
        raise Moodled("invalidusername")


def _full_name(user: User) -> str:
    return f"{user['firstname']} {user['lastname']}"


def _users(form: Mapping[str, str]) -> list[dict[str, str]]:
    users: dict[int, dict[str, str]] = {}
    for key, value in form.items():
        part = _PART.fullmatch(key)
        if part and part[1] == "users" and part[3]:
            users.setdefault(int(part[2]), {})[part[3]] = value
    return [users[number] for number in sorted(users)]

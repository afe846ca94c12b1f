"""What an entry says, in our words; and the way back into attributes."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import Enum

from ldap3.utils.conv import escape_filter_chars

from accounts.directory.layout import Layout

Values = frozenset[str]
NO_VALUES: Values = frozenset()


class Secret(Enum):
    """Whose choice the password in force is."""

    NONE = "none"
    INITIAL = "initial"
    OWN = "own"


@dataclass(frozen=True, slots=True)
class Entry:
    """One person's entry.

    ``values`` has our attribute names (see ``layout``) without prefixes; a name that
    has no value is absent. ``ends_at`` is the password's end (pwdEndTime), ``locked``
    says that the directory refuses every password for now, since ``locked_at``; without
    a moment it does so for good. ``changed_at`` is when the password was set.
    """

    dn: str
    values: Mapping[str, Values]
    secret: Secret
    ends_at: datetime | None
    locked: bool
    changed_at: datetime | None = None
    locked_at: datetime | None = None

    def one(self, name: str) -> str:
        """Give the only value of an attribute, or nothing."""
        return next(iter(self.values.get(name, NO_VALUES)), "")

    @property
    def dormant(self) -> bool:
        """Say whether the directory refuses a bind without looking at the password."""
        ended = self.ends_at is not None and self.ends_at <= datetime.now(UTC)
        return self.secret is Secret.NONE or ended or self.locked


OPERATIONAL = ("pwdReset", "pwdChangedTime", "pwdEndTime", "pwdAccountLockedTime")


def wanted_attributes(layout: Layout) -> list[str]:
    """Name the attributes to ask for, so that ``read`` can do its work."""
    names = {name for name in layout.attributes.values() if name}
    if layout.activated_attribute:
        names.add(layout.activated_attribute)
    return [*sorted(names), *OPERATIONAL]


def read(dn: str, found: Mapping[str, list[bytes]], layout: Layout) -> Entry:
    """Turn a search result into an entry, however the server writes attributes."""
    raw = {name.lower(): texts for name, texts in found.items()}
    values: dict[str, Values] = {}
    for name, attribute in layout.attributes.items():
        if texts := raw.get(attribute.lower()):
            prefix = layout.prefixes.get(name, "")
            values[name] = _without(prefix, texts)
    return Entry(
        dn=dn,
        values=values,
        secret=_secret(raw, layout),
        ends_at=_moment(raw.get("pwdendtime")),
        locked="pwdaccountlockedtime" in raw,
        changed_at=_moment(raw.get("pwdchangedtime")),
        locked_at=_moment(raw.get("pwdaccountlockedtime")),
    )


def attributes(values: Mapping[str, Values], layout: Layout) -> dict[str, list[str]]:
    """Turn our values into the directory's attributes; what is not ours is left out."""
    return {
        layout.attributes[name]: [
            layout.prefixes.get(name, "") + value for value in sorted(texts)
        ]
        for name, texts in values.items()
        if layout.keeps(name) and texts
    }


def equals(name: str, value: str, layout: Layout) -> str:
    """Give the filter for one of our values, escaped (RFC 4515)."""
    text = layout.prefixes.get(name, "") + value
    return f"({layout.attributes[name]}={escape_filter_chars(text)})"


def any_of(filters: list[str]) -> str:
    """Give the filter that any of these satisfies."""
    return filters[0] if len(filters) == 1 else f"(|{''.join(filters)})"


def generalized_time(moment: datetime) -> str:
    """Write a moment as RFC 4517, 3.3.13 has it, in UTC."""
    return moment.astimezone(UTC).strftime("%Y%m%d%H%M%SZ")


def rdn_escaped(value: str) -> str:
    """Escape a value for a DN (RFC 4514, 2.4); NUL has no place in one."""
    if "\0" in value:
        message = "A name must not hold NUL."
        raise ValueError(message)
    escaped = "".join(f"\\{sign}" if sign in ',+"\\<>;=' else sign for sign in value)
    if escaped[:1] in {"#", " "}:
        escaped = f"\\{escaped}"
    if escaped.endswith(" ") and value != " ":
        escaped = f"{escaped[:-1]}\\ "
    return escaped


def _without(prefix: str, texts: list[bytes]) -> Values:
    decoded = (text.decode("utf-8", "replace") for text in texts)
    if not prefix:
        return frozenset(decoded)
    # Codes of other kinds may stand beside ours; they are somebody else's.
    return frozenset(t.removeprefix(prefix) for t in decoded if t.startswith(prefix))


def _moment(texts: list[bytes] | None) -> datetime | None:
    if not texts:
        return None
    # slapd writes YYYYMMDDHHMMSSZ, with or without a fraction (RFC 4517, 3.3.13).
    digits = texts[0].decode("ascii", "replace")[:14]
    if digits.startswith("0000"):
        # draft-behera-ldap-password-policy-10, 5.3.3: locked until somebody unlocks.
        return None
    return datetime.strptime(digits, "%Y%m%d%H%M%S").replace(tzinfo=UTC)


def _secret(raw: Mapping[str, list[bytes]], layout: Layout) -> Secret:
    if layout.activated_attribute:
        return (
            Secret.OWN
            if raw.get(layout.activated_attribute.lower())
            else Secret.INITIAL
        )
    if "pwdchangedtime" not in raw:
        return Secret.NONE
    return Secret.INITIAL if raw.get("pwdreset") == [b"TRUE"] else Secret.OWN

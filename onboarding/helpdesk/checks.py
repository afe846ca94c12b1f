"""How somebody proved who they are; what is known by heart proves nothing."""

from collections.abc import Mapping

from django.db.models import TextChoices
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.journal.record import Fact


class Check(TextChoices):
    """Which identity check was made, as the journal keeps it (DOMAIN)."""

    IN_PERSON = "in_person", _("In person, with a photo ID")
    # Counts only once a second agent agrees.
    VIDEO = "video", _("By video, with a photo ID; a second agent has to agree")
    NONE_NEEDED = "none_needed", _("none needed")


class Document(TextChoices):
    """Which kind of photo ID was seen; its number is never kept."""

    IDENTITY_CARD = "identity_card", _("Identity card")
    PASSPORT = "passport", _("Passport")
    RESIDENCE_PERMIT = "residence_permit", _("Residence permit with a photo")


class Cause(TextChoices):
    """Why somebody needs a new initial password."""

    NO_LETTER = "no_letter", _("The letter never came, or is lost")
    EXPIRED = "expired", _("The initial password has expired")
    FORGOTTEN = "forgotten", _("The own password is forgotten")
    LOCKED = "locked", _("The account is locked after wrong passwords")
    # Then the recovery address goes, too.
    MISUSED = (
        "misused",
        _("Somebody else activated or uses the account (the recovery address goes)"),
    )


class Doubt(TextChoices):
    """Why a second agent does not agree, where that is said."""

    CHECK = "check", _("The check is not enough, or was not made like this")
    ENOUGH = "enough", _("Something smaller is enough")
    ASK = "ask", _("Something does not fit; let us talk first")


class Way(TextChoices):
    """How a new initial password comes to its owner."""

    SLIP = "slip", _("as a slip")
    # To the address that student administration has; the portal knows none.
    LETTER = "letter", _("as a letter by post")


SEEN: Mapping[str, Promise] = {
    Check.IN_PERSON: _("seen in person, with a photo ID"),
    Check.VIDEO: _("seen by video, with a second agent"),
    Check.NONE_NEEDED: _("no check needed"),
}


def in_words(facts: Mapping[str, Fact]) -> str:
    """Say which check an act's facts tell of, which document, what for, and how."""
    said = [str(SEEN.get(str(facts.get("check", "")), ""))]
    document = str(facts.get("document", ""))
    if document in Document.values:
        said = [f"{said[0]}: {Document(document).label}"]
    for fact, words in (("cause", Cause), ("way", Way)):
        value = str(facts.get(fact, ""))
        said += [str(words(value).label)] if value in words.values else []
    return "; ".join(said)

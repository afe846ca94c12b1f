"""What target systems note where something fails, in words for the desk."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.due.lease import PARKED

_SILENT = _("The system does not answer. It is asked again by itself.")
_ODD = _("The system answers in a way that was not agreed. Its keepers have to look.")
_DIRECTORY = _("The directory’s keepers have to look at the entries.")
_WORDS: dict[str, Promise] = {
    "silent": _SILENT,
    "no_answer": _SILENT,
    "no_mail_server": _("The mail server does not answer. It is asked again."),
    "not_ready": _("The mailbox does not take mail yet. It is asked again."),
    "no_entry_yet": _("The account has no entry in the directory yet."),
    "address_taken": _("The address belongs to somebody else already."),
    "look_again": _("Somebody changed the entry meanwhile. It is looked at again."),
    "later": _("The system was too busy. It is asked again."),
    "too_many_requests": _("The system was too busy. It is asked again."),
    "several_entries": _("Two entries of the directory claim to be this person."),
    "entry_of_another": _("The entry of this name belongs to somebody else."),
    "several_accounts": _("myStudy has several accounts of this person."),
    "several_users": _("Moodle has several users for this person."),
    "account_of_another": _("The account of this name belongs to somebody else."),
    "account_name_of_another": _(
        "The directory has this person under a user name that is somebody else’s here."
    ),
    "login_name_refused": _("Moodle does not take this login name."),
    "login_name_taken": _("Moodle has this login name for somebody else."),
    "initial_password_on_its_way": _("A new initial password is on its way."),
    "folder_missing": _("The folder that the library empties is not there."),
    "folder_held": _(
        "The folder that the library empties is in use. It is tried again."
    ),
    "too_many_removals": _(
        "Too many people would lose something at once. Somebody who runs the portal has"
        " to look, and let it go."
    ),
    "unseen": _("It was written, but cannot be seen yet. It is looked at again."),
    "fault": _("Something went wrong in the portal. It is tried again."),
    "not_as_agreed": _ODD,
    "not_json": _ODD,
    "answer_too_large": _ODD,
    "answer_about_another": _ODD,
    "redirected": _ODD,
}
_BEGINNINGS: dict[str, Promise] = {
    "refused": _("The system refused it. Its keepers have to look."),
    "status": _("The system answered with an error. It is asked again."),
    "folder": _("The folder that the library empties cannot be written to."),
}
_WORDLESS = _("Something is in the way for which there are no words yet.")


_OTHER = "other"
# Kinds that say of a whole system that it is away, not of one person.
AWAY = frozenset({"silent", "no_mail_server", "folder_missing"})


def in_words(error: str) -> Promise | str:
    """Give the sentence for what is noted in the work table; none for nothing."""
    kind = kind_of(error)
    return sentence(kind) if kind else ""


def kind_of(error: str) -> str:
    """Name what is noted by its sentence: alike for all that is said alike."""
    key = error.removeprefix(PARKED)
    words = _WORDS.get(key)
    if words is not None:
        return next(code for code, said in _WORDS.items() if said is words)
    beginning = key.partition(":")[0]
    return beginning if beginning in _BEGINNINGS or not key else _OTHER


def sentence(kind: str) -> Promise:
    """Give the words of a kind."""
    return _WORDS.get(kind) or _BEGINNINGS.get(kind, _WORDLESS)

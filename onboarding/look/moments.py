"""Times as people say them."""

from datetime import datetime, timedelta

from django.utils import formats, timezone
from django.utils.translation import gettext, ngettext

HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
# Beyond this, the date says more than the number of days.
RELATIVE_WITHIN = timedelta(days=14)


def in_words(when: datetime, *, now: datetime) -> str:
    """Give "in 2 days, Monday 5 October, 09:00" in the language of the page."""
    # Translators: a date format of Django, with the day of the week and without a year.
    form = gettext("l j F, H:i")
    local = timezone.localtime(when)
    if abs(when - now) >= RELATIVE_WITHIN:
        form = gettext("l j F Y, H:i")
    day = formats.date_format(local, form)
    distance = _ahead(when - now) if when > now else _ago(now - when)
    return f"{distance}, {day}" if distance else day


def _ahead(left: timedelta) -> str:
    if left < HOUR:
        minutes = max(1, round(left / timedelta(minutes=1)))
        return ngettext("in %d minute", "in %d minutes", minutes) % minutes
    if left < DAY:
        return ngettext("in %d hour", "in %d hours", left // HOUR) % (left // HOUR)
    if left < RELATIVE_WITHIN:
        return ngettext("in %d day", "in %d days", left // DAY) % (left // DAY)
    return ""


def _ago(past: timedelta) -> str:
    if past < timedelta(minutes=1):
        return gettext("just now")
    if past < HOUR:
        minutes = past // timedelta(minutes=1)
        return ngettext("%d minute ago", "%d minutes ago", minutes) % minutes
    if past < DAY:
        return ngettext("%d hour ago", "%d hours ago", past // HOUR) % (past // HOUR)
    if past < RELATIVE_WITHIN:
        return ngettext("%d day ago", "%d days ago", past // DAY) % (past // DAY)
    return ""

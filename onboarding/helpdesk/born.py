"""A date of birth in words, for whoever compares it with the papers."""

from datetime import date

from django.utils.formats import date_format


def in_words(said: str) -> str:
    """Give a whole date as people write it, and any other text as it came."""
    try:
        day = date.fromisoformat(said)
    except ValueError:
        return said
    return date_format(day, "DATE_FORMAT")

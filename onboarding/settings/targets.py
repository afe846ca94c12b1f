"""Settings of the target systems that an installation may be without."""

from django.core.exceptions import ImproperlyConfigured

from onboarding.settings import environment as env


def moodle() -> tuple[str, str]:
    """Give address and token; Moodle is kept where there are both."""
    url, token = env.text("MOODLE_URL", ""), env.secret("MOODLE_TOKEN", "")
    if bool(url) != bool(token):
        message = "MOODLE_URL and MOODLE_TOKEN belong together."
        raise ImproperlyConfigured(message)
    return url, token


def paia() -> tuple[str, str, str, str]:
    """Give address, token, and what gets a token where the library issues none."""
    url, token = env.text("PAIA_URL", ""), env.secret("PAIA_TOKEN", "")
    client = env.text("PAIA_CLIENT_ID", "")
    secret = env.secret("PAIA_CLIENT_SECRET", "")
    if url and not token and not (client and secret):
        message = "PAIA_URL needs PAIA_TOKEN, or PAIA_CLIENT_ID and PAIA_CLIENT_SECRET."
        raise ImproperlyConfigured(message)
    return url, token, client, secret


def mystudy_mode() -> str:
    """Give what opens myStudy: an account of its own, or the Leuphana account."""
    mode = env.text("MYSTUDY_MODE", "own").strip().lower()
    if mode not in {"own", "leuphana"}:
        message = f"MYSTUDY_MODE must be own or leuphana, not {mode!r}."
        raise ImproperlyConfigured(message)
    return mode

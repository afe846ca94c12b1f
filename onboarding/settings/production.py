"""Production: everything from the environment, nothing guessed that matters."""

from onboarding.settings import environment as env
from onboarding.settings.base import *  # noqa: F403

SECRET_KEY = env.secret("SECRET_KEY")
# Keys of before, parted by blanks: what they signed or sealed is still read.
SECRET_KEY_FALLBACKS = env.secret("SECRET_KEY_FALLBACKS", "").split()
SECURE_SSL_REDIRECT = env.switch("SECURE_SSL_REDIRECT", default=True)
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SECURE_HSTS_SECONDS = 365 * 24 * 3600
SECURE_HSTS_INCLUDE_SUBDOMAINS = True
SECURE_HSTS_PRELOAD = True
SESSION_COOKIE_SECURE = True
SESSION_COOKIE_NAME = "__Host-session"
CSRF_COOKIE_SECURE = True
CSRF_COOKIE_NAME = "__Host-csrf"
LANGUAGE_COOKIE_SECURE = True

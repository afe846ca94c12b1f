"""What every installation of the portal has in common."""

from datetime import timedelta
from pathlib import Path

from csp.constants import NONE, SELF

from onboarding.settings import directory, library, targets
from onboarding.settings import environment as env

ROOT = Path(__file__).resolve().parents[2]
STATE_DIR = Path(env.text("STATE_DIR", str(ROOT / ".state"))).resolve()

# --- Django --------------------------------------------------------------------

DEBUG = False
ALLOWED_HOSTS = env.words("ALLOWED_HOSTS")
CSRF_TRUSTED_ORIGINS = env.words("CSRF_TRUSTED_ORIGINS")
ROOT_URLCONF = "onboarding.urls"
WSGI_APPLICATION = "onboarding.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
AUTH_USER_MODEL = "people.Person"
DATABASES = {
    "default": env.database("DATABASE_URL", f"sqlite:///{STATE_DIR}/portal.sqlite3")
}

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django.forms",
    "csp",
    "accounts.journal.apps.JournalConfig",
    "accounts.people.apps.PeopleConfig",
    "accounts.due.apps.DueConfig",
    "accounts.post.apps.PostConfig",
    "accounts.signin.apps.SigninConfig",
    "accounts.factors.apps.FactorsConfig",
    "accounts.mailbox.apps.MailboxConfig",
    "accounts.mystudy.apps.MyStudyConfig",
    "accounts.reconciler.apps.ReconcilerConfig",
    "onboarding.look.apps.LookConfig",
    "onboarding.enrolment.apps.EnrolmentConfig",
    "onboarding.notes.apps.NotesConfig",
    "onboarding.applications.apps.ApplicationsConfig",
    "onboarding.cards.apps.CardsConfig",
    "onboarding.handout.apps.HandoutConfig",
    "onboarding.journey.apps.JourneyConfig",
    "onboarding.helpdesk.apps.HelpDeskConfig",
    "worker.apps.WorkerConfig",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "accounts.signin.sessions.renewed_by_use",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "onboarding.look.middleware.SettledPolicy",
    "onboarding.look.middleware.quiet_headers",
    "onboarding.look.middleware.led_to_the_button",
    "accounts.signin.outage.DirectoryOutage",
]

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [ROOT / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "onboarding.look.context.surroundings",
            ],
            "builtins": [
                "django.templatetags.i18n",
                "django.templatetags.static",
                "django.contrib.humanize.templatetags.humanize",
                "onboarding.look.templatetags.look",
            ],
        },
    }
]
FORM_RENDERER = "onboarding.look.forms.KernRenderer"

# --- Languages and time ---------------------------------------------------------

LANGUAGE_CODE = "de"
LANGUAGES = [("de", "Deutsch"), ("en", "English")]
LOCALE_PATHS = [ROOT / "onboarding" / "locale"]
# Django's own English writes dates as in the United States.
FORMAT_MODULE_PATH = "onboarding.look.formats"
LANGUAGE_COOKIE_HTTPONLY = True
LANGUAGE_COOKIE_SAMESITE = "Lax"
USE_TZ = True
TIME_ZONE = "Europe/Berlin"

# --- Static files ---------------------------------------------------------------

STATIC_URL = "/static/"
STATIC_ROOT = Path(env.text("STATIC_ROOT", str(STATE_DIR / "static")))
STATICFILES_DIRS = [
    ("kern", ROOT / "node_modules" / "@kern-ux" / "native" / "dist"),
    # The reader of barcodes: its script, and beside it what the script loads.
    ("zxing", ROOT / "node_modules" / "zxing-wasm" / "dist" / "iife" / "reader"),
    ("zxing", ROOT / "node_modules" / "zxing-wasm" / "dist" / "reader"),
]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "onboarding.look.static_files.Fingerprinted"},
}

# --- Sessions and cookies -------------------------------------------------------

SESSION_ENGINE = "accounts.signin.session_store"
# Thirty idle minutes (the page warns before), renewed by use; see accounts.signin.
SESSION_COOKIE_AGE = int(timedelta(minutes=30).total_seconds())
SESSION_SAVE_EVERY_REQUEST = False
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_HTTPONLY = True
CSRF_COOKIE_SAMESITE = "Lax"
LOGIN_URL = "signin:sign_in"
LOGIN_REDIRECT_URL = "journey:journey"
LOGOUT_REDIRECT_URL = "journey:start"
CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}

# --- Security headers -----------------------------------------------------------

SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        # KERN's icons are data: masks.
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
        "manifest-src": [SELF],
        "worker-src": [SELF],
        "require-trusted-types-for": ["'script'"],
    }
}
DATA_UPLOAD_MAX_NUMBER_FIELDS = 200

# --- The directory --------------------------------------------------------------

LDAP_URL = env.text("LDAP_URL", "ldap://127.0.0.1:3389")
LDAP_CA_FILE = env.text("LDAP_CA_FILE", "")
LDAP_STARTTLS = env.switch("LDAP_STARTTLS", default=False)
LDAP_BASE = env.text("LDAP_BASE", "dc=leuphana,dc=example")
LDAP_PORTAL_DN = env.text("LDAP_PORTAL_DN", f"cn=portal,ou=system,{LDAP_BASE}")
LDAP_PORTAL_PASSWORD = env.secret("LDAP_PORTAL_PASSWORD", "")
LDAP_PROVISIONER_DN = env.text(
    "LDAP_PROVISIONER_DN", f"cn=provisioner,ou=system,{LDAP_BASE}"
)
LDAP_PROVISIONER_PASSWORD = env.secret("LDAP_PROVISIONER_PASSWORD", "")
# Its name the portal acts in for the help desk; it has no password.
LDAP_REMEDY_DN = env.text("LDAP_REMEDY_DN", f"cn=remedy,ou=system,{LDAP_BASE}")
# Nobody knows its password; a bind as this entry costs what a real one does.
LDAP_DUMMY_DN = env.text("LDAP_DUMMY_DN", f"cn=nobody,ou=system,{LDAP_BASE}")
# Whole seconds: ldap3 refuses fractions of them for the time to wait for an answer.
LDAP_CONNECT_TIMEOUT = env.number("LDAP_CONNECT_TIMEOUT", 3)
LDAP_ANSWER_TIMEOUT = env.number("LDAP_ANSWER_TIMEOUT", 6)
# For what a page can be shown without.
LDAP_LOOK_TIMEOUT = env.number("LDAP_LOOK_TIMEOUT", 1)
# A directory that hangs: so many threads of a process wait for it (half of them), and
# after so many time-outs in a row nobody asks it for so long, then one at a time.
LDAP_MOST_AT_ONCE = env.number("LDAP_MOST_AT_ONCE", 4)
LDAP_TIMEOUTS_IN_A_ROW = env.number("LDAP_TIMEOUTS_IN_A_ROW", 3)
LDAP_REST_SECONDS = env.number("LDAP_REST_SECONDS", 5)
directory.refuse_open_lines(LDAP_URL, starttls=LDAP_STARTTLS)
# How long the directory locks an account after too many wrong passwords
# (pwdLockoutDuration, which the portal may not read). Pages of the help desk say it.
LDAP_LOCKOUT = timedelta(seconds=env.number("LDAP_LOCKOUT_SECONDS", 60))
# Which entries are people, and where they are; the layout file maps attributes.
LDAP_USER_FILTER = env.text("LDAP_USER_FILTER", "(objectClass=person)")
LDAP_LAYOUT_FILE = env.text("LDAP_LAYOUT_FILE", "")

CSRF_FAILURE_VIEW = "accounts.signin.views.sent_from_an_old_page"
AUTHENTICATION_BACKENDS = ["accounts.signin.backend.DirectoryBackend"]
AUTH_LDAP_SERVER_URI = LDAP_URL
AUTH_LDAP_START_TLS = LDAP_STARTTLS
AUTH_LDAP_BIND_DN = LDAP_PORTAL_DN
AUTH_LDAP_BIND_PASSWORD = LDAP_PORTAL_PASSWORD
AUTH_LDAP_USER_SEARCH = directory.user_search(
    base=LDAP_BASE, user_filter=LDAP_USER_FILTER, layout_file=LDAP_LAYOUT_FILE
)
AUTH_LDAP_USER_ATTRLIST = ["cn", "displayName", "preferredLanguage"]
AUTH_LDAP_ALWAYS_UPDATE_USER = False
AUTH_LDAP_CONNECTION_OPTIONS = directory.connection_options(
    connect=LDAP_CONNECT_TIMEOUT, answer=LDAP_ANSWER_TIMEOUT, ca_file=LDAP_CA_FILE
)

# --- Target systems that an installation may be without ---------------------------

# The CA of systems that are reached by HTTPS; empty: those that the machine trusts.
HTTPS_CA_FILE = env.text("HTTPS_CA_FILE", "")
MOODLE_URL, MOODLE_TOKEN = targets.moodle()
# No: Moodle makes its users itself, at the first sign-in, and is only looked at.
# Where people open Moodle, where SERVICES_FILE does not say.
MOODLE_PAGE_URL = env.text(
    "MOODLE_PAGE_URL", f"{MOODLE_URL}/login/index.php" if MOODLE_URL else ""
)
MOODLE_CREATE = env.switch("MOODLE_CREATE", default=True)
# Moodle's plugin that lets these people in; it has to be one without own passwords.
MOODLE_AUTH = env.text("MOODLE_AUTH", "ldap")
# The folder that the library empties.
LIBRARY_DROP_DIR = env.text("LIBRARY_DROP_DIR", "")
PAIA_URL, PAIA_TOKEN, PAIA_CLIENT_ID, PAIA_CLIENT_SECRET = targets.paia()

# --- Celery ---------------------------------------------------------------------

REDIS_URL = env.secret("REDIS_URL", "redis://127.0.0.1:6379/0")
SWEEP_EVERY = timedelta(seconds=env.number("SWEEP_EVERY_SECONDS", 1))

# --- Mail -----------------------------------------------------------------------

EMAIL_HOST = env.text("SMTP_HOST", "127.0.0.1")
EMAIL_PORT = env.number("SMTP_PORT", 25)
EMAIL_HOST_USER = env.text("SMTP_USER", "")
EMAIL_HOST_PASSWORD = env.secret("SMTP_PASSWORD", "")
EMAIL_USE_TLS = env.switch("SMTP_STARTTLS", default=False)
EMAIL_TIMEOUT = 5
DEFAULT_FROM_EMAIL = env.text("MAIL_FROM", "start@leuphana.example")

# Which server has the mailboxes, lmtp://host:port or smtp://host:port. It is asked
# whether it takes mail for an address; without it, the directory's word is enough.
MAILBOX_URL = env.text("MAILBOX_URL", "")
MAILBOX_ANSWER_TIMEOUT = env.number("MAILBOX_ANSWER_TIMEOUT", 5)
# What mail programs are told: imaps, imap+starttls or imap; smtps and so on.
MAIL_IMAP_URL = env.text("MAIL_IMAP_URL", "imaps://imap.leuphana.example:993")
MAIL_SMTP_URL = env.text("MAIL_SMTP_URL", "smtps://smtp.leuphana.example:465")
# Where e-mail is read in the browser.
MAIL_WEB_URL = env.text("MAIL_WEB_URL", "https://mail.leuphana.example/")
# Certificate chain and key (PEM) that Apple profiles are signed with, if any.
MAIL_PROFILE_CERTIFICATE_FILE = env.text("MAIL_PROFILE_CERTIFICATE_FILE", "")
MAIL_PROFILE_KEY_FILE = env.text("MAIL_PROFILE_KEY_FILE", "")

# Where the pages of the university's services are, as TOML; see docs/services.md.
SERVICES_FILE = env.text("SERVICES_FILE", "")

# --- The university -------------------------------------------------------------

PORTAL_URL = env.text("PORTAL_URL", "http://127.0.0.1:8000")
# Which version runs: phones with the tutors' app take over another one.
RELEASE = env.text("RELEASE", "")
HELP_DESK_MAIL = env.text("HELP_DESK_MAIL", "miz-help@leuphana.example")
HELP_DESK_PHONE = env.text("HELP_DESK_PHONE", "+49 4131 000-0")
# An address reads the same in every language.
HELP_DESK_PLACE = env.text("HELP_DESK_PLACE", "MIZ, Universitätsallee 1, Lüneburg")
DATA_PROTECTION_MAIL = env.text("DATA_PROTECTION_MAIL", "datenschutz@leuphana.example")
ACCESSIBILITY_MAIL = env.text("ACCESSIBILITY_MAIL", "barrierefreiheit@leuphana.example")
MAIL_DOMAIN = env.text("MAIL_DOMAIN", "stud.leuphana.example")
HOME_ORGANIZATION = env.text("HOME_ORGANIZATION", "leuphana.example")

# What one agent of the help desk may do in a day, and to one account: new initial
# passwords, and everything that is quickly done.
HELP_DESK_PASSWORDS_A_DAY = env.number("HELP_DESK_PASSWORDS_A_DAY", 30)
HELP_DESK_PASSWORDS_PER_ACCOUNT = env.number("HELP_DESK_PASSWORDS_PER_ACCOUNT", 1)
# How long a request waits for a second agent, and then for being used.
APPROVAL_LASTS = timedelta(minutes=env.number("APPROVAL_MINUTES", 60))
# For so many people one agent acts alone, and acts for many in a day.
HELP_DESK_ALONE = env.number("HELP_DESK_ALONE", 50)
HELP_DESK_MANY_A_DAY = env.number("HELP_DESK_MANY_A_DAY", 20)
HELP_DESK_REMEDIES_A_DAY = env.number("HELP_DESK_REMEDIES_A_DAY", 300)
# Where a ticket of the help desk is, with {number} for its number; none: no link.
TICKET_URL_TEMPLATE = env.text("TICKET_URL_TEMPLATE", "")

# How account names look (DOMAIN: `lg` and digits, or three signs, hyphen, three).
ACCOUNT_NAME_PATTERN = env.text(
    "ACCOUNT_NAME_PATTERN", r"lg\d{4,9}|[0-9a-z]{3}-[0-9a-z]{3}"
)
# Numbers that the portal alone may assign.
ACCOUNT_NUMBERS = (
    env.number("ACCOUNT_NUMBERS_FROM", 9_000_000),
    env.number("ACCOUNT_NUMBERS_TO", 9_999_999),
)
# Where the DejaVu fonts of the letters lie (Debian: fonts-dejavu-core).
LETTER_FONTS = Path(env.text("LETTER_FONTS", "/usr/share/fonts/truetype/dejavu"))
INITIAL_PASSWORD_LASTS = timedelta(days=env.number("INITIAL_PASSWORD_DAYS", 60))
# A slip from the help desk is in its owner's hands at once.
SLIP_LASTS = timedelta(days=env.number("SLIP_DAYS", 7))
# "portal": the check symbol of our own letters is used; "elsewhere": taken as typed.
INITIAL_PASSWORDS_FROM = env.text("INITIAL_PASSWORDS_FROM", "portal")
PASSWORD_LEAST = env.number("PASSWORD_MIN_LENGTH", 12)
PASSWORD_MOST = env.number("PASSWORD_MAX_LENGTH", 128)
PASSWORD_BLOCKLIST_FILE = env.text("PASSWORD_BLOCKLIST_FILE", "")
# Wi-Fi (RADIUS) breaks on letters beyond ASCII; only where no system minds, say no.
PASSWORD_ASCII_ONLY = env.switch("PASSWORD_ASCII_ONLY", default=True)
# What everybody here would think of first.
PASSWORD_LOCAL_WORDS = env.words("PASSWORD_LOCAL_WORDS", ("leuphana", "lüneburg"))
# How long a typed password counts before an act that asks for it once more.
STEP_UP_LASTS = timedelta(minutes=env.number("STEP_UP_MINUTES", 15))
# How long a second factor counts in one session, however much it is used.
SECOND_FACTOR_LASTS = timedelta(hours=env.number("SECOND_FACTOR_HOURS", 12))
TERMS_VERSION = env.text("TERMS_VERSION", "2026-09-01")
PRIVACY_VERSION = env.text("PRIVACY_VERSION", "2026-09-01")
# An import that would withdraw a larger share (in percent) waits for a human.
WITHDRAWAL_BRAKE_PERCENT = env.number("WITHDRAWAL_BRAKE_PERCENT", 5)
IMPORTS_ARE_KEPT = timedelta(hours=24)
# Somebody whom an import held back is forgotten so long after the last export that
# names them.
HELD_ROWS_ARE_KEPT = timedelta(days=env.number("HELD_ROWS_KEPT_DAYS", 180))

# --- Card and library -------------------------------------------------------------

# A card number: prefix, whole length, and what becomes of one whose check digit does
# not fit (warn, off or enforce; the rule is the one of the libraries in GBV).
CARD_NUMBER_PREFIX = env.text("CARD_NUMBER_PREFIX", "311")
CARD_NUMBER_LENGTHS = library.numbers("CARD_NUMBER_LENGTHS", 10, 11)
CARD_NUMBER_CHECK = library.one_of("CARD_NUMBER_CHECK", "warn", "off", "enforce")
# Cents, and from which day others: CARD_DEPOSIT_CENTS=1000,2027-04-01:1500
CARD_DEPOSIT_CENTS = library.amounts("CARD_DEPOSIT_CENTS", "1000")
CARD_REPLACEMENT_CENTS = library.amounts("CARD_REPLACEMENT_CENTS", "1500")
LIBRARY_FEE_CENTS = library.amounts("LIBRARY_FEE_CENTS", "0")
LIBRARY_DESK_PLACE = env.text(
    "LIBRARY_DESK_PLACE", "Bibliothek, Universitätsallee 1, Lüneburg"
)
LIBRARY_DESK_MAIL = env.text("LIBRARY_DESK_MAIL", "bibliothek@leuphana.example")
# The library's own pages: for first-years, its terms, a form for parents, accounts.
LIBRARY_PAGE_URL = env.text(
    "LIBRARY_PAGE_URL", "https://library.leuphana.example/start"
)
LIBRARY_TERMS_URL = env.text(
    "LIBRARY_TERMS_URL", "https://library.leuphana.example/terms"
)
LIBRARY_CONSENT_URL = env.text(
    "LIBRARY_CONSENT_URL", "https://library.leuphana.example/consent"
)
LIBRARY_ACCOUNT_URL = env.text(
    "LIBRARY_ACCOUNT_URL", "https://lux.leuphana.example/account"
)
# What somebody agrees to who registers; a new version is agreed to anew.
LIBRARY_TERMS_VERSION = env.text("LIBRARY_TERMS_VERSION", "2026-09-01")

# --- myStudy and Moodle -----------------------------------------------------------

# What opens myStudy where nothing is decided for a cohort: "own" or "leuphana".
MYSTUDY_MODE = targets.mystudy_mode()

# --- Logs: one event a line, people by number only --------------------------------

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "line": {
            "format": "%(asctime)s %(levelname)s %(name)s %(message)s",
        }
    },
    "filters": {"brief": {"()": "onboarding.look.logs.BriefRefusals"}},
    "handlers": {
        "stderr": {
            "class": "logging.StreamHandler",
            "formatter": "line",
            "filters": ["brief"],
        }
    },
    "root": {"handlers": ["stderr"], "level": env.text("LOG_LEVEL", "INFO")},
    # These two write what people typed at debug level; never below a warning.
    "loggers": {
        "django_auth_ldap": {"level": "ERROR"},
        "ldap3": {"level": "ERROR"},
        # They write every address that is called, card numbers included.
        "httpx": {"level": "WARNING"},
        "httpcore": {"level": "WARNING"},
    },
}

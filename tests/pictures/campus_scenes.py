"""What looks different where Moodle and the library's systems are asked."""

from tests.pictures.scenes import Scene

CAMPUS_SCENES: tuple[Scene, ...] = (
    Scene("moodle-waiting", "/journey/moodle/", "moodle-waiting"),
    Scene("journey-moodle-waiting", "/journey/", "moodle-waiting"),
    Scene("moodle-silent", "/journey/moodle/", "moodle-silent"),
    Scene("moodle-stuck", "/journey/moodle/", "moodle-stuck"),
    Scene("journey-moodle-stuck", "/journey/", "moodle-stuck"),
    Scene("moodle-ready", "/journey/moodle/", "moodle-ready"),
    Scene("moodle-asking", "/journey/moodle/", "moodle-asking"),
    Scene("library-taken-over", "/library-registration/receipt/", "library-taken-over"),
    Scene("account-unlinked", "/journey/library_account/", "account-unlinked"),
    Scene("journey-account-unlinked", "/journey/", "account-unlinked"),
    Scene("account-asking", "/journey/library_account/", "account-asking"),
    Scene("account-silent", "/journey/library_account/", "account-silent"),
    Scene("account-inactive", "/journey/library_account/", "account-inactive"),
    Scene("account-fees", "/journey/library_account/", "account-fees"),
    Scene("account-works", "/journey/library_account/", "account-works"),
)

"""Which services a person may use: pure rules over the standing."""

from datetime import date

from accounts.catalogue.standing import Standing

COLLEGE_AND_GRADUATE = frozenset({"College", "Graduate School"})

# Values of eduPersonEntitlement, written behind the prefix of the layout.
EVERYBODY: tuple[str, ...] = (
    "mail",
    "wifi",
    "vpn",
    "qis",
    "rocketchat",
    "printing",
    "storage",
)
# DOMAIN, systems table: myStudy and Moodle are for two of the three schools.
TEACHING: tuple[str, ...] = ("mystudy", "moodle")
ALL: tuple[str, ...] = EVERYBODY + TEACHING


def entitlements(*, standing: Standing, on: date) -> frozenset[str]:
    """Name the services of somebody who studies here and chose the password.

    An initial password opens nothing: a bare bind with one succeeds, so that services
    tell by the entitlement alone.
    """
    if not standing.own_password or not standing.studies(on):
        return frozenset()
    services = set(EVERYBODY)
    if standing.schools(on) & COLLEGE_AND_GRADUATE:
        services.update(TEACHING)
    return frozenset(services)

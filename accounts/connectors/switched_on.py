"""The connectors that an installation's settings switch on, beside the LDAP ones."""

from pathlib import Path

from django.conf import settings

from accounts.connectors.contract import Connector
from accounts.connectors.drop_folder import DropFolder
from accounts.connectors.http import Client
from accounts.connectors.library import FileDrop
from accounts.connectors.library_cards import CardDrop
from accounts.connectors.moodle import Moodle
from accounts.connectors.paia import Identity, Paia


def switched_on() -> tuple[Connector, ...]:
    """Give them, ready to work; ImproperlyConfigured for an address in the open."""
    connectors: list[Connector] = []
    if settings.MOODLE_URL:
        connectors.append(
            Moodle(
                client=_client(settings.MOODLE_URL),
                token=settings.MOODLE_TOKEN,
                creates=settings.MOODLE_CREATE,
                auth=settings.MOODLE_AUTH,
            )
        )
    if settings.LIBRARY_DROP_DIR:
        folder = DropFolder(Path(settings.LIBRARY_DROP_DIR))
        connectors += [FileDrop(folder), CardDrop(folder)]
    if settings.PAIA_URL:
        identity = Identity(
            token=settings.PAIA_TOKEN,
            client=settings.PAIA_CLIENT_ID,
            secret=settings.PAIA_CLIENT_SECRET,
        )
        connectors.append(Paia(client=_client(settings.PAIA_URL), identity=identity))
    return tuple(connectors)


def _client(base: str) -> Client:
    return Client(base, ca_file=settings.HTTPS_CA_FILE)

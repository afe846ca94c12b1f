"""The stage's own Moodle and library, for as long as nobody brings another."""

from pathlib import Path

from accounts.connectors.drop_folder import DropFolder
from onboarding.demo.place import LIBRARY_CLIENT, Place
from onboarding.demo.servers.moodle import Moodle
from onboarding.demo.servers.paia import Paia
from onboarding.demo.supervisor import Supervisor


def start(place: Place, supervisor: Supervisor) -> None:
    """Start what the environment does not point elsewhere."""
    ports = place.ports()
    if place.runs_own("MOODLE_URL"):
        folder, token = place.folder / "moodle", place.secret("moodle")
        supervisor.start(Moodle(folder, port=ports["moodle"], token=token))
    if place.runs_own("PAIA_URL"):
        supervisor.start(
            Paia(
                place.folder / "library-system",
                port=ports["paia"],
                client=LIBRARY_CLIENT,
                secret=place.secret("paia"),
            )
        )
    if place.runs_own("LIBRARY_DROP_DIR"):
        DropFolder(Path(place.environment()["LIBRARY_DROP_DIR"])).prepare()

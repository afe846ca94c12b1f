"""``make manage CMD="…"``: Django's command line on the stage's folder."""

import os
import sys

from onboarding.demo.place import Place, Refusal
from onboarding.demo.servers import programs


def main() -> None:
    """Become manage.py, with the environment that the stage gives its parts."""
    try:
        environment = Place(os.environ).opened().environment()
    except Refusal as sentence:
        sys.exit(str(sentence))
    command = programs.manage(*sys.argv[1:])
    os.execve(command[0], command, environment)  # noqa: S606 - our own command


if __name__ == "__main__":
    main()

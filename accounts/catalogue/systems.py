"""The target systems that the portal keeps, by the names in the work table."""

DIRECTORY = "directory"

NAMES: tuple[str, ...] = (DIRECTORY,)

"""The help desk's colleagues watch, too."""

from tests.onboarding.helpdesk.conftest import cem, desk, solveig, tarek

__all__ = ["cem", "desk", "solveig", "tarek"]

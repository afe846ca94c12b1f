"""The help desk's colleagues watch, too."""

from tests.onboarding.helpdesk.conftest import desk, solveig, tarek

__all__ = ["desk", "solveig", "tarek"]

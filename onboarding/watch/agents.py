"""Who may look at the board."""

from accounts.people.roles import Role
from onboarding.helpdesk.agents import DESK

# Figures for all of these; the people behind them for the desk alone.
WATCHING = (*DESK, Role.COORDINATOR, Role.AUDITOR)

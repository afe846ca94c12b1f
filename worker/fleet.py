"""The two written tuples: the target systems, and the facts of the rooms above."""

from accounts.connectors.contract import Connector
from accounts.connectors.directory import Directory
from accounts.reconciler.settle import Facts
from onboarding.enrolment.facts import programmes_of

CONNECTORS: tuple[Connector, ...] = (Directory(),)
FACTS = Facts(programmes=programmes_of)

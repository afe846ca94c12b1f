"""The room as a Django app."""

from django.apps import AppConfig


class EnrolmentConfig(AppConfig):
    """Registers the room under a short label."""

    name = "onboarding.enrolment"
    label = "enrolment"

"""The worker's commands as a Django app."""

from django.apps import AppConfig


class WorkerConfig(AppConfig):
    """Registers `plan`, `settle` and `ask_systems`."""

    name = "worker"
    label = "worker"

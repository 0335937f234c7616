"""The roof as an app: it makes Celery known to every process that loads Django."""

from importlib import import_module

from django.apps import AppConfig


class RoofConfig(AppConfig):
    """No models; loads the Celery app, so that tasks find their broker."""

    name = "config"

    def ready(self) -> None:
        """Load the Celery app."""
        import_module("config.celery")

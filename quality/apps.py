"""The app's name for Django."""

from importlib import import_module

from django.apps import AppConfig


class QualityConfig(AppConfig):
    """See the package's docstring for its floor and nouns."""

    name = "quality"

    def ready(self) -> None:
        """Events lead somewhere once all apps are loaded."""
        import_module("quality.subscriptions").connect()

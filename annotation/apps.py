"""The app's name for Django."""

from importlib import import_module

from django.apps import AppConfig


class AnnotationConfig(AppConfig):
    """See the package's docstring for its floor and nouns."""

    name = "annotation"

    def ready(self) -> None:
        """Events lead somewhere once all apps are loaded."""
        import_module("annotation.subscriptions").connect()

"""The app's name for Django."""

from django.apps import AppConfig


class QualityConfig(AppConfig):
    """See the package's docstring for its floor and nouns."""

    name = "quality"

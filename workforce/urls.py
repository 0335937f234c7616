"""Addresses of floor 1."""

from django.urls import URLPattern, URLResolver, path

from workforce.web import preferences, styleguide

urlpatterns: list[URLPattern | URLResolver] = [
    path("preferences/", preferences.preferences, name="preferences"),
    path("styleguide/", styleguide.styleguide, name="styleguide"),
]

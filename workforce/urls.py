"""Addresses of floor 1."""

from django.urls import URLPattern, URLResolver, path

from workforce.web import accounts, preferences, profile, styleguide

urlpatterns: list[URLPattern | URLResolver] = [
    path("start/", profile.start, name="start"),
    path("profile/", profile.profile, name="profile"),
    path("profile/pause/", profile.pause, name="profile_pause"),
    path("profile/resume/", profile.resume, name="profile_resume"),
    path("accounts/sessions/<int:session>/end/", accounts.end_session, name="session_end"),
    path("preferences/", preferences.preferences, name="preferences"),
    path("styleguide/", styleguide.styleguide, name="styleguide"),
]

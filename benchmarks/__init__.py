"""Measurements of the whole, run by `dev.py bench NAME`; never part of the tests."""

import os

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
django.setup()

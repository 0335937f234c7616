"""Reads of floor 3."""

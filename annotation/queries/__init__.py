"""Reads of floor 2: selectors and sums, no writes."""

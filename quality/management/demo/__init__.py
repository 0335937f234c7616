"""The demo: an organization with its people, five projects on shipped samples, and what has happened there so far."""

SLUG = "demo"

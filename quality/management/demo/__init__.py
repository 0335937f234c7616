"""The demo: an organization with its people, nine projects on shipped samples, and what has happened there so far."""

SLUG = "demo"

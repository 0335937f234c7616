"""The demo: an organization with its people, six projects on shipped samples, and what has happened there so far."""

SLUG = "demo"

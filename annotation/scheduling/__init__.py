"""Pure arithmetic of the scheduler: no Django, no clock, no database."""

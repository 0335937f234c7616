"""Pages of floor 1: what a person sees of themselves."""

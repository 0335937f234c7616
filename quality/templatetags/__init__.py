"""What the pages of quality draw."""

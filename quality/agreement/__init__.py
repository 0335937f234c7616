"""Agreement statistics and intervals. Pure."""

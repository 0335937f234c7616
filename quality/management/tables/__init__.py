"""Answers in CSV files, in and out, for commands that need no database. A fault is told with file, line and remedy."""

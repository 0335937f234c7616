"""The label language: what is shown, what is asked, and what an answer may be. Pure."""

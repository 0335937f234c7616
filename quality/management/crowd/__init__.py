"""Simulated people: they sign in, take tasks, answer and review over the same HTTP addresses as everybody."""

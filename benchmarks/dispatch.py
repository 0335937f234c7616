"""A round of the dispatcher, and the verdicts it rests on, over much open work and many people online.

    python3 dev.py bench dispatch [--people 1000] [--projects 200] [--tasks 1000000] [--rounds 7]

All people roam: every queue is open to most of them. Prints medians of the wall and CPU time of a round (this process and the database's
backend), and of the first one, which computes all verdicts.
"""

"""One machine, nothing installed: the Python environment, PostgreSQL and Valkey as child processes, the demo, the tests.

Standard library only, for it runs before the environment exists. `dev.py` is its command line.
"""

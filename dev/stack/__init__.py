"""The development stack: services, environments, demo and tests of this checkout.

It runs with the system's Python before anything is installed, so it uses the standard library only.
Each module has one concern; `python3 -m stack COMMAND` (from `dev/`) is what the Makefile calls.
"""

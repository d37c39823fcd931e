"""Slower checks with other people's programs: `python3 dev.py check [name …]` runs each script here."""

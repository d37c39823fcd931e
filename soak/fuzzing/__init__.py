"""Hostile inputs: what makes them, what asks them, and what judges the answers; `soak/fuzz.py` puts them together."""

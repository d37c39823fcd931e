"""Exports: what comes out, read by other programs, and what is refused."""

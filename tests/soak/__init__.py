"""Tests of what `dev.py soak` runs."""

"""Tests of the way back from code to figures."""

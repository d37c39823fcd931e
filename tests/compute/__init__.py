"""Tests of the engine; the tree mirrors compute/."""

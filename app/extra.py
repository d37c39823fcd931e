"""Extras of the package: what of them is installed, and how the rest would be."""

from collections.abc import Iterable
from importlib.util import find_spec


def install(extra: str) -> str:
    """The command that installs an extra, as `pyproject.toml` calls it.

    >>> install("export")
    "pip install 'convoscope[export]'"
    """
    return f"pip install 'convoscope[{extra}]'"


# What files and pictures of figures need.
EXTRA = "export"
INSTALL = install(EXTRA)


def missing(modules: Iterable[str]) -> str | None:
    """The first of these modules that is not installed, or None."""
    return next((name for name in modules if find_spec(name) is None), None)

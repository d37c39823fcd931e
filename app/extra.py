"""The extra that files and pictures of figures need: what of it is installed, and how the rest would be."""

from collections.abc import Iterable
from importlib.util import find_spec

# As `pyproject.toml` calls it.
EXTRA = "export"
INSTALL = f"pip install 'convoscope[{EXTRA}]'"


def missing(modules: Iterable[str]) -> str | None:
    """The first of these modules that is not installed, or None."""
    return next((name for name in modules if find_spec(name) is None), None)

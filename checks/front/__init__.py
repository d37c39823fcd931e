"""What the configuration of nginx claims, claim by claim; `checks/deploy.py` runs them."""

from typing import Any


class Fault(Exception):
    """A claim that does not hold, in one sentence."""


def hold(found: Any, expected: Any, what: str) -> None:
    """Raise Fault unless both are equal."""
    if found != expected:
        raise Fault(f"{what}: {found!r}, not {expected!r}")

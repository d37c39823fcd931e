"""Which route an address belongs to: few names for many addresses, so that they can be counted and told."""

import re
from collections.abc import Iterable

from fastapi.routing import APIRoute
from starlette.routing import BaseRoute

from compute.kinds import KINDS

OTHER = "other"
_SLUG = "{slug}"
# Pictures and modules of a release have thousands of addresses and one meaning.
_TYPE = re.compile(r":\w+}")


class Addresses:
    """The routes of one application by what is constant in them."""

    def __init__(self, routes: Iterable[BaseRoute]) -> None:
        known = [route for route in routes if isinstance(route, APIRoute)]
        self._constant = {route.path: _general(route.path) for route in known if "{" not in route.path}
        self._patterns = [(route.path_regex, _TYPE.sub("}", route.path)) for route in known if "{" in route.path]

    def route(self, path: str) -> str:
        """The route of a path, with names in braces for what differs in it; `other` where there is none."""
        found = self._constant.get(path)
        if found is not None:
            return found
        return next((name for pattern, name in self._patterns if pattern.match(path)), OTHER)


def kind_of(path: str) -> str:
    """The kind that an address names, or nothing.

    >>> kind_of("/api/v1/traces/dilated"), kind_of("/embed/3d/picture.png"), kind_of("/learn/mine")
    ('dilated', '3d', '')
    """
    return next((part for part in path[:200].split("/") if part in KINDS), "")


def _general(path: str) -> str:
    return "/".join(_SLUG if part in KINDS else part for part in path.split("/"))

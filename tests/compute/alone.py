"""Parameters that share nothing with others: each question of them does all of its work."""

from collections.abc import Mapping

from compute.kinds.base import Kind
from compute.kinds.params import Params


def alone(kind: Kind, pairs: Mapping[str, str]) -> Params:
    """As `Kind.parse`, but nothing is kept for figures that differ in their seed."""
    params = kind.params.model_validate(dict(pairs))
    params.settle()
    assert params.kept is None
    return params

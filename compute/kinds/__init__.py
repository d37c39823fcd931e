"""All kinds, in the order in which they teach."""

from compute.kinds import layer, multi_channel, single_channel, transposed
from compute.kinds.base import Kind

_ALL = (
    single_channel.KIND,
    multi_channel.KIND,
    transposed.KIND,
    layer.KIND,
)

KINDS: dict[str, Kind] = {kind.slug: kind for kind in _ALL}

"""All kinds, in the order in which they teach."""

from compute.kinds import (
    arithmetic,
    checkerboard,
    conv3d,
    cross_correlation,
    depthwise_separable,
    dilated,
    flattened,
    grouped,
    layer,
    multi_channel,
    pointwise,
    pointwise_grouped,
    pooling,
    shuffled_grouped,
    single_channel,
    spatially_separable,
    transposed,
)
from compute.kinds.base import Kind

_ALL = (
    cross_correlation.KIND,
    single_channel.KIND,
    multi_channel.KIND,
    conv3d.KIND,
    pointwise.KIND,
    arithmetic.KIND,
    dilated.KIND,
    pooling.KIND,
    transposed.KIND,
    checkerboard.KIND,
    spatially_separable.KIND,
    depthwise_separable.KIND,
    flattened.KIND,
    grouped.KIND,
    shuffled_grouped.KIND,
    pointwise_grouped.KIND,
    layer.KIND,
)

KINDS: dict[str, Kind] = {kind.slug: kind for kind in _ALL}

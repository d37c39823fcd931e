"""The pooling rows of the recorded answers, which no kind computes yet; all others are asked for through the API."""

import numpy as np
import pytest

from compute.stages import Pool
from tests.compute.golden import load
from tests.compute.strategies import run

POOLS = [case for case in load("numerical") if case["kind"] == "pooling"]


@pytest.mark.parametrize("case", POOLS, ids=lambda case: case["name"])
def test_pooling_agrees_with_recorded_answers(case):
    k, s = case["kernel_size"], case["stride"]
    stage = Pool("p", "input", "output", (k, k), (s, s), ((0, 0), (0, 0)), (1, 1), case["mode"])
    found = run(stage, input=np.array([case["input"]], dtype=float)).whole("output")[0]
    np.testing.assert_allclose(found, case["output"], rtol=1e-15)

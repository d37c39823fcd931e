"""The engine against plain nested loops, and the laws that any convolution obeys."""

from dataclasses import replace
from math import prod

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from compute.engine import Run
from compute.errors import GeometryError, ValueOverflowError
from compute.readings import matrix, zero_stuffed
from compute.recipe import Source, infer
from compute.stages import Activate, Correlate, Pool, Resize, Shuffle, Sum, Transpose
from tests.compute import oracle
from tests.compute.strategies import directs, run, tensors, transposes


@given(directs())
def test_a_convolution_agrees_with_nested_loops(case):
    np.testing.assert_array_equal(case.run().whole("output"), oracle.correlate(case.x, case.w, **case.loops))


@given(transposes())
def test_a_transposed_convolution_agrees_with_nested_loops(case):
    np.testing.assert_array_equal(case.run().whole("output"), oracle.transpose(case.x, case.w, **case.loops))


@given(directs(), st.integers(-3, 3), st.integers(0, 99))
def test_a_convolution_is_linear_in_its_input(case, factor, seed):
    other = np.random.default_rng(seed).integers(-4, 5, case.x.shape)
    both = case.run(case.x + factor * other).whole("output")
    np.testing.assert_array_equal(both, case.run().whole("output") + factor * case.run(other).whole("output"))


@given(directs(), st.integers(-3, 3), st.integers(0, 99))
def test_a_convolution_is_linear_in_its_kernel(case, factor, seed):
    other = np.random.default_rng(seed).integers(-4, 5, case.w.shape)
    both = case.run(w=case.w + factor * other).whole("output")
    np.testing.assert_array_equal(both, case.run().whole("output") + factor * case.run(w=other).whole("output"))


@given(transposes(), st.integers(0, 99))
def test_the_transpose_is_the_adjoint_of_the_convolution_with_the_same_parameters(case, seed):
    """⟨Cx, y⟩ = ⟨x, Cᵀy⟩, where C reads the transposed one's output and writes its input."""
    up = case.run()
    stage = case.stage
    down = Correlate("c", "input", "kernel", "output", stage.stride, stage.padding, stage.dilation, stage.groups)
    x = np.random.default_rng(seed).integers(-4, 5, up.shapes["output"])
    # the direct kernel is (filter, channel of the group): filters are the transposed one's input channels
    smaller = run(down, input=x, kernel=case.w).whole("output")
    smaller = smaller[tuple(map(slice, case.x.shape))]  # output_padding ≥ stride gives the window another place
    assert (smaller * case.x).sum() == (x * up.whole("output")).sum()


@given(transposes())
def test_the_transpose_is_a_window_over_stuffed_zeros(case):
    made = case.run()
    found, _ = zero_stuffed(case.stage, made)
    ordinary = Correlate(
        "c",
        "input",
        "kernel",
        "output",
        (1,) * (case.x.ndim - 1),
        ((0, 0),) * (case.x.ndim - 1),
        case.stage.dilation,
        case.stage.groups,
    )
    stuffed = run(ordinary, input=found["stuffed"]["values"], kernel=found["turned"]["values"])
    np.testing.assert_array_equal(stuffed.whole("output"), made.whole("output"))


@given(transposes())
def test_the_zero_stuffed_tables_point_at_the_cells_that_the_window_reads(case):
    made = case.run()
    tensors_, reading = zero_stuffed(case.stage, made)
    for axis, table in enumerate(reading["axes"]):
        origins = np.asarray(tensors_["stuffed"]["from"][axis])[table["at"]]
        np.testing.assert_array_equal(origins[:, ::-1], made.relation(case.stage).axes[axis].source)


@given(transposes())
def test_the_matrix_of_a_transposed_convolution_computes_it(case):
    made = case.run()
    c = matrix(case.stage, made)
    np.testing.assert_array_equal((c.T @ case.x.ravel()).reshape(made.shapes["output"]), made.whole("output"))


@given(directs())
def test_products_of_every_step_add_up_to_its_value(case):
    made = case.run()
    steps = made.steps(case.stage, 0, prod(made.shapes["output"]))
    np.testing.assert_array_equal(steps.products.sum(axis=1), steps.value)
    np.testing.assert_array_equal(steps.value, made.whole("output").ravel())
    np.testing.assert_array_equal(made.whole("output")[tuple(steps.position.T)], steps.value)


@given(transposes(by="input"))
def test_stamps_written_to_their_targets_add_up_to_the_output(case):
    made = case.run()
    steps = made.steps(case.stage, 0, case.x.size)
    np.testing.assert_array_equal(steps.value, case.x.ravel())
    relation = made.relation(case.stage)
    total = np.zeros(made.shapes["output"])
    per_group = case.w.shape[1]
    for (channel, *at), products in zip(steps.position, steps.products, strict=True):
        group = channel // (case.x.shape[0] // case.stage.groups)
        for (f, *tap), value in zip(oracle.cells(case.w.shape[1:]), products, strict=True):
            place = [table.targets[i, t] for table, i, t in zip(relation.axes, at, tap, strict=True)]
            if min(place) >= 0:
                total[(group * per_group + f, *place)] += value
    np.testing.assert_array_equal(total, made.whole("output"))


@given(directs(), st.integers(0, 10_000), st.integers(1, 5))
def test_some_of_the_steps_are_the_same_as_those_of_all(case, start, count):
    made = case.run()
    total = prod(made.shapes["output"])
    start %= total
    stop = min(total, start + count)
    some, everything = case.run().steps(case.stage, start, stop), made.steps(case.stage, 0, total)
    np.testing.assert_array_equal(some.products, everything.products[start:stop])
    np.testing.assert_array_equal(some.position, everything.position[start:stop])


@given(directs(), st.integers(1, 3))
def test_shifting_the_input_shifts_the_output(case, shift):
    """Equivariance, where nothing comes in from beyond a border: circular padding all around, stride 1."""
    dims = case.x.ndim - 1
    reach = [d * (k - 1) for k, d in zip(case.w.shape[2:], case.stage.dilation, strict=True)]
    x = np.resize(case.x, (case.x.shape[0], *(max(n, r) for n, r in zip(case.x.shape[1:], reach, strict=True))))
    around = replace(case.stage, stride=(1,) * dims, padding=tuple((0, r) for r in reach), padding_mode="circular")
    moved = run(around, input=np.roll(x, shift, axis=-1), kernel=case.w).whole("output")
    np.testing.assert_array_equal(moved, np.roll(run(around, input=x, kernel=case.w).whole("output"), shift, axis=-1))


@given(st.data())
def test_depthwise_is_as_many_groups_as_channels(data):
    x, w = tensors(data.draw, (3, 5, 6)), tensors(data.draw, (3, 1, 3, 2))
    stage = Correlate("c", "input", "kernel", "output", (1, 1), ((0, 0), (0, 0)), (1, 1), 3)
    single = replace(stage, groups=1)
    alone = [run(single, input=x[c : c + 1], kernel=w[c : c + 1]).whole("output")[0] for c in range(3)]
    np.testing.assert_array_equal(run(stage, input=x, kernel=w).whole("output"), np.stack(alone))


POOLS = st.tuples(st.integers(1, 4), st.integers(1, 3), st.integers(1, 2), st.integers(0, 4))


@given(st.data(), st.lists(POOLS, min_size=1, max_size=2), st.sampled_from(["max", "average"]), st.booleans())
def test_pooling_agrees_with_nested_loops(data, axes, mode, include):
    size, stride, dilation, _ = zip(*axes, strict=True)
    padding = tuple((p % ((d * (k - 1) + 1) // 2 + 1),) * 2 for k, _, d, p in axes)
    x = tensors(data.draw, (2, *(d * (k - 1) + 2 for k, _, d, _ in axes)))
    stage = Pool("p", "input", "output", size, stride, padding, dilation, mode, include)
    expected = oracle.pool(x, size, stride, padding, dilation, mode, include)
    np.testing.assert_allclose(run(stage, input=x).whole("output"), expected)


def test_padding_never_wins_a_maximum_and_is_marked_among_the_values_read():
    stage = Pool("p", "input", "output", (3,), (1,), ((1, 1),), (1,))
    steps = run(stage, input=np.array([[-5.0, -2.0]])).steps(stage, 0, 2)
    assert steps.value.tolist() == [-2, -2]
    assert np.isnan(steps.products[0, 0])
    assert steps.products[0, 1:].tolist() == [-5, -2]


def test_padding_of_a_pool_wider_than_half_its_window_is_refused():
    stage = Pool("p", "input", "output", (3,), (1,), ((2, 2),), (1,))
    with pytest.raises(GeometryError) as error:
        run(stage, input=np.zeros((1, 5)))
    assert error.value.values["nearest"] == 1


def test_shuffle_deals_the_channels_of_each_group_out_in_turn():
    stage = Shuffle("s", "input", "output", 2)
    x = np.arange(1.0, 5).reshape(4, 1)
    assert run(stage, input=x).whole("output").ravel().tolist() == [1, 3, 2, 4]


def test_nearest_and_bilinear_resizing_agree_with_recorded_pytorch_answers():
    x = np.array([[[0.0, 1.0], [2.0, 3.0]]])
    nearest = run(Resize("r", "input", "output", (4, 4)), input=x).whole("output")
    assert nearest[0].tolist() == [[0, 0, 1, 1], [0, 0, 1, 1], [2, 2, 3, 3], [2, 2, 3, 3]]
    linear = run(Resize("r", "input", "output", (4, 4), "bilinear"), input=x).whole("output")
    assert linear[0].tolist() == [
        [0.0, 0.25, 0.75, 1.0],
        [0.5, 0.75, 1.25, 1.5],
        [1.5, 1.75, 2.25, 2.5],
        [2.0, 2.25, 2.75, 3.0],
    ]


def test_relu_keeps_what_is_positive():
    stage = Activate("a", "input", "output")
    assert run(stage, input=np.array([[-1.0, 0.0, 2.0]])).whole("output").tolist() == [[0, 0, 2]]


def test_sum_adds_tensors_cell_by_cell_and_shows_what_it_added():
    stage = Sum("s", ("left", "right"), "output")
    made = run(stage, left=np.array([[1.0, 2.0], [3.0, 4.0]]), right=np.array([[10.0, 20.0], [30.0, 40.0]]))
    assert made.whole("output").tolist() == [[11, 22], [33, 44]]
    assert made.steps(stage, 2, 3).products.tolist() == [[3, 30]]


def test_tensors_of_different_shapes_cannot_be_added():
    with pytest.raises(GeometryError):
        run(Sum("s", ("left", "right"), "output"), left=np.zeros((1, 2)), right=np.zeros((1, 3)))


@given(st.data(), st.integers(0, 200), st.integers(1, 20))
def test_a_pipeline_computes_some_steps_without_computing_the_tensors_before_them_whole(data, start, count):
    """Steps of a late stage pull just the cells they read through the stages before."""
    stages = [
        Correlate("one", "input", "first", "hidden", (1, 1), ((1, 1), (1, 1)), (1, 1), 2),
        Shuffle("two", "hidden", "mixed", 2),
        Sum("three", ("mixed", "input"), "added"),
        Correlate("four", "added", "second", "output", (2, 1), ((0, 0), (0, 0)), (1, 1)),
    ]
    arrays = {
        "input": tensors(data.draw, (4, 6, 5)),
        "first": tensors(data.draw, (4, 2, 3, 3)),
        "second": tensors(data.draw, (3, 4, 2, 2)),
    }
    shapes = infer({name: Source("input", (), array.shape) for name, array in arrays.items()}, stages)
    lazy, eager = Run(stages, shapes, arrays), Run(stages, shapes, arrays)
    for name in ("hidden", "mixed", "added", "output"):
        eager.whole(name)
    total = prod(shapes["output"])
    stop = min(total, start % total + count)
    some = lazy.steps(stages[-1], start % total, stop)
    np.testing.assert_array_equal(some.value, eager.whole("output").ravel()[start % total : stop])
    assert "hidden" not in lazy.arrays
    chained = oracle.correlate(arrays["input"], arrays["first"], (1, 1), ((1, 1), (1, 1)), (1, 1), 2)
    chained = chained[[0, 2, 1, 3]] + arrays["input"]
    chained = oracle.correlate(chained, arrays["second"], (2, 1), ((0, 0), (0, 0)), (1, 1))
    np.testing.assert_array_equal(eager.whole("output"), chained)


@pytest.mark.parametrize("stage", [Correlate, Transpose])
def test_finite_values_whose_products_overflow_are_an_error_and_not_infinity(stage):
    pads, more = (((0, 0),), ()) if stage is Correlate else (((0, 0),), ((0,),))
    made = stage("c", "input", "kernel", "output", (1,), pads, (1,), *more)
    with pytest.raises(ValueOverflowError):
        run(made, input=np.array([[1e200, 1.0]]), kernel=np.array([[[1e200]]])).whole("output")


def test_bias_is_added_once_a_value():
    stage = Correlate("c", "input", "kernel", "output", (1,), ((0, 0),), (1,), bias="bias")
    made = run(stage, input=np.ones((1, 3)), kernel=np.ones((2, 1, 2)), bias=np.array([10.0, -1.0]))
    assert made.whole("output").tolist() == [[12, 12], [1, 1]]


@given(st.one_of(directs(), transposes(), transposes(by="input")))
def test_no_steps_are_columns_without_rows(case):
    """A page of steps may leave out a stage of a pipeline altogether."""
    made = case.run()
    none, one = made.steps(case.stage, 0, 0), made.steps(case.stage, 0, 1)
    assert none.position.shape == (0, one.position.shape[1])
    assert (len(none.products), len(none.value)) == (0, 0)

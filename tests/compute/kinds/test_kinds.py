"""What every kind must hold; a new kind inherits these checks by standing in KINDS."""

import numpy as np
import pytest

from compute.errors import ConvError
from compute.kinds import KINDS
from compute.kinds.base import ORDER
from compute.kinds.params import join
from tests.compute import oracle

FIGURES = [(kind, preset) for kind in KINDS.values() for preset in kind.presets]
NAMES = [f"{kind.slug}-{preset.id}" for kind, preset in FIGURES]
each_figure = pytest.mark.parametrize(("kind", "preset"), FIGURES, ids=NAMES)
each_kind = pytest.mark.parametrize("kind", KINDS.values(), ids=list(KINDS))


def trace(kind, **pairs):
    return kind.trace(kind.parse(pairs))


@each_figure
def test_every_claim_of_a_kind_holds_on_every_preset(kind, preset):
    made = trace(kind, **preset.params)
    assert kind.claims
    for claim in kind.claims:
        assert claim.holds(made), claim.says


@each_figure
def test_every_preset_says_only_what_differs_from_the_defaults(kind, preset):
    defaults = kind.parse({}).document()
    chosen = kind.parse(preset.params).document()
    for name in preset.params:
        assert not np.array_equal(chosen[name], defaults[name]), name


@each_figure
def test_every_stage_agrees_with_nested_loops(kind, preset):
    made = trace(kind, **preset.params)
    assert made["stages"]
    for stage in made["stages"]:
        found = np.asarray(made["tensors"][stage["output"]]["values"], float)
        # whole numbers agree exactly; the rest is rounded in another order
        np.testing.assert_allclose(found, oracle.stage(made, stage), rtol=1e-12, atol=1e-12)


@each_figure
def test_facts_are_the_trace_without_values_and_steps(kind, preset):
    made, facts = trace(kind, **preset.params), kind.facts(kind.parse_facts(preset.params))
    np.testing.assert_equal(facts["facts"], made["facts"])
    assert facts["tensors"].keys() <= made["tensors"].keys()
    for name, tensor in facts["tensors"].items():
        assert "values" not in tensor
        assert tensor["shape"] == list(np.shape(made["tensors"][name]["values"]))
    for brief, whole in zip(facts["stages"], made["stages"], strict=True):
        assert "steps" not in brief
        assert brief["cost"] == whole["cost"]
        np.testing.assert_equal(brief["axes"], whole["axes"])
        if whole["overlap"] is not None:
            np.testing.assert_equal(brief["overlap"]["per_axis"], whole["overlap"]["per_axis"])


@each_figure
def test_there_is_one_output_or_two_are_compared_and_steps_walk_all_of_it(kind, preset):
    made = trace(kind, **preset.params)
    compared = made["facts"].get("compared")
    outputs = [name for name, tensor in made["tensors"].items() if tensor["role"] == "output"]
    if compared is None:
        assert outputs == [made["stages"][-1]["output"]]
    else:
        assert outputs == [stage["output"] for stage in made["stages"] if stage["id"] in compared]
        assert len(outputs) == 2
    assert sum(stage["steps"]["total"] for stage in made["stages"]) == made["facts"]["steps"]
    for stage in made["stages"]:
        steps = stage["steps"]
        walked = made["tensors"][stage["input" if stage["by"] == "input" else "output"]]
        assert (
            steps["count"] == steps["total"] == len(steps["position"]) == len(steps["value"]) == len(steps["products"])
        )
        np.testing.assert_array_equal(steps["position"], list(np.ndindex(*walked["shape"])))


@each_figure
def test_overlap_counts_are_the_outer_product_of_the_axes(kind, preset):
    windowed = ("correlate", "transpose", "pool")
    for stage in trace(kind, **preset.params)["stages"]:
        assert (stage["overlap"] is not None) == (stage["operation"] in windowed)
        if stage["overlap"] is None:
            continue
        counts = stage["overlap"]["counts"]
        assert (counts.min(), counts.max()) == (stage["overlap"]["min"], stage["overlap"]["max"])
        assert counts.shape == tuple(map(len, stage["overlap"]["per_axis"]))
        read = np.ones(())
        for axis in stage["axes"]:
            source = axis["source"]
            if stage["operation"] == "transpose":
                line = (source >= 0).sum(axis=1)
            else:
                length = len(stage["overlap"]["per_axis"][read.ndim])
                line = np.bincount(source[source >= 0], minlength=length)
            read = np.multiply.outer(read, line)
        np.testing.assert_array_equal(counts, read)


@each_kind
def test_the_schema_lists_every_parameter_in_the_order_in_which_a_reader_meets_them(kind):
    names = list(kind.schema()["properties"])
    assert set(names) == set(kind.params.model_fields)
    assert names == sorted(names, key=ORDER.index)
    for field in kind.schema()["properties"].values():
        assert {"title", "description", "default", "x-control"} <= field.keys()


@each_kind
def test_preset_ids_are_unique_and_the_defaults_run(kind):
    ids = [preset.id for preset in kind.presets]
    assert len(set(ids)) == len(ids) > 0
    assert trace(kind)["facts"]["steps"] > 0


@each_kind
def test_limits_refuse_exactly_the_slider_values_that_a_trace_refuses(kind):
    params = kind.parse(kind.presets[0].params)
    schema = kind.schema()["properties"]
    now = {name: value for name, value in kind.presets[0].params.items() if name not in ("input", "kernel")}
    own = [key for key in ("input_size", "kernel_size") if key in schema]
    for name, entry in kind.limits(params)["limits"].items():
        refused = {item["value"] for item in entry["linked"]}
        control = schema[name]["x-control"]
        for value in range(control["min"], control["max"] + 1):
            sizes = {key: join(getattr(params, key)) for key in own} | now
            assert (error_of(kind, **sizes | {name: str(value)}) is not None) == (value in refused), (name, value)


def error_of(kind, **pairs):
    try:
        trace(kind, **pairs)
    except ConvError as error:
        return error
    return None


NEVER_TOO_LARGE = ("transposed", "checkerboard", "cross-correlation")  # stamps, and full padding, take any kernel
SIZED = [kind for kind in KINDS.values() if "kernel_size" in kind.params.model_fields]


@pytest.mark.parametrize("kind", SIZED, ids=[kind.slug for kind in SIZED])
def test_limits_of_one_axis_leave_the_other_axes_as_they_are(kind):
    params = kind.parse({"input_size": "3", "kernel_size": "2"})
    found = kind.limits(params)["limits"]["kernel_size"]
    assert len(found["axes"]) == params.rank
    linked = [item["value"] for item in found["linked"]]
    assert bool(linked) is (kind.slug not in NEVER_TOO_LARGE)
    for axis in found["axes"]:
        assert [item["value"] for item in axis] == linked


FAULTY = [
    ("single-channel", {"kernel_size": "9"}),
    ("single-channel", {"kernel_size": "3x9"}),
    ("single-channel", {"dilation": "4"}),
    ("single-channel", {"dilation": "1x4", "kernel_size": "3"}),
    ("single-channel", {"padding": "7", "padding_mode": "reflect"}),
    ("single-channel", {"padding": "9x1", "padding_mode": "circular"}),
    ("single-channel", {"stride": "0"}),
    ("single-channel", {"stride": "2.6"}),
    ("single-channel", {"input_size": "100000000"}),
    ("single-channel", {"input_size": "3000"}),
    ("single-channel", {"padding": "saem"}),
    ("single-channel", {"padding_mode": "mirror"}),
    ("single-channel", {"flip": "yes"}),
    ("single-channel", {"bias": "1,2,3"}),
    ("single-channel", {"start": "9"}),
    ("multi-channel", {"in_channels": "-3"}),
    ("multi-channel", {"in_channels": "5000", "out_channels": "5000", "count": "100"}),
    ("transposed", {"output_padding": "1"}),
    ("transposed", {"padding": "2"}),
    ("transposed", {"view": "matrx"}),
    ("cross-correlation", {"padding": "0", "input_size": "3"}),
    ("cross-correlation", {"input": "bx"}),
    ("cross-correlation", {"kernel": "sobel-x"}),
    ("3d", {"input_size": "300"}),
    ("3d", {"kernel_size": "3x9x3"}),
    ("pointwise", {"activation": "relux"}),
    ("pointwise", {"stride": "0"}),
    ("arithmetic", {"transposed": "true", "padding": "same"}),
    ("arithmetic", {"output_padding": "1"}),
    ("dilated", {"dilation": "4"}),
    ("dilated", {"layers": "3,3d2,3d4"}),
    ("dilated", {"layers": "3,3d2,3d4", "dims": "1"}),
    ("dilated", {"layers": "3,3x2"}),
    ("dilated", {"layers": "3,3,3,3,3,3,3", "input_size": "20"}),
    ("dilated", {"layers": "3,3", "stride": "2"}),
    ("pooling", {"padding": "2"}),
    ("pooling", {"mode": "average", "dilation": "2"}),
    ("pooling", {"count_include_pad": "false"}),
    ("checkerboard", {"stride": "9"}),
    ("checkerboard", {"remedy": "bicubic"}),
    ("checkerboard", {"depth": "4"}),
    ("spatially-separable", {"kernel_size": "65"}),
    ("spatially-separable", {"kernel": "sobel"}),
    ("depthwise-separable", {"kernel_size": "9"}),
    ("depthwise-separable", {"in_channels": "65536", "out_channels": "65536"}),
    ("flattened", {"kernel_size": "1x9"}),
    ("grouped", {"groups": "3"}),
    ("shuffled-grouped", {"groups": "2"}),
    ("shuffled-grouped", {"groups": "65536"}),
    ("shuffled-grouped", {"in_channels": "65536", "groups": "1", "out_channels": "65536"}),
    ("pointwise-grouped", {"groups": "3"}),
    ("layer", {"groups": "2", "in_channels": "3", "out_channels": "4"}),
    ("layer", {"transposed": "true", "padding": "same"}),
    ("layer", {"transposed": "true", "padding_mode": "reflect"}),
    ("layer", {"output_padding": "1"}),
    ("layer", {"dims": "4"}),
    ("layer", {"by": "input"}),
    ("layer", {"groups": "70000"}),
]


@pytest.mark.parametrize(("slug", "pairs"), FAULTY, ids=[f"{slug}-{pairs}" for slug, pairs in FAULTY])
def test_the_nearest_value_of_an_error_mends_it(slug, pairs):
    """Following the hints, one after the other, reaches a figure."""
    kind = KINDS[slug]
    tried = []
    for _ in range(5):
        error = error_of(kind, **pairs)
        if error is None:
            break
        tried.append((error.code, error.field, error.values.get("nearest")))
        assert "nearest" in error.values, tried
        assert error.message
        assert error.hint
        pairs = pairs | {error.field: str(error.values["nearest"])}
    assert tried
    assert error_of(kind, **pairs) is None, tried


@pytest.mark.parametrize("kind", KINDS.values(), ids=list(KINDS))
def test_curves_pass_through_the_figure_and_hold_what_facts_say(kind):
    params = kind.parse_facts(kind.presets[0].params)
    facts = kind.facts(params)["facts"]
    curves = kind.curves(params)["curves"]
    assert bool(curves) == (facts["baseline"] is not None)
    for curve in curves:
        at = curve["values"].index(curve["now"])
        for key in ("multiplications", "parameters"):
            assert len(curve["figure"][key]) == len(curve["baseline"][key]) == len(curve["values"])
            assert curve["figure"][key][at] == facts[key]
            assert curve["baseline"][key][at] == facts["baseline"][key]
        other = curve["values"][0]
        now = getattr(params, curve["parameter"])
        moved = params.replaced(curve["parameter"], (other,) * len(now) if isinstance(now, tuple) else other)
        assert curve["figure"]["multiplications"][0] == kind.facts(moved)["facts"]["multiplications"]


EQUALS = [(kind, equal) for kind in KINDS.values() for equal in kind.equals]


@pytest.mark.parametrize(("kind", "equal"), EQUALS, ids=[f"{kind.slug}={equal.slug}" for kind, equal in EQUALS])
def test_a_figure_that_is_one_of_another_kind_has_its_values(kind, equal):
    own, other = trace(kind, **equal.params), trace(KINDS[equal.slug], **equal.theirs)
    np.testing.assert_allclose(
        np.asarray(own["tensors"][equal.tensor]["values"], float),
        np.asarray(other["tensors"][equal.their_tensor]["values"], float),
        atol=1e-12,
    )


def test_every_kind_but_pooling_is_tied_to_another():
    assert {slug for slug, kind in KINDS.items() if not kind.equals} == {"pooling"}

"""What every kind must hold; a new kind inherits these checks by standing in KINDS."""

import numpy as np
import pytest

from compute.errors import ConvError
from compute.kinds import KINDS
from compute.kinds.base import ORDER, join
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
        x = np.asarray(made["tensors"][stage["input"]]["values"], float)
        w = np.asarray(made["tensors"][stage["kernel"]]["values"], float)
        if stage["operation"] == "correlate":
            loops = {name: stage[name] for name in ("stride", "padding", "dilation", "groups", "flip")}
            expected = oracle.correlate(x, w, mode=stage["padding_mode"], **loops)
        else:
            loops = {name: stage[name] for name in ("stride", "dilation", "groups", "output_padding")}
            expected = oracle.transpose(x, w, padding=[before for before, _ in stage["padding"]], **loops)
        if stage["bias"] is not None:
            expected += np.reshape(stage["bias"], (-1, *[1] * (expected.ndim - 1)))
        np.testing.assert_array_equal(made["tensors"][stage["output"]]["values"], expected)


@each_figure
def test_facts_are_the_trace_without_values_and_steps(kind, preset):
    made, facts = trace(kind, **preset.params), kind.facts(kind.parse_facts(preset.params))
    assert facts["facts"] == made["facts"]
    assert facts["tensors"].keys() <= made["tensors"].keys()
    for name, tensor in facts["tensors"].items():
        assert "values" not in tensor
        assert tensor["shape"] == list(np.shape(made["tensors"][name]["values"]))
    for brief, whole in zip(facts["stages"], made["stages"], strict=True):
        assert "steps" not in brief
        assert brief["cost"] == whole["cost"]
        np.testing.assert_equal(brief["axes"], whole["axes"])
        np.testing.assert_equal(brief["overlap"]["per_axis"], whole["overlap"]["per_axis"])


@each_figure
def test_there_is_exactly_one_output_and_steps_walk_all_of_it(kind, preset):
    made = trace(kind, **preset.params)
    assert [tensor["role"] for tensor in made["tensors"].values()].count("output") == 1
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
    for stage in trace(kind, **preset.params)["stages"]:
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
    for name, entry in kind.limits(params)["limits"].items():
        refused = {item["value"] for item in entry["linked"]}
        control = schema[name]["x-control"]
        for value in range(control["min"], control["max"] + 1):
            sizes = {key: join(getattr(params, key)) for key in ("input_size", "kernel_size")} | now
            assert (error_of(kind, **sizes | {name: str(value)}) is not None) == (value in refused), (name, value)


def error_of(kind, **pairs):
    try:
        trace(kind, **pairs)
    except ConvError as error:
        return error
    return None


@each_kind
def test_limits_of_one_axis_leave_the_other_axes_as_they_are(kind):
    params = kind.parse({"input_size": "3", "kernel_size": "2"})
    found = kind.limits(params)["limits"]["kernel_size"]
    assert len(found["axes"]) == params.rank
    linked = [item["value"] for item in found["linked"]]
    assert bool(linked) is (kind.slug != "transposed")  # a stamp is never too large
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

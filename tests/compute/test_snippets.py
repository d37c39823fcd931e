"""Snippets are true: those in NumPy are run, and those of frameworks say the very numbers of the figure."""

import contextlib
import io

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from checks.frameworks import digest
from compute.engine import Run
from compute.kinds import KINDS
from compute.recipe import Recipe, Source, infer
from compute.snippets import LANGUAGES, snippets
from compute.snippets.writer import MOST_LISTED, all_listed, array_literal, variable
from compute.stages import Pool, Resize, Sum
from tests.compute import strategies
from tests.compute.golden import recorded

FIGURES = [(kind, preset) for kind in KINDS.values() for preset in kind.presets]
NAMES = [f"{kind.slug}-{preset.id}" for kind, preset in FIGURES]
each_figure = pytest.mark.parametrize(("kind", "preset"), FIGURES, ids=NAMES)


def ran(text):
    """What a snippet leaves behind, and what it prints."""
    left, printed = {}, io.StringIO()
    with contextlib.redirect_stdout(printed):
        exec(compile(text, "snippet", "exec"), left)
    return left, printed.getvalue()


def agrees(recipe):
    """Runs the NumPy snippet and holds every tensor that a stage writes against the engine, over the same sources."""
    left, printed = ran(snippets(recipe)["numpy"])
    arrays = {name: left[variable(name)] for name in recipe.sources if variable(name) in left}
    run = Run(recipe.stages, recipe.shapes, arrays)
    for stage in recipe.stages:
        found, wanted = left[variable(stage.output)], run.whole(stage.output)
        assert found.shape == wanted.shape
        np.testing.assert_allclose(found, wanted, rtol=1e-12, atol=1e-12)
    for name in recipe.outputs:
        assert str(left[variable(name)]) in printed
    return left


def code(slug, **pairs):
    kind = KINDS[slug]
    return snippets(kind.plan(kind.parse(pairs)))


def figure(stage, **arrays):
    sources = {name: Source("input", ("channel", "row"), array.shape, array) for name, array in arrays.items()}
    return Recipe(sources, (stage,), infer(sources, [stage]))


@each_figure
def test_the_numpy_snippet_of_every_preset_computes_the_figure(kind, preset):
    recipe = kind.plan(kind.parse(preset.params))
    left = agrees(recipe)
    made = kind.trace(kind.parse(preset.params))["tensors"]
    listed = all(np.prod(source.shape) <= MOST_LISTED for source in recipe.sources.values())
    for name in [*recipe.sources, *(stage.output for stage in recipe.stages)] if listed else []:
        if name in made and variable(name) in left:
            np.testing.assert_allclose(left[variable(name)], np.asarray(made[name]["values"], float), rtol=1e-12)


@each_figure
def test_every_snippet_compiles_prints_and_tells_the_shape(kind, preset):
    recipe = kind.plan(kind.parse(preset.params))
    for language, text in snippets(recipe).items():
        compile(text, language, "exec")
        assert "compute" not in text
        for name in recipe.outputs:
            assert f"# {name} has the shape {recipe.shapes[name]}" in text
        assert text.count("\nprint(") == len(recipe.outputs)


RECORDED = recorded("snippets.json")["figures"]


@each_figure
def test_frameworks_ran_this_very_code_and_every_stage_has_the_values_they_gave(kind, preset):
    """See checks/frameworks.py: PyTorch, Keras and JAX agreed on what was recorded."""
    recipe = kind.plan(kind.parse(preset.params))
    if not all_listed(recipe):  # such code draws its own numbers, and says so
        assert f"{kind.slug}/{preset.id}" not in RECORDED
        return
    answer = RECORDED[f"{kind.slug}/{preset.id}"]
    for language, code_run in answer["code"].items():
        assert digest(snippets(recipe)[language]) == code_run, "run python3 -m checks.frameworks --record"
    made = kind.trace(kind.parse(preset.params))["tensors"]
    assert {variable(stage.output) for stage in recipe.stages} == set(answer["tensors"])
    for stage in recipe.stages:
        found, theirs = made[stage.output]["values"], answer["tensors"][variable(stage.output)]
        np.testing.assert_allclose(np.asarray(found, float), np.asarray(theirs, float), rtol=1e-10, atol=1e-10)


def test_nearly_every_figure_is_recorded():
    assert len(RECORDED) >= 0.9 * len(FIGURES)
    assert {name.split("/")[0] for name in RECORDED} == set(KINDS)


@given(strategies.directs())
def test_any_convolution_is_written_as_it_is_computed(case):
    agrees(figure(case.stage, input=case.x, kernel=case.w))


@given(strategies.transposes())
def test_any_transposed_convolution_is_written_as_it_is_computed(case):
    agrees(figure(case.stage, input=case.x, kernel=case.w))


@given(st.sampled_from(["max", "average"]), st.booleans(), st.integers(1, 3), st.integers(0, 1), st.integers(1, 2))
def test_any_pool_is_written_as_it_is_computed(mode, counted, stride, padding, dilation):
    pads = ((padding, padding), (0, 0))
    stage = Pool("p", "input", "output", (2, 3), (stride, 1), pads, (1, dilation), mode, counted)
    agrees(figure(stage, input=np.arange(60.0).reshape(2, 5, 6) % 7))


@given(st.sampled_from(["nearest", "bilinear"]), st.integers(4, 11), st.integers(3, 9))
def test_any_resize_is_written_as_it_is_computed(mode, rows, columns):
    stage = Resize("r", "input", "output", (rows, columns), mode)
    agrees(figure(stage, input=np.arange(24.0).reshape(2, 4, 3) ** 2 % 11))


def test_tensors_are_added_up():
    agrees(figure(Sum("s", ("input", "other"), "output"), input=np.ones((1, 2)), other=np.array([[2.0, 3.0]])))


def test_a_convolution_bears_the_figures_numbers_in_every_framework():
    text = code(
        "layer", in_channels="4", out_channels="4", groups="2", stride="2", padding="1", dilation="2", bias="true"
    )
    assert "F.conv2d(x, kernel, bias, stride=2, padding=1, dilation=2, groups=2)" in text["pytorch"]
    for said in ("window_strides=(2, 2)", "padding=((1, 1), (1, 1))", "rhs_dilation=(2, 2)", "feature_group_count=2"):
        assert said in text["jax"]
    assert "padded = ops.pad(x, ((0, 0), (1, 1), (1, 1), (0, 0)))" in text["keras"]
    assert 'ops.conv(padded, kernel, strides=1, padding="valid", dilation_rate=2)[:, ::2, ::2]' in text["keras"]
    assert "output = output + bias\n" in text["keras"]


def test_axes_may_differ_and_padding_may_be_one_sided():
    text = code("layer", stride="1x2", padding="0:2x1:1", kernel_size="3x2")
    assert "padded = F.pad(x, (1, 1, 0, 2))" in text["pytorch"]
    assert "F.conv2d(padded, kernel, stride=(1, 2), padding=0, dilation=1, groups=1)" in text["pytorch"]
    assert "padding=((0, 2), (1, 1))" in text["jax"]
    assert 'ops.conv(padded, kernel, strides=(1, 2), padding="valid", dilation_rate=1)' in text["keras"]


@pytest.mark.parametrize(
    ("mode", "numpy", "keras"),
    [
        ("reflect", "reflect", "4 - abs(4 - abs(i))"),
        ("replicate", "edge", "min(max(i, 0), 4)"),
        ("circular", "wrap", "i % 5"),
    ],
)
def test_padding_that_is_not_zeros_is_named_as_each_library_names_it(mode, numpy, keras):
    text = code("single-channel", padding="1", padding_mode=mode)
    assert f'F.pad(x, (1, 1, 1, 1), mode="{mode}")' in text["pytorch"]
    assert f'jnp.pad(x, ((0, 0), (0, 0), (1, 1), (1, 1)), mode="{numpy}")' in text["jax"]
    assert f"ops.take(x, [{keras} for i in range(-1, 6)], axis=1)" in text["keras"]


def test_a_transposed_convolution_bears_the_figures_numbers():
    sizes = {"transposed": "true", "stride": "2", "padding": "1", "output_padding": "1", "input_size": "3"}
    text = code("layer", **sizes)
    assert "F.conv_transpose2d(" in text["pytorch"]
    for said in ("stride=2", "padding=1", "output_padding=1", "groups=1", "dilation=1"):
        assert said in text["pytorch"]
    assert 'full = ops.conv_transpose(x, kernel, strides=2, padding="valid")' in text["keras"]
    assert "output = full[:, 1 : 7, 1 : 7]" in text["keras"]
    for said in ("window_strides=(1, 1)", "padding=((1, 2), (1, 2))", "lhs_dilation=(2, 2)"):
        assert said in text["jax"]
    grouped = code("layer", **sizes, in_channels="4", out_channels="4", groups="2")
    assert "groups=2" in grouped["pytorch"]
    assert "ops.conv_transpose(" not in grouped["keras"]
    assert "feature_group_count=2" in grouped["jax"]


def test_axes_choose_the_call():
    assert "F.conv1d(" in code("layer", dims="1")["pytorch"]
    assert '("NCW", "OIW", "NCW")' in code("layer", dims="1")["jax"]
    assert "F.conv3d(" in code("layer", dims="3")["pytorch"]
    assert '("NCDHW", "OIDHW", "NCDHW")' in code("layer", dims="3")["jax"]


def test_pools_and_the_rest_are_named():
    text = code("pooling", padding="1", stride="2")
    assert "F.max_pool2d(x, kernel_size=3, stride=2, padding=1, dilation=1)" in text["pytorch"]
    assert 'ops.max_pool(padded, 3, strides=2, padding="valid")' in text["keras"]
    assert "jax.lax.max" in text["jax"]
    mean = code("pooling", padding="1", mode="average", count_include_pad="false")
    assert "F.avg_pool2d(x, kernel_size=3, stride=1, padding=1, count_include_pad=False)" in mean["pytorch"]
    assert "output = output / share" in mean["keras"]
    assert "np.nanmean" in mean["numpy"]
    assert ".reshape(1, 3, 3, 2, 2).transpose(1, 2)" in code("shuffled-grouped")["pytorch"]
    assert 'mode="bilinear", align_corners=False' in code("checkerboard", remedy="bilinear")["pytorch"]
    assert "F.relu(mapped)" in code("pointwise", activation="relu")["pytorch"]


def test_a_reversed_kernel_is_reversed_in_every_language():
    text = code("single-channel", flip="true")
    assert "kernel[:, :, ::-1, ::-1]" in text["numpy"]
    assert "torch.flip(kernel, dims=(2, 3))" in text["pytorch"]
    assert "np.flip(kernel, axis=(0, 1))" in text["keras"]
    assert "jnp.flip(kernel, axis=(2, 3))" in text["jax"]


def test_tensors_too_large_to_list_are_drawn_and_the_code_says_so():
    text = code("layer", input_size="224", in_channels="64", out_channels="128")
    for snippet in text.values():
        assert f"{64 * 224 * 224} numbers are too many to list" in snippet
        assert len(snippet) < 4000
    assert "in a loop of Python they take a while" in text["numpy"]
    assert "x = np.ones((1, 30, 30))" in code("single-channel", input="ones", input_size="30")["numpy"]


@given(st.lists(st.floats(-1e300, 1e300), min_size=1, max_size=60))
def test_numbers_are_read_back_as_they_were(values):
    for shape in ((-1,), (1, 1, -1), (-1, 1)):
        array = np.array(values).reshape(shape)
        left = {"np": np}
        exec("\n".join(array_literal("y", "np.array", array, "float")), left)
        np.testing.assert_array_equal(left["y"], array)


def test_every_language_has_its_snippet():
    assert list(LANGUAGES) == list(code("single-channel")) == ["numpy", "pytorch", "keras", "jax"]

"""Layers pasted as code: what they mean, what they cost at their real size, and what is pointed at."""

from typing import Any

import pytest

from compute.errors import ConvError, ParameterError
from compute.kinds import KINDS
from compute.reader import MAX_CODE, read
from compute.reader.walk import MAX_LAYERS, MAX_NOTES

Document = dict[str, Any]


def only(code: str, size: str = "32") -> Document:
    """The one layer of a text, understood without a remark that anything was passed over."""
    found = read(code, size)
    assert [note for note in found["notes"] if note["unread"]] == []
    (layer,) = found["layers"]
    assert layer["error"] is None, layer["error"]
    return dict(layer)


# code, input size, output shape, parameters, multiplications: by the formulas of the frameworks' own documentation.
KNOWN = [
    ("nn.Conv2d(64, 128, 3, stride=2, padding=1)", "32", [128, 16, 16], 73_856, 128 * 16 * 16 * 576),
    ("nn.Conv2d(3, 64, 7, stride=2, padding=3)", "224", [64, 112, 112], 9_472, 64 * 112 * 112 * 147),
    ("nn.Conv2d(3, 64, 7, 2, 3, bias=False)", "224", [64, 112, 112], 9_408, 64 * 112 * 112 * 147),
    ("torch.nn.Conv2d(3, 64, kernel_size=11, stride=4, padding=2)", "224", [64, 55, 55], 23_296, 64 * 55 * 55 * 363),
    ("nn.Conv2d(64, 64, 3, padding=1, groups=64)", "56", [64, 56, 56], 640, 64 * 56 * 56 * 9),
    ("nn.Conv2d(128, 256, 3, 1, 1, 1, 32)", "28", [256, 28, 28], 9_472, 256 * 28 * 28 * 36),
    ("nn.Conv2d(3, 768, 16, stride=16)", "224", [768, 14, 14], 590_592, 768 * 14 * 14 * 768),
    ("nn.Conv2d(16, 33, (3, 5), stride=(2, 1), padding=(4, 2), dilation=(3, 1))", "50x100", [33, 26, 100], 7_953, None),
    ("nn.Conv2d(8, 8, 3, padding='same', dilation=2)", "10", [8, 10, 10], 584, None),
    ("nn.Conv2d(8, 8, 3, padding='valid')", "10", [8, 8, 8], 584, None),
    ("nn.Conv2d(1, 20, 5)", "28", [20, 24, 24], 520, 20 * 24 * 24 * 25),
    ("Conv1d(16, 33, 3, stride=2)", "50", [33, 24], 1_617, 33 * 24 * 48),
    ("nn.Conv3d(16, 33, 3, stride=2)", "10x50x100", [33, 4, 24, 49], 14_289, None),
    ("nn.ConvTranspose2d(64, 32, 4, 2, 1)", "16", [32, 32, 32], 32_800, 64 * 32 * 16 * 16 * 16),
    # positional: stride, padding, output_padding, groups, bias, dilation
    ("nn.ConvTranspose2d(8, 4, 3, 2, 1, 1, 2, False, 2)", "5", [4, 12, 12], 144, None),
    ("nn.ConvTranspose1d(16, 33, 3, stride=2)", "50", [33, 101], 1_617, None),
    ("nn.ConvTranspose3d(16, 33, 3, stride=2)", "10x50x100", [33, 21, 101, 201], 14_289, None),
    ("nn.MaxPool2d(2)", "32", [3, 16, 16], 0, 0),
    ("nn.MaxPool2d(3, 2, 1)", "112", [3, 56, 56], 0, 0),
    ("nn.AvgPool1d(3)", "32", [3, 10], 0, 30),
    ("nn.MaxPool3d((1, 2, 2))", "8", [3, 8, 4, 4], 0, 0),
    ("layers.Conv2D(32, 3, activation='relu', input_shape=(28, 28, 1))", "32", [32, 26, 26], 320, 32 * 26 * 26 * 9),
    ("keras.layers.Conv2D(32, (3, 3), 2, 'same', input_shape=(28, 28, 1))", "32", [32, 14, 14], 320, None),
    ("Conv2D(32, 3, data_format='channels_first', input_shape=(1, 28, 20))", "32", [32, 26, 18], 320, None),
    ("tf.keras.layers.Conv1D(64, 5, padding='causal', dilation_rate=2)", "100", [64, 100], 1_024, None),
    ("layers.Conv3D(8, 3, use_bias=False)", "16", [8, 14, 14, 14], 648, None),
    ("layers.Conv2DTranspose(32, 2, 2)", "10x8", [32, 20, 16], 416, None),
    ("layers.Conv2DTranspose(8, 3, strides=2, padding='same')", "7", [8, 14, 14], 224, None),
    ("layers.Conv2DTranspose(8, 2, strides=3)", "4", [8, 12, 12], 104, None),
    ("layers.Conv1DTranspose(32, 3, 2)", "10", [32, 21], 320, None),
    ("layers.DepthwiseConv2D(3, 3, depth_multiplier=2, input_shape=(10, 10, 12))", "32", [24, 3, 3], 240, None),
    ("layers.SeparableConv2D(64, 3, input_shape=(14, 14, 32))", "32", [64, 12, 12], 2_400, 144 * (288 + 2_048)),
    ("layers.SeparableConv1D(8, 3, depth_multiplier=2, input_shape=(10, 4))", "32", [8, 8], 24 + 64 + 8, None),
    ("layers.MaxPooling2D()", "33", [3, 16, 16], 0, 0),
    ("layers.MaxPooling2D(3, 2, 'same')", "28", [3, 14, 14], 0, 0),
    ("layers.AveragePooling2D((2, 2), strides=1, padding='same')", "7", [3, 7, 7], 0, 3 * 49),
]


@pytest.mark.parametrize(("code", "size", "output", "parameters", "multiplications"), KNOWN, ids=[k[0] for k in KNOWN])
def test_a_layer_has_the_shape_and_the_costs_that_are_known_of_it(
    code: str, size: str, output: list[int], parameters: int, multiplications: int | None
) -> None:
    facts = only(code, size)["facts"]
    assert facts["output_shape"] == output
    assert facts["parameters"] == parameters
    if multiplications is not None:
        assert facts["multiplications"] == multiplications


@pytest.mark.parametrize("code", [known[0] for known in KNOWN])
def test_every_figure_can_be_watched_and_says_what_was_changed(code: str) -> None:
    figure = only(code, "48")["figure"] if "input_shape" not in code else only(code)["figure"]
    kind = KINDS[figure["slug"]]
    params = kind.parse(figure["params"])
    assert kind.refusal(params) is None
    assert figure["reduced"] == bool(figure["changes"])
    for name in ("in_channels", "out_channels"):
        assert params.get(name, 1) <= 4
    made = kind.trace(params)
    assert made["facts"]["steps"] > 1 or "'same'" in code


def test_a_layer_says_where_it_stands_and_what_it_is() -> None:
    layer = only("# a comment\nself.down = nn.Conv2d(\n    2 * 32, 128, (3, 3),  # wide\n    stride=2, padding=+1)")
    assert (layer["line"], layer["column"], layer["end_line"], layer["end_column"]) == (2, 13, 4, 26)
    assert layer["source"].startswith("nn.Conv2d(\n    2 * 32")
    assert (layer["name"], layer["title"], layer["framework"]) == ("self.down", "Conv2d", "pytorch")
    assert layer["params"] == {
        "in_channels": 64,
        "out_channels": 128,
        "kernel_size": [3, 3],
        "stride": [2, 2],
        "padding": [1, 1],
        "dilation": [1, 1],
        "groups": 1,
        "bias": True,
        "padding_mode": "zeros",
    }


def test_a_small_layer_is_shown_as_it_is() -> None:
    figure = only("nn.Conv2d(2, 4, 3, padding=1, bias=False)", "8")["figure"]
    assert figure == {
        "slug": "layer",
        "params": {"input_size": "8", "in_channels": "2", "out_channels": "4", "padding": "1"},
        "reduced": False,
        "changes": [],
    }


def test_a_figure_of_defaults_alone_still_says_so() -> None:
    assert only("nn.Conv2d(1, 1, 3, bias=False)", "5")["figure"]["params"] == {"seed": "0"}


def test_a_large_layer_keeps_its_geometry_and_loses_what_repeats() -> None:
    figure = only("nn.Conv2d(64, 128, 3, stride=2, padding=1)", "33")["figure"]
    assert (
        figure["params"]
        == {
            "input_size": "5",
            "in_channels": "2",
            "out_channels": "2",
            "stride": "2",
            "padding": "1",
            "bias": "true",
        }
        or figure["params"].items() >= {"stride": "2", "padding": "1", "bias": "true"}.items()
    )
    assert figure["reduced"]
    assert figure["changes"] == [
        {"parameter": "input_size", "from": "33", "to": "5"},
        {"parameter": "in_channels", "from": "64", "to": "2"},
        {"parameter": "out_channels", "from": "128", "to": "2"},
    ]


def test_groups_stay_groups() -> None:
    depthwise = only("nn.Conv2d(64, 64, 3, groups=64)")["figure"]
    assert (depthwise["slug"], depthwise["params"]["in_channels"]) == ("grouped", "2")
    assert KINDS["grouped"].parse(depthwise["params"]).get("groups", 0) == 2
    four = only("nn.Conv2d(32, 64, 3, groups=4)")["figure"]
    params = KINDS["grouped"].parse(four["params"])
    assert [params.get(name, 0) for name in ("in_channels", "out_channels", "groups")] == [4, 4, 2]


@pytest.mark.parametrize(("size", "stride", "kernel"), [(224, 2, 7), (33, 3, 5), (100, 4, 3), (225, 2, 3)])
def test_the_smaller_input_leaves_as_many_cells_over(size: int, stride: int, kernel: int) -> None:
    figure = only(f"nn.Conv2d(3, 64, {kernel}, stride={stride})", str(size))["figure"]
    small = KINDS["layer"].parse(figure["params"]).get("input_size", ())[0]
    assert small % stride == size % stride
    assert (small - kernel) % stride == (size - kernel) % stride


def test_sizes_and_channels_pass_through_a_sequential() -> None:
    found = read(
        """model = nn.Sequential(
            nn.Conv2d(3, 64, 7, stride=2, padding=3, bias=False),
            nn.BatchNorm2d(64),
            nn.ReLU(inplace=True),
            nn.MaxPool2d(3, stride=2, padding=1),
            nn.Sequential(nn.Conv2d(64, 64, 3, padding=1), nn.ReLU()),
            nn.Conv2d(64, 128, 3, stride=2, padding=1),
        )""",
        "224",
    )
    shapes = [layer["facts"]["output_shape"] for layer in found["layers"]]
    assert shapes == [[64, 112, 112], [64, 56, 56], [64, 56, 56], [128, 28, 28]]
    assert [layer["input_shape"] for layer in found["layers"]] == [[3, 224, 224], *shapes[:-1]]
    assert [(note["code"], note["values"]["name"]) for note in found["notes"]] == [
        ("unchanged", "BatchNorm2d"),
        ("unchanged", "ReLU"),
        ("unchanged", "ReLU"),
    ]


CHAINS = {
    "a Sequential of Keras": """tf.keras.models.Sequential([keras.Input(shape=(28, 28, 1)), layers.Conv2D(32, 3),
        layers.MaxPooling2D(2), layers.Conv2D(64, 3)])""",
    "add": """model = Sequential()
model.add(Input((28, 28, 1)))
model.add(Conv2D(32, 3))
model.add(MaxPooling2D(2))
model.add(Conv2D(64, 3))""",
    "functions": """inputs = keras.Input(shape=(28, 28, 1))
x = layers.Conv2D(32, 3, activation="relu")(inputs)
x = layers.MaxPooling2D(2)(x)
outputs = layers.Conv2D(64, 3)(x)""",
    "lines from within": """    nn.Conv2d(1, 32, 3),
        nn.MaxPool2d(2),
        nn.Conv2d(32, 64, 3),""",
    "names in order": """from collections import OrderedDict
nn.Sequential(OrderedDict([("a", nn.Conv2d(1, 32, 3)), ("b", nn.MaxPool2d(2)), ("c", nn.Conv2d(32, 64, 3))]))""",
    "other names of modules": """import torch.nn as N
from tensorflow.keras import layers as L
N.Sequential(N.Conv2d(1, 32, 3), L.MaxPool2D(2), N.Conv2d(32, 64, 3))""",
    "prompts": """>>> m = nn.Sequential(nn.Conv2d(1, 32, 3), nn.MaxPool2d(2),
...     nn.Conv2d(32, 64, 3))""",
}


@pytest.mark.parametrize("code", CHAINS.values(), ids=CHAINS)
def test_layers_follow_each_other_however_that_is_written(code: str) -> None:
    found = read(code, "28")
    assert [note for note in found["notes"] if note["unread"]] == []
    assert [layer["error"] for layer in found["layers"]] == [None] * 3
    shapes = [layer["facts"]["output_shape"] for layer in found["layers"]]
    assert shapes == [[32, 26, 26], [32, 13, 13], [64, 11, 11]]


def test_a_class_is_read_layer_by_layer() -> None:
    found = read(
        """class Net(nn.Module):
    \"\"\"A net.\"\"\"
    def __init__(self):
        super().__init__()
        self.one = nn.Conv2d(3, 8, 3)
        self.two = nn.Conv2d(8, 16, 5)

    def forward(self, x):
        return self.two(self.one(x))
"""
    )
    assert [layer["facts"]["output_shape"] for layer in found["layers"]] == [[8, 30, 30], [16, 28, 28]]
    assert [note["code"] for note in found["notes"]] == ["forward_not_read"]


def test_channels_that_do_not_meet_are_an_error_that_says_both_numbers() -> None:
    _, second = read("nn.Sequential(nn.Conv2d(3, 64, 3), nn.Conv2d(32, 64, 3))")["layers"]
    assert second["error"]["code"] == "channel_mismatch"
    assert second["error"]["message"] == "in_channels is 32; the layer before gives 64."
    assert second["error"]["values"]["nearest"] == 64
    (note,) = read("nn.Sequential(nn.Conv2d(3, 64, 3), nn.BatchNorm2d(32))")["notes"]
    assert (note["code"], note["unread"]) == ("channels_differ", True)
    assert note["message"] == "BatchNorm2d takes 32 channels; the layer before gives 64."


ERRORS = [
    ("nn.Conv2d(3, 8, 40)", "kernel_exceeds_input", "kernel_size"),
    ("nn.Conv2d(3, 8, 3, groups=2)", "groups_do_not_divide", "groups"),
    ("nn.Conv2d(3, 8, 3, stride=0)", "out_of_range", "stride"),
    ("nn.Conv2d(3, 8, -3)", "out_of_range", "kernel_size"),
    ("nn.Conv2d(3, 8, 1.5)", "not_whole", "kernel_size"),
    ("nn.Conv2d(3, 8, '3')", "wrong_type", "kernel_size"),
    ("nn.Conv2d('3', 8, 3)", "wrong_type", "in_channels"),
    ("nn.Conv2d(3, 8, (3, 3, 3))", "wrong_length", "kernel_size"),
    ("nn.Conv2d(3, 8, ((3,), 3))", "wrong_type", "kernel_size"),
    ("nn.Conv2d(3, 8, 3, padding='full')", "unknown_choice", "padding"),
    ("nn.Conv2d(3, 8, 3, stride=2, padding='same')", "not_for_this_kind", "padding"),
    ("nn.Conv2d(3, 8, 3, bias=1)", "wrong_type", "bias"),
    ("nn.Conv2d(3, 8, 3, padding_mode='mirror')", "unknown_choice", "padding_mode"),
    ("nn.Conv2d(3, 8, 9, padding=40, padding_mode='reflect')", "padding_exceeds_input", "padding"),
    ("nn.Conv2d(None, 8, 3)", "wrong_type", "in_channels"),
    ("nn.Conv2d(True, 8, 3)", "wrong_type", "in_channels"),
    ("nn.ConvTranspose2d(3, 8, 3, output_padding=1)", "output_padding_too_large", "output_padding"),
    ("nn.ConvTranspose2d(3, 8, 3, padding='same')", "wrong_type", "padding"),
    ("nn.MaxPool2d(2, padding=2)", "padding_exceeds_kernel", "padding"),
    ("Conv2D(8, 3, strides=2, dilation_rate=2)", "not_for_this_kind", "dilation_rate"),
    ("Conv2D(8, 3, padding='causal')", "unknown_choice", "padding"),
    ("Conv2D(8, 3, input_shape=(28, 28))", "wrong_length", "input_shape"),
    ("Conv2DTranspose(8, 2, padding='same')", "not_for_this_kind", "padding"),
    ("Conv2DTranspose(8, 'a', padding='same')", "wrong_type", "kernel_size"),
    ("DepthwiseConv2D(3, depth_multiplier=0)", "out_of_range", "depth_multiplier"),
]


@pytest.mark.parametrize(("code", "error", "field"), ERRORS, ids=[e[0] for e in ERRORS])
def test_what_cannot_be_is_an_error_of_its_layer_and_the_next_is_still_read(code: str, error: str, field: str) -> None:
    wrong, right = read(f"{code}\nnn.Conv2d(3, 8, 3)")["layers"]
    assert (wrong["error"]["code"], wrong["error"]["field"]) == (error, field)
    assert (wrong["facts"], wrong["figure"]) == (None, None)
    assert right["error"] is None


POINTED = [
    ("__import__('os').system('true')", "not_a_layer", 1),
    ("__import__('os')", "unknown_layer", 1),
    ("open('/etc/passwd').read()", "not_a_layer", 1),
    ("nn.Conv2d(3, channels, 3)", "not_literal", 14),
    ("nn.Conv2d(3, int('8'), 3)", "not_literal", 14),
    ("nn.Conv2d(3, f'{8}', 3)", "not_literal", 14),
    ("nn.Conv2d(3, lambda: 8, 3)", "not_literal", 14),
    ("nn.Conv2d(3, [8 for _ in 'x'][0], 3)", "not_literal", 14),
    ("nn.Conv2d(3, 8 if 1 else 9, 3)", "not_literal", 14),
    ("nn.Conv2d(3, b'8', 3)", "not_literal", 14),
    ("nn.Conv2d(3, 1j, 3)", "not_literal", 14),
    ("nn.Conv2d(3, 8 // 0, 3)", "not_literal", 14),
    ("nn.Conv2d(3, 9**9**9, 3)", "not_literal", 14),
    ("nn.Conv2d(3, 10**60, 3)", "number_too_large", 14),
    ("nn.Conv2d(3, 1e999, 3)", "number_too_large", 14),
    ("nn.Conv2d(*args)", "starred", 11),
    ("nn.Conv2d(3, 8, 3, **options)", "starred", 20),
    ("nn.Conv2d(3, 8, 3, strid=2)", "unknown_argument", 20),
    ("nn.Conv2d(3, 8)", "missing_argument", 1),
    ("nn.Conv2d(3, 8, 3, 1, 1, 1, 1, True, 'zeros', None, None, 7)", "too_many_arguments", 59),
    ("nn.Conv2d(3, 8, 3, kernel_size=3)", "repeated_argument", 20),
    ("nn.MaxPool2d(2, ceil_mode=True)", "not_drawn", 27),
    ("nn.Conv4d(3, 8, 3)", "unknown_layer", 1),
    ("foo.Conv2d(3, 8, 3)", "unknown_layer", 1),
    ("for i in range(3): nn.Conv2d(3, 8, 3)", "not_a_layer", 1),
    ("x = 64", "not_a_layer", 5),
    ("del x", "not_a_layer", 1),
    ("nn.Conv2d", "not_a_layer", 1),
]


@pytest.mark.parametrize(("code", "note", "column"), POINTED, ids=[p[0] for p in POINTED])
def test_what_is_not_understood_is_pointed_at_and_the_rest_is_read(code: str, note: str, column: int) -> None:
    found = read(f"nn.Conv2d(3, 8, 3)\n{code}\nnn.Conv2d(8, 8, 3)")
    assert [layer["line"] for layer in found["layers"]] == [1, 3]
    (pointed,) = found["notes"]
    assert (pointed["code"], pointed["unread"], pointed["line"], pointed["column"]) == (note, True, 2, column)
    assert pointed["source"] in code
    assert pointed["message"]


def test_nothing_is_run(tmp_path: Any) -> None:
    mark = tmp_path / "mark"
    read(f"nn.Conv2d(3, open({str(mark)!r}, 'w').write('x'), 3)\n(lambda: open({str(mark)!r}, 'w'))()")
    assert not mark.exists()


def test_a_misspelt_name_is_answered_with_the_nearest() -> None:
    (note,) = read("nn.Conv2D(3, 8, 3)")["notes"]
    assert note["hint"] == "Did you mean Conv2d?"
    (note,) = read("nn.Conv2d(3, 8, 3, strid=2)")["notes"]
    assert note["hint"] == "Did you mean stride?"


def test_what_follows_the_unknown_is_taken_on_its_own_and_that_is_said() -> None:
    found = read("nn.Sequential(nn.Conv2d(3, 8, 3), Mystery(), nn.Conv2d(4, 8, 3))")
    assert found["layers"][1]["input_shape"] == [4, 32, 32]
    assert [note["code"] for note in found["notes"]] == ["unknown_layer", "size_assumed"]


@pytest.mark.parametrize(
    "code", ["nn.ModuleList([nn.Conv2d(3, 8, 3), nn.Conv2d(3, 8, 3)])", "wrap(nn.Conv2d(3, 8, 3), nn.Conv2d(3, 8, 3))"]
)
def test_layers_inside_the_unknown_are_read_each_on_its_own(code: str) -> None:
    found = read(code)
    assert [layer["facts"]["output_shape"] for layer in found["layers"]] == [[8, 30, 30]] * 2
    (note,) = found["notes"]
    assert (note["code"], note["unread"], note["source"]) == ("unknown_layer", True, code.partition("(")[0])


def test_what_has_no_cells_is_named_and_ends_the_chain() -> None:
    found = read("nn.Sequential(nn.Conv2d(3, 8, 3), nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(8, 10))")
    assert [note["values"]["name"] for note in found["notes"]] == ["AdaptiveAvgPool2d", "Flatten", "Linear"]
    assert not any(note["unread"] for note in found["notes"])


def test_device_and_dtype_are_named_and_change_nothing() -> None:
    found = read("nn.Conv2d(3, 8, 3, device=cuda, dtype=torch.float16)")
    assert [(note["code"], note["unread"]) for note in found["notes"]] == [("argument_ignored", False)] * 2
    assert found["layers"][0]["facts"]["output_shape"] == [8, 30, 30]


def test_keras_crops_on_the_other_side_and_that_is_said() -> None:
    shifted = read("Conv2DTranspose(8, 3, 2, 'same')")
    assert "crop_shifted" in [note["code"] for note in shifted["notes"]]
    exact = read("Conv2DTranspose(8, 4, 2, 'same')")
    assert "crop_shifted" not in [note["code"] for note in exact["notes"]]
    assert exact["layers"][0]["params"]["padding"] == [1, 1]


REFUSED = [
    ("", "code_empty"),
    (" \n\t\n", "code_empty"),
    ("nn.Conv2d(3, 8, 3", "code_not_python"),
    ("nn.Conv2d(3, 8, 3)\nnn.Conv2d(3，8)", "code_not_python"),
    ("x\0y", "code_not_python"),
    ("x\ud800", "code_not_python"),
    ("(" * 5_000 + ")" * 5_000, "code_not_python"),
    ("9" * 19_000, "code_not_python"),
    ("x" * 1_000_000, "code_too_long"),
    ("nn.Conv2d(3, 8, 3)\n" * 1_100, "code_too_long"),
]


@pytest.mark.parametrize(("code", "error"), REFUSED, ids=[f"{r[0][:20]!r} of {len(r[0])}" for r in REFUSED])
def test_what_is_no_code_is_refused_with_a_word_why(code: str, error: str) -> None:
    with pytest.raises(ParameterError) as caught:
        read(code)
    assert (caught.value.code, caught.value.field) == (error, "code")
    assert len(caught.value.message) < 300


DEEP = {
    "signs": "-" * 19_000 + "1",
    "attributes": "a" + ".b" * 9_000,
    "sums": "1" + "+1" * 9_500,
    "calls": "f" + "()" * 9_000,
    "indices": "a" + "[0]" * 6_000,
    "powers": "2" + "**2" * 6_000,
    "lambdas": "lambda:" * 2_700 + "1",
    "choices": "1 if 1 else " * 1_500 + "1",
    "branches": "if 1: pass\n" + "elif 1: pass\n" * 1_500,
    "classes": "\n".join(" " * n + "class A:" for n in range(90)) + "\n" + " " * 90 + "pass",
    "layers": "nn.ReLU()(" * 60 + "x" + ")" * 60,
}


def attempted(code: str) -> tuple[Document, str]:
    """What was read, or the code of the error."""
    try:
        return read(code), ""
    except ParameterError as error:
        return {}, error.code


@pytest.mark.parametrize("code", DEEP.values(), ids=DEEP)
def test_deep_nesting_is_refused_or_pointed_at_whatever_python_itself_can_bear(code: str) -> None:
    for text in (code, f"nn.Conv2d(3, {code}, 3)"):
        found, refused = attempted(text)
        if refused:
            assert refused in ("code_too_deep", "code_not_python")
        else:
            assert [note for note in found["notes"] if note["unread"]]
            assert found["layers"] == []


def test_a_fault_of_syntax_is_said_with_line_column_and_text() -> None:
    with pytest.raises(ParameterError) as caught:
        read("nn.Conv2d(3, 8, 3)\n  # indented\nx = nn.Conv2d(3，8, 3)")
    assert caught.value.values | {"reason": ""} == {"line": 3, "column": 16, "text": "，8, 3)", "reason": ""}


@pytest.mark.parametrize(("code", "size"), [(None, "32"), (3, "32"), (["x"], "32"), ("x", None), ("x", "a"), ("x", 0)])
def test_a_wrong_type_is_refused(code: Any, size: Any) -> None:
    with pytest.raises(ParameterError):
        read(code, size)


def test_layers_and_notes_are_bounded() -> None:
    found = read("nn.Conv2d(3, 8, 3)\n" * (MAX_LAYERS + 5))
    assert len(found["layers"]) == MAX_LAYERS
    assert {note["code"] for note in found["notes"]} == {"too_many_layers"}
    assert len(read("x\n" * 500)["notes"]) == MAX_NOTES
    assert MAX_CODE > 10_000


def test_odd_literals_raise_no_warning() -> None:
    assert read(r"""nn.Conv2d(3, 8, 3, padding_mode='\d')""")["layers"][0]["error"]["code"] == "unknown_choice"


def test_places_are_counted_in_characters_not_bytes() -> None:
    found = read("卷积 = nn.Conv2d(3, 数, 3)")
    assert (found["notes"][0]["column"], found["notes"][0]["source"]) == (19, "数")


def test_a_size_too_long_for_the_axes_is_an_error_of_the_layer() -> None:
    (layer,) = read("nn.Conv1d(3, 8, 3)", "32x32")["layers"]
    assert layer["error"]["code"] == "wrong_length"


def test_only_our_errors_are_raised_and_documents_stay_small() -> None:
    for code in ("nn.Conv2d(3, 8, 3, stride=1000, padding=10000)", "nn.ConvTranspose3d(65536, 65536, 1000, 1000)"):
        try:
            read(code, "65536")
        except ConvError as error:
            raise AssertionError("an error of one layer is that layer's") from error

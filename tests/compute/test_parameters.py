"""Parameters: what is understood, and what is refused by which code."""

import json

import numpy as np
import pytest

from compute.errors import ConvError
from compute.kinds import KINDS
from compute.parameters import MAX_VALUES

SINGLE, LAYER, MULTI = KINDS["single-channel"], KINDS["layer"], KINDS["multi-channel"]

SIZES = [("3", [3, 3]), ("3x5", [3, 5]), (3, [3, 3]), ([3, 5], [3, 5]), (3.0, [3, 3]), ([4], [4, 4])]


@pytest.mark.parametrize(("given", "expected"), SIZES)
def test_sizes_are_one_number_or_one_an_axis(given, expected):
    assert SINGLE.parse({"input_size": given}).document()["input_size"] == expected


PADDINGS = [
    ("1", [1, 1], [[1, 1], [1, 1]]),
    ("0x2", [0, 2], [[0, 0], [2, 2]]),
    ("2:3", [[2, 3], [2, 3]], [[2, 3], [2, 3]]),
    ("2:3x1", [[2, 3], 1], [[2, 3], [1, 1]]),
    ("full", "full", [[2, 2], [2, 2]]),
    ("same", "same", [[1, 1], [1, 1]]),
    ("valid", "valid", [[0, 0], [0, 0]]),
    ([[2, 3], [0, 1]], [[2, 3], [0, 1]], [[2, 3], [0, 1]]),
    ([1, 2], [1, 2], [[1, 1], [2, 2]]),
]


@pytest.mark.parametrize(("given", "echoed", "resolved"), PADDINGS, ids=lambda value: str(value))
def test_padding_is_numbers_pairs_or_a_word(given, echoed, resolved):
    trace = SINGLE.trace(SINGLE.parse({"padding": given}))
    assert trace["params"]["padding"] == echoed
    assert trace["stages"][0]["padding"] == resolved


VALUES = [
    ("1,2;3,4", [[[1, 2], [3, 4]]]),
    ("1e1,-2.5; .5 ,1.", [[[10, -2.5], [0.5, 1]]]),
    ([[1, 2], [3, 4]], [[[1, 2], [3, 4]]]),
    ([1, 2, 3, 4], [[[1, 2, 3, 4]]]),
]


@pytest.mark.parametrize(("given", "expected"), VALUES, ids=lambda value: str(value))
def test_values_are_text_or_nested_lists(given, expected):
    params = SINGLE.parse({"input": given, "kernel_size": 1})
    np.testing.assert_array_equal(params.document()["input"], expected)
    assert params.document()["input_size"] == list(np.shape(expected)[1:])


def test_text_separates_slices_channels_and_filters():
    cube = "1,2;3,4/5,6;7,8"
    params = LAYER.parse({"dims": "3", "input": f"{cube}|{cube}", "kernel": "1|2||3|4"})
    assert params.document()["input"].shape == (2, 2, 2, 2)
    assert params.document()["kernel"].tolist() == [[[[[1]]], [[[2]]]], [[[[3]]], [[[4]]]]]
    assert (params.in_channels, params.out_channels) == (2, 2)


# (kind, parameters, code, field)
REFUSED = [
    (SINGLE, {"stride": "0"}, "out_of_range", "stride"),
    (SINGLE, {"stride": "-1"}, "out_of_range", "stride"),
    (SINGLE, {"stride": "1.5"}, "not_whole", "stride"),
    (SINGLE, {"stride": "1.0"}, "not_whole", "stride"),
    (SINGLE, {"stride": 1.5}, "not_whole", "stride"),
    (SINGLE, {"stride": "nan"}, "not_a_number", "stride"),
    (SINGLE, {"stride": "Infinity"}, "not_a_number", "stride"),
    (SINGLE, {"stride": "1e999"}, "out_of_range", "stride"),
    (SINGLE, {"stride": float("nan")}, "not_a_number", "stride"),
    (SINGLE, {"stride": float("inf")}, "not_a_number", "stride"),
    (SINGLE, {"stride": "9" * 5000}, "out_of_range", "stride"),
    (SINGLE, {"stride": 10**400}, "out_of_range", "stride"),
    (SINGLE, {"stride": "two"}, "not_a_number", "stride"),
    (SINGLE, {"stride": ""}, "not_a_number", "stride"),
    (SINGLE, {"stride": "٣"}, "not_a_number", "stride"),
    (SINGLE, {"stride": " 1"}, "not_a_number", "stride"),
    (SINGLE, {"stride": "+1"}, "not_whole", "stride"),
    (SINGLE, {"stride": True}, "wrong_type", "stride"),
    (SINGLE, {"stride": None}, "wrong_type", "stride"),
    (SINGLE, {"stride": {}}, "wrong_type", "stride"),
    (SINGLE, {"stride": []}, "wrong_length", "stride"),
    (SINGLE, {"stride": [[1]]}, "wrong_type", "stride"),
    (SINGLE, {"stride": "1x2x3"}, "wrong_length", "stride"),
    (SINGLE, {"stride": "1x"}, "not_a_number", "stride"),
    (SINGLE, {"kernel_size": "2000"}, "out_of_range", "kernel_size"),
    (SINGLE, {"padding": "same same"}, "unknown_choice", "padding"),
    (SINGLE, {"padding": "1:2:3"}, "wrong_length", "padding"),
    (SINGLE, {"padding": "1:"}, "not_a_number", "padding"),
    (SINGLE, {"padding": "nan"}, "not_a_number", "padding"),
    (SINGLE, {"padding": True}, "wrong_type", "padding"),
    (SINGLE, {"padding": [[1, 2, 3]]}, "wrong_length", "padding"),
    (SINGLE, {"padding_mode": "constant"}, "unknown_choice", "padding_mode"),
    (SINGLE, {"padding_mode": 3}, "wrong_type", "padding_mode"),
    (SINGLE, {"flip": "1"}, "unknown_choice", "flip"),
    (SINGLE, {"flip": 1}, "wrong_type", "flip"),
    (SINGLE, {"bias": "1,x"}, "not_a_number", "bias"),
    (SINGLE, {"bias": "1,2"}, "wrong_length", "bias"),
    (SINGLE, {"bias": []}, "empty_values", "bias"),
    (SINGLE, {"bias": {}}, "wrong_type", "bias"),
    (SINGLE, {"seed": "-1"}, "out_of_range", "seed"),
    (SINGLE, {"seed": str(2**32)}, "out_of_range", "seed"),
    (SINGLE, {"count": "0"}, "out_of_range", "count"),
    (SINGLE, {"start": "9"}, "steps_out_of_range", "start"),
    (SINGLE, {"tensors": "some"}, "unknown_choice", "tensors"),
    (SINGLE, {"input": ""}, "empty_values", "input"),
    (SINGLE, {"input": "1,,2"}, "empty_values", "input"),
    (SINGLE, {"input": "1,2;3"}, "ragged_values", "input"),
    (SINGLE, {"input": "1,a"}, "not_a_number", "input"),
    (SINGLE, {"input": "1,nan"}, "not_a_number", "input"),
    (SINGLE, {"input": "1,1e999"}, "out_of_range", "input"),
    (SINGLE, {"input": "1e 3"}, "not_a_number", "input"),
    (SINGLE, {"input": [[1, 2], [3]]}, "ragged_values", "input"),
    (SINGLE, {"input": [[1, 2], 3]}, "ragged_values", "input"),
    (SINGLE, {"input": [1, [2]]}, "ragged_values", "input"),
    (SINGLE, {"input": []}, "empty_values", "input"),
    (SINGLE, {"input": [[]]}, "empty_values", "input"),
    (SINGLE, {"input": [[1, True]]}, "wrong_type", "input"),
    (SINGLE, {"input": [[1, None]]}, "wrong_type", "input"),
    (SINGLE, {"input": [[1, 10**400]]}, "out_of_range", "input"),
    (SINGLE, {"input": 3}, "wrong_type", "input"),
    (SINGLE, {"input": [0.0] * (MAX_VALUES + 1)}, "too_many_values", "input"),
    (SINGLE, {"input": json.loads("[" * 900 + "1" + "]" * 900)}, "wrong_length", "input"),
    (SINGLE, {"input": "1|2"}, "channel_mismatch", "input"),
    (SINGLE, {"input": "1/2"}, "wrong_length", "input"),
    (SINGLE, {"input": "1||2"}, "wrong_length", "input"),
    (SINGLE, {"input": [[[[1.0]]]]}, "wrong_length", "input"),
    (SINGLE, {"input": "1,2;3,4", "input_size": "3"}, "size_mismatch", "input_size"),
    (SINGLE, {"kernel": "1,2;3,4", "kernel_size": "3"}, "size_mismatch", "kernel_size"),
    (SINGLE, {"kernel": "1|2"}, "channel_mismatch", "kernel"),
    (SINGLE, {"kernel": "1||2"}, "channel_mismatch", "kernel"),
    (MULTI, {"input": "1|2", "kernel": "1|2|3", "kernel_size": "1"}, "channel_mismatch", "kernel"),
    (MULTI, {"kernel": "1|2", "in_channels": "3"}, "channel_mismatch", "in_channels"),
    (KINDS["depthwise-separable"], {"kernel": "1,2|2,2|3,2", "out_channels": "4"}, "channel_mismatch", "kernel"),
    (KINDS["depthwise-separable"], {"kernel": "1|2||3|4"}, "channel_mismatch", "kernel"),
    (KINDS["shuffled-grouped"], {"kernel": "1|2||3|4||5|6||7|8", "groups": "4"}, "channel_mismatch", "kernel"),
    (SINGLE, {"groups": "1"}, "unknown_parameter", "groups"),
    (SINGLE, {"kernal": "1"}, "unknown_parameter", "kernal"),
    (LAYER, {"groups": "2"}, "groups_do_not_divide", "groups"),
    (LAYER, {"dims": "4"}, "out_of_range", "dims"),
    (LAYER, {"output_padding": "1"}, "not_for_this_kind", "output_padding"),
    (LAYER, {"transposed": "true", "padding": "same"}, "not_for_this_kind", "padding"),
    (LAYER, {"transposed": "true", "padding": "1:2"}, "not_for_this_kind", "padding"),
    (LAYER, {"transposed": "true", "padding_mode": "reflect"}, "not_for_this_kind", "padding_mode"),
    (SINGLE, {"input": "1e200", "kernel": "1e200", "padding": "1"}, "overflow", "input"),
    (SINGLE, {"input_size": "2000"}, "budget_exceeded", "input_size"),
    (
        LAYER,
        {"in_channels": "64", "out_channels": "64", "count": "100000", "input_size": "80"},
        "budget_exceeded",
        "count",
    ),
]


@pytest.mark.parametrize(
    ("kind", "pairs", "code", "field"), REFUSED, ids=[f"{code}-{str(pairs)[:40]}" for _, pairs, code, _ in REFUSED]
)
def test_what_cannot_be_done_is_refused_by_code_and_field(kind, pairs, code, field):
    with pytest.raises(ConvError) as error:
        kind.trace(kind.parse(pairs))
    assert (error.value.code, error.value.field) == (code, field)
    assert error.value.message
    assert len(error.value.message) < 300
    json.dumps(error.value.document(), allow_nan=False)


def test_a_budget_error_says_the_size_asked_for_the_limit_and_what_to_change():
    with pytest.raises(ConvError) as error:
        SINGLE.trace(SINGLE.parse({"input_size": "2000"}))
    values = error.value.values
    assert values["asked"] > values["limit"]
    assert f"input_size {values['nearest']}" in error.value.hint
    assert SINGLE.trace(SINGLE.parse({"input_size": values["nearest"]}))["facts"]["steps"] > 0


def test_paging_is_no_parameter_of_facts():
    with pytest.raises(ConvError, match="count"):
        SINGLE.parse_facts({"count": "3"})

"""JSON bodies are read strictly, and in time proportional to their length."""

import contextlib
import time

import pytest

from app import bodies
from compute.errors import ConvError


@pytest.mark.parametrize(
    ("body", "found"),
    [
        (b"{}", {}),
        (b' {"stride": [2, 1]} \n', {"stride": [2, 1]}),
        (b'{"input": [[1, -2.5e1]]}', {"input": [[1, -25.0]]}),
        ('{"padding_mode": "卷"}'.encode(), {"padding_mode": "卷"}),
        (rb'{"a": "\ud83d\ude00 \\ud800"}', {"a": "😀 \\ud800"}),
        (rb'{"a": "]]]]]]]]]]]][[[[[[[[[[[[[[[[[[[["}', {"a": "]]]]]]]]]]]][[[[[[[[[[[[[[[[[[[["}),
        (b'{"a": {"b": 1}, "c": {"b": 1}}', {"a": {"b": 1}, "c": {"b": 1}}),
    ],
)
def test_honest_objects_are_read(body: bytes, found: object) -> None:
    assert bodies.parse(body) == found


def test_whole_numbers_that_no_parameter_takes_become_floats() -> None:
    assert bodies.parse(b'{"a": 123456789012345678}') == {"a": 123456789012345678}
    assert bodies.parse(b'{"a": 1234567890123456789}') == {"a": 1.2345678901234568e18}
    assert bodies.parse(b'{"a": ' + b"9" * 400 + b"}") == {"a": float("inf")}


def test_nesting_is_bounded() -> None:
    def nested(depth: int) -> bytes:
        return b'{"a": ' + b"[" * (depth - 1) + b"]" * (depth - 1) + b"}"

    assert bodies.parse(nested(bodies.MAX_DEPTH))
    with pytest.raises(ConvError) as caught:
        bodies.parse(nested(bodies.MAX_DEPTH + 1))
    assert caught.value.values == {"limit": bodies.MAX_DEPTH}


@pytest.mark.parametrize(
    "body",
    [
        b"[" * 1_000_000,
        b'{"a": "' + b'\\"' * 500_000,
        b'{"a": "' + b'\\"' * 500_000 + b'"}',
        b"{" + b",".join(b'"%d":1' % n for n in range(80_000)) + b',"1":1}',
        b'{"a": ' + b"9" * 1_000_000 + b"}",
        b'{"a": [' + b"[]," * 300_000 + b"[]]}",
    ],
    ids=["brackets", "quotation marks", "a long string", "many keys", "a long number", "many lists"],
)
def test_no_body_takes_more_than_moments(body: bytes) -> None:
    began = time.thread_time()
    with contextlib.suppress(ConvError):
        bodies.parse(body)
    # Far above what any of them takes, far below what a quadratic reading would; others on the machine do not count.
    assert time.thread_time() - began < 5

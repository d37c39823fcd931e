"""Query strings are read strictly."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app import query
from compute.errors import ConvError


@pytest.mark.parametrize(
    ("raw", "pairs"),
    [
        (b"", {}),
        (b"&&", {}),
        (b"stride=2", {"stride": "2"}),
        (b"kernel=0,1;2,3&bias=1,-2", {"kernel": "0,1;2,3", "bias": "1,-2"}),
        (b"input=1,+2", {"input": "1, 2"}),
        (b"input=1%2C2%3B3%7C4", {"input": "1,2;3|4"}),
        (b"a=b=c", {"a": "b=c"}),
        (b"a", {"a": ""}),
        ("a=卷".encode(), {"a": "卷"}),
        (b"a=%E5%8D%B7", {"a": "卷"}),
        (b"a=100%", {"a": "100%"}),
        (b"a=%zz", {"a": "%zz"}),
        (b"a=x;b=y", {"a": "x;b=y"}),
    ],
)
def test_names_and_values_are_decoded_as_a_form_is(raw: bytes, pairs: dict[str, str]) -> None:
    assert query.parse(raw) == pairs


@pytest.mark.parametrize("raw", [b"a=1&a=1", b"a=1&%61=2", b"a&a", b"a=1&b=2&a=3"])
def test_a_name_stands_once_however_it_is_spelt(raw: bytes) -> None:
    with pytest.raises(ConvError) as caught:
        query.parse(raw)
    assert (caught.value.code, caught.value.field) == ("repeated_parameter", "a")


def test_a_hundred_fields_are_read_and_no_more() -> None:
    fields = [b"p%d=1" % n for n in range(101)]
    assert len(query.parse(b"&".join(fields[:100]))) == 100
    with pytest.raises(ConvError) as caught:
        query.parse(b"&".join(fields))
    assert caught.value.code == "malformed_query"


def test_as_many_bytes_as_the_limit_are_read() -> None:
    assert query.read(b"a=12345678", 10) == {"a": "12345678"}
    with pytest.raises(ConvError) as caught:
        query.read(b"a=123456789", 10)
    assert caught.value.values == {"length": 11, "limit": 10}


def test_what_was_typed_can_be_shown_whatever_it_is() -> None:
    assert query.typed(b"a=1&a=2&b=%ff&=x&c") == {"a": "1", "b": "\ufffd", "c": ""}
    assert len(query.typed(b"&".join(b"p%d" % n for n in range(500)))) == 100


@given(
    st.lists(st.sampled_from([b"seed=7", b"seed=", b"s%65ed=1", b"xseed=3", b"seed=1e3", b"stride=2", b"=seed", b""]))
)
def test_a_seed_is_taken_out_only_where_nothing_else_is_meant(fields: list[bytes]) -> None:
    raw = b"&".join(fields)
    rest, seed = query.without_seed(raw)
    if seed is None:
        assert rest == raw
        return
    assert seed == 7
    assert parsed(b"&".join([b"seed=7", rest])) == parsed(raw)


def parsed(raw: bytes) -> dict[str, str] | tuple[str, str]:
    """What a query string says, or which error it is."""
    try:
        return query.parse(raw)
    except ConvError as error:
        return error.code, error.field


def test_the_plain_form_of_a_seed_is_taken_out() -> None:
    assert query.without_seed(b"seed=4294967") == (b"", 4294967)
    assert query.without_seed(b"a=1&seed=3&b=2") == (b"a=1&b=2", 3)
    assert query.without_seed(b"seed=3&seed=3")[1] is None
    assert query.without_seed(b"a=" + b"1" * 300 + b"&seed=3")[1] is None

"""Entity tags are weak, and compared weakly."""

import pytest

from app.headers import joined, matches, weak_etag


def test_equal_bytes_have_equal_tags_and_others_have_others() -> None:
    assert weak_etag(b"a") == weak_etag(b"a") != weak_etag(b"b")
    assert weak_etag(b"a").startswith('W/"')


@pytest.mark.parametrize("header", ['W/"x"', '"x"', '"a", W/"x"', 'W/"a",W/"x" ', "*", " * "])
def test_a_tag_is_found_in_a_list(header: str) -> None:
    assert matches(header, 'W/"x"')


@pytest.mark.parametrize("header", [None, "", "x", '"y"', 'W/"X"', '"x', '"a", "b"', '"*"'])
def test_another_tag_is_not(header: str | None) -> None:
    assert not matches(header, 'W/"x"')


def test_a_header_given_twice_is_one_list() -> None:
    headers = [(b"a", b"1"), (b"b", b"2"), (b"a", b"3")]
    assert joined(headers, b"a") == "1, 3"
    assert joined(headers, b"c") is None

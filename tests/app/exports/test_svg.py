"""An SVG is read by a parser that follows nothing, and refused where it would lead anywhere."""

import pytest

from app.exports.svg import size_of
from compute.errors import ConvError
from tests.frames import svg_frame

OPEN = '<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" width="320" height="180"'


def svg(content: str, more: str = "") -> bytes:
    return f"{OPEN} {more}>{content}</svg>".encode()


PIXEL = "data:image/png;base64,iVBORw0KGgo="
HONEST = {
    "a frame": svg_frame(3),
    "with a declaration": b'<?xml version="1.0" encoding="UTF-8"?>' + svg("<title>1 &lt; 2 &#x5377;</title>"),
    "another encoding": '<?xml version="1.0" encoding="UTF-16"?>'.encode("utf-16")
    + svg("<title>卷积</title>").decode().encode("utf-16")[2:],
    "a picture": svg(f'<image href="{PIXEL}" width="9" height="9"/><image xlink:href="{PIXEL}"/>'),
    "a pattern": svg('<defs><pattern id="a"><path d="M0,0h9"/></pattern></defs><rect fill="url(#a)"/>'),
    "styles": svg(
        "<style>text { fill: url(#a); font-variant-numeric: tabular-nums }</style>", "style=\"fill:url( '#a')\""
    ),
    "a frame in a frame": svg(
        '<svg viewBox="0 0 9 9" preserveAspectRatio="none"><text xml:space="preserve">1</text></svg>'
    ),
    "pixels by name": svg("").replace(b'"320"', b'"320px"'),
}


@pytest.mark.parametrize("data", HONEST.values(), ids=HONEST)
def test_frames_are_read(data: bytes) -> None:
    assert size_of(data, 1) == (320, 180)


REFUSED = {
    "an entity": b'<!DOCTYPE svg [<!ENTITY a SYSTEM "file:///etc/passwd">]>' + svg("<text>&a;</text>"),
    "laughter": b'<!DOCTYPE svg [<!ENTITY a "ha"><!ENTITY b "&a;&a;">]>' + svg("<text>&b;</text>"),
    "a doctype alone": b'<!DOCTYPE svg PUBLIC "-//W3C//DTD SVG 1.1//EN" "http://www.w3.org/svg11.dtd">' + svg(""),
    "a style sheet": b'<?xml-stylesheet href="http://evil.example/a.css"?>' + svg(""),
    "a script": svg("<script>alert(1)</script>"),
    "a handler": svg("", 'onload="alert(1)"'),
    "a picture elsewhere": svg('<image href="http://evil.example/a.png"/>'),
    "a picture on the disk": svg('<image xlink:href="file:///etc/passwd"/>'),
    "a picture beside": svg('<image href="other.svg"/>'),
    "a document in a picture": svg('<image href="data:image/svg+xml;base64,AAAA"/>'),
    "a link": svg('<a href="https://evil.example"><text>1</text></a>'),
    "a repetition": svg('<use href="#a"/>'),
    "another language": svg("<foreignObject><p xmlns='http://www.w3.org/1999/xhtml'>1</p></foreignObject>"),
    "an animation": svg('<rect><animate attributeName="x" to="9"/></rect>'),
    "a filter": svg('<filter id="a"><feImage href="http://evil.example"/></filter>'),
    "a fill elsewhere behind a wide gap": svg(f'<rect fill="url({" " * 500_000}#a) url(//evil.example/#a)"/>'),
    "a fill elsewhere": svg('<rect fill="url(http://evil.example/#a)"/>'),
    "a fill in a style": svg("", 'style="fill:url(&quot;//evil.example/#a&quot;)"'),
    "a style that imports": svg("<style>@import 'http://evil.example/a.css';</style>"),
    "a font elsewhere": svg("<style>@font-face { font-family: a; src: url(http://evil.example/a) }</style>"),
    "a style in disguise": svg("<style>a { fill: u\\72l(http://evil.example) }</style>"),
    "a base": svg("", 'xml:base="http://evil.example/"'),
    "another namespace": svg('<b:c xmlns:b="http://evil.example/"/>'),
    "a pattern of patterns": svg('<pattern id="a"><pattern id="b"/></pattern>'),
    "depth": svg("<g>" * 100 + "</g>" * 100),
}


@pytest.mark.parametrize("data", REFUSED.values(), ids=REFUSED)
def test_what_leads_outside_or_runs_is_refused(data: bytes) -> None:
    with pytest.raises(ConvError) as caught:
        size_of(data, 7)
    assert caught.value.code == "svg_refused"
    assert caught.value.values["frame"] == 7


NONE = {
    "nothing": b"",
    "a PNG": b"\x89PNG\r\n\x1a\n",
    "words": b"a figure",
    "another root": b"<html xmlns='http://www.w3.org/1999/xhtml'></html>",
    "no namespace": b"<svg width='320' height='180'></svg>",
    "half": svg("<g>")[:-12],
    "two": svg("") * 2,
    "no size": b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 320 180"/>',
    "a size in other units": svg("").replace(b'"320"', b'"100%"'),
    "an encoding that is none": b'<?xml version="1.0" encoding="none"?>' + svg(""),
    "an entity that is none": svg("<text>&nbsp;</text>"),
}


@pytest.mark.parametrize("data", NONE.values(), ids=NONE)
def test_what_is_no_svg_is_no_frame(data: bytes) -> None:
    with pytest.raises(ConvError) as caught:
        size_of(data, 1)
    assert caught.value.code == "not_an_svg"

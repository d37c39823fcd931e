"""Whether an SVG is one, and shows nothing but itself: it is read by a parser that follows nothing."""

import re
from xml.parsers import expat

from compute.errors import ConvError

_NAMESPACE = "http://www.w3.org/2000/svg"
_XLINK = "http://www.w3.org/1999/xlink"
_XML = "http://www.w3.org/XML/1998/namespace"
_BETWEEN = "|"

# What shapes, words and pictures are made of. Nothing that runs, embeds another document, moves, or repeats a part of
# the drawing (`use`): a few hundred bytes of it could ask for millions of shapes.
_ELEMENTS = frozenset(
    (
        *("svg", "g", "defs", "title", "desc", "path", "rect", "circle", "ellipse", "line", "polyline", "polygon"),
        *("text", "tspan", "image", "pattern", "clipPath", "mask", "marker"),
        *("linearGradient", "radialGradient", "stop", "style"),
    )
)
# Patterns and masks may stand in each other only so deep, for the same reason.
_REPEATING = frozenset(("pattern", "mask", "marker", "clipPath"))
_DEEPEST = 64
_ELEMENTS_MOST = 500_000

_PICTURE = re.compile(r"data:image/(?:png|jpeg|gif|webp);base64,")
_OUTSIDE = re.compile(r"url\((?![\s\"']*#)|@import|\\|expression\(|javascript:", re.IGNORECASE)
_LENGTH = re.compile(r"\s*([0-9]+(?:\.[0-9]+)?)(?:px)?\s*")


def size_of(data: bytes, number: int) -> tuple[float, float]:
    """Width and height that the root says, in pixels; raises ConvError where it is not what a frame may be."""
    return _Reader(number).read(data)


class _Reader:
    def __init__(self, number: int) -> None:
        self.number = number
        self.size: tuple[float, float] | None = None
        self.depth = 0
        self.count = 0
        self.styling = False
        self.repeating = 0

    def read(self, data: bytes) -> tuple[float, float]:
        parser = expat.ParserCreate(namespace_separator=_BETWEEN)
        parser.buffer_text = True
        parser.StartElementHandler = self.start
        parser.EndElementHandler = self.end
        parser.CharacterDataHandler = self.text
        parser.StartDoctypeDeclHandler = lambda *_: self.refuse("a DOCTYPE")
        parser.ProcessingInstructionHandler = lambda *_: self.refuse("a processing instruction")
        try:
            parser.Parse(data, True)
        except (expat.ExpatError, ValueError, LookupError) as error:
            raise self.not_svg(str(error)) from None
        if self.size is None:
            raise self.not_svg("it has no element")
        return self.size

    def start(self, name: str, attributes: dict[str, str]) -> None:
        namespace, _, local = name.rpartition(_BETWEEN)
        if not self.depth and (namespace, local) != (_NAMESPACE, "svg"):
            raise self.not_svg(f"its root is <{local[:40]}>")
        self.depth += 1
        self.count += 1
        self.repeating += local in _REPEATING
        if namespace != _NAMESPACE or local not in _ELEMENTS:
            self.refuse(f"<{local[:40]}>")
        if self.depth > _DEEPEST or self.count > _ELEMENTS_MOST or (local in _REPEATING and self.repeating > 1):
            self.refuse("too many elements, or too deep")
        for key, value in attributes.items():
            self.attribute(local, key, value)
        if self.size is None:
            self.size = self.size_said(attributes)
        self.styling = local == "style"

    def end(self, name: str) -> None:
        self.depth -= 1
        self.repeating -= name.rpartition(_BETWEEN)[2] in _REPEATING
        self.styling = False

    def text(self, text: str) -> None:
        if self.styling and _OUTSIDE.search(text):
            self.refuse("a style that refers to something else")

    def attribute(self, element: str, key: str, value: str) -> None:
        namespace, _, name = key.rpartition(_BETWEEN)
        if namespace == _XML and name != "base":
            return
        if namespace not in ("", _XLINK) or name.lower().startswith("on"):
            self.refuse(f"the attribute {name[:40]}")
        if name == "href":
            if not (_PICTURE.match(value) if element == "image" else value.startswith("#")):
                self.refuse(f"a reference to «{value[:60]}»")
        elif _OUTSIDE.search(value):
            self.refuse(f"a reference in {name[:40]}")

    def size_said(self, attributes: dict[str, str]) -> tuple[float, float]:
        found = [_LENGTH.fullmatch(attributes.get(name, "")) for name in ("width", "height")]
        if not all(found):
            raise self.not_svg("its root does not say width and height in pixels")
        width, height = (float(one[1]) for one in found if one)
        return width, height

    def not_svg(self, reason: str) -> ConvError:
        return ConvError(
            "not_an_svg",
            "frame",
            f"Frame {self.number} is no SVG that can be read: {reason}.",
            "Send each frame as a whole SVG document.",
            frame=self.number,
        )

    def refuse(self, what: str) -> None:
        raise ConvError(
            "svg_refused",
            "frame",
            f"Frame {self.number} contains {what}, which a frame may not.",
            "A frame is shapes, words and pictures (as data:), and refers to nothing outside itself.",
            frame=self.number,
            found=what,
        )

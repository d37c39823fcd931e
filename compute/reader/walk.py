"""From syntax to layers: which calls are layers, what stands between them, and which input reaches each."""

import ast
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any

from compute.errors import ConvError, GeometryError
from compute.kinds.params import spread
from compute.parameters import MAX_CHANNELS, whole
from compute.reader import shown
from compute.reader.arguments import MAX_DEPTH, Unread, bind, literal, starred
from compute.reader.keras import KERAS
from compute.reader.layers import Between, Language, Layer, Reader
from compute.reader.pytorch import PYTORCH
from compute.reader.text import Text
from compute.stages import Shape

Document = dict[str, Any]

MAX_LAYERS = 64
MAX_NOTES = 64
MAX_INPUT = 65_536
# An image has three; taken where the code does not say, and said so.
ASSUMED_CHANNELS = 3

_LANGUAGES: tuple[Language, ...] = (PYTORCH, KERAS)
_SKIPPED = ("forward", "call")


@dataclass(frozen=True)
class State:
    """What reaches the next layer.

    Attributes:
        channels, sizes: None where the code does not say.
        shape: an input's shape in the framework's order, not yet told which of its numbers are the channels.
        lost: whether something before was not understood, or has no cells.
    """

    channels: int | None = None
    sizes: Shape | None = None
    shape: tuple[Any, ...] | None = None
    lost: bool = False


_START = State()
_LOST = State(lost=True)


class Walk:
    """One reading of one text: layers and notes in the order of the code, and what is known of its names."""

    def __init__(self, text: Text, input_size: Shape) -> None:
        self.text = text
        self.input_size = input_size
        self.layers: list[Document] = []
        self.notes: list[Document] = []
        self._known: dict[str, State] = {}
        self._modules: dict[str, str] = {}

    def document(self) -> Document:
        """What the whole text says."""
        self._body(self.text.tree.body, 0)
        notes = sorted(self.notes, key=lambda note: (note["line"], note["column"]))
        return {"layers": self.layers, "notes": notes}

    def _body(self, statements: Sequence[ast.stmt], depth: int) -> None:
        last, state = -1, _START
        for n, statement in enumerate(statements):
            with self._pointing(statement):
                follows = isinstance(statement, ast.Expr) and last == n - 1
                reached = self._statement(statement, state if follows else _START, depth)
                # Lines copied from within a Sequential end with a comma, and go on from each other.
                if isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Tuple):
                    last, state = n, reached

    def _statement(self, node: ast.stmt, state: State, depth: int) -> State:
        if depth > MAX_DEPTH:
            raise _no_layer(node)
        match node:
            case ast.Import() | ast.ImportFrom():
                self._modules |= _imported(node)
            case ast.Pass():
                pass
            case ast.Expr(value=ast.Constant(value=str())):
                pass  # a docstring
            case ast.Expr(value=value):
                if not _is_super(value):
                    return self._value(value, state, "", depth)
            case ast.Assign(targets=[target], value=value):
                self._assign(target, value, depth)
            case ast.AnnAssign(target=target, value=ast.expr() as value):
                self._assign(target, value, depth)
            case ast.Return(value=ast.expr() as value):
                self._value(value, _START, "", depth)
            case ast.ClassDef(body=body):
                self._body(body, depth + 1)
            case ast.FunctionDef(name=name) if name in _SKIPPED:
                message = f"{name} is not followed: layers of a class are read one by one, each at the given size."
                self._note("forward_not_read", node, message, name=name)
            case ast.FunctionDef(body=body):
                self._body(body, depth + 1)
            case _:
                raise _no_layer(node)
        return _START

    def _assign(self, target: ast.expr, value: ast.expr, depth: int) -> None:
        name = _dotted(target)
        try:
            self._known[name] = self._value(value, _START, name, depth)
        except Unread:
            self._known.pop(name, None)
            raise
        if not name:
            del self._known[name]

    def _value(self, node: ast.expr, state: State, name: str, depth: int) -> State:
        """Reads what an expression is, and gives what leaves it; raises Unread where it is nothing known."""
        if depth > MAX_DEPTH:
            raise _no_layer(node)
        match node:
            case ast.Tuple(elts=parts) | ast.List(elts=parts):
                return self._chain(parts, state, depth)
            case ast.Name() if node.id in self._known:
                return self._known[node.id]
            case ast.Call(func=ast.Call() as layer, args=[ast.Name(id=argument)], keywords=[]):
                return self._value(layer, self._known.get(argument, _START), name, depth + 1)
            case ast.Call(func=ast.Call() as layer, args=[argument], keywords=[]):
                return self._value(layer, self._value(argument, state, "", depth + 1), name, depth + 1)
            case ast.Call(func=ast.Attribute(attr="add", value=model), args=[layer]) if _dotted(model) in self._known:
                key = _dotted(model)
                before, self._known[key] = self._known[key], _LOST
                self._known[key] = self._value(layer, before, "", depth + 1)
                return self._known[key]
            case ast.Call():
                return self._call(node, state, name, depth)
        raise _no_layer(node)

    def _chain(self, parts: Iterable[ast.expr], state: State, depth: int) -> State:
        for part in parts:
            reached = _LOST
            with self._pointing(part):
                if isinstance(part, ast.Starred):
                    raise starred(part)
                reached = self._value(part, state, "", depth + 1)
            state = reached
        return state

    def _call(self, node: ast.Call, state: State, name: str, depth: int) -> State:
        try:
            title, found = self._lookup(node)
        except Unread as unread:
            return self._around(node, unread, depth)
        if found == "Sequential":
            return self._chain(_parts(node), state, depth)
        if found == "Input":
            return State(shape=_shape_of(node))
        if isinstance(found, Between):
            return self._passed(node, title, found, state)
        assert isinstance(found, Reader)
        return self._layer(node, title, found, state, name)

    def _around(self, node: ast.Call, unread: Unread, depth: int) -> State:
        """What is unknown may still hold layers, each on its own: ``nn.ModuleList([…])``, ``spectral_norm(…)``."""
        inside = [part for argument in node.args for part in _elements(argument) if self._is_layer(part)]
        if not inside:
            raise unread
        self._note(unread.code, node.func, unread.message, unread.hint, True, **unread.values)
        for part in inside:
            self._chain([part], _START, depth)
        return _LOST

    def _is_layer(self, node: ast.expr) -> bool:
        """Whether a call is one that is known, whatever its arguments."""
        return isinstance(node, ast.Call) and self._found(self._full_name(node)) is not None

    def _full_name(self, node: ast.Call) -> str:
        """What is called, with its modules as the imports have them; empty where it is no name."""
        first, _, rest = _dotted(node.func).partition(".")
        return ".".join(filter(None, (self._modules.get(first, first), rest)))

    def _found(self, full: str) -> Reader | Between | str | None:
        """What a name stands for: a layer, what stands between, «Sequential», «Input», or nothing known."""
        module, _, title = full.rpartition(".")
        for language in _LANGUAGES:
            if module in language.modules:
                found = language.layers.get(title) or language.between.get(title)
                if found:
                    return found
                if title == "Sequential" or (title in ("Input", "InputLayer") and language is KERAS):
                    return title.removesuffix("Layer")
        return None

    def _lookup(self, node: ast.Call) -> tuple[str, Reader | Between | str]:
        """The last name of what is called, and what it is; raises Unread, with the nearest name that is known."""
        full = self._full_name(node)
        if not full:
            raise _no_layer(node)
        module, _, title = full.rpartition(".")
        found = self._found(full)
        if found is not None:
            return title, found
        shown = _dotted(node.func)[:60]
        languages = [language for language in _LANGUAGES if module in language.modules]
        names = [name for language in languages for name in (*language.layers, *language.between)]
        # Behind the last note that is kept nobody reads a hint, and comparing names is dear.
        near = get_close_matches(title[:60], names, 1) if len(self.notes) < MAX_NOTES else []
        hint = f"Did you mean {near[0]}?" if near else ""
        raise Unread("unknown_layer", node, f"{shown} is no layer known here.", hint, name=shown)

    def _passed(self, node: ast.Call, title: str, between: Between, state: State) -> State:
        """What has no window is named; after what has no cells nothing is known of sizes."""
        if not between.keeps:
            message = f"{title} is named and not drawn; what follows is taken on its own."
            self._note("ends_the_chain", node, message, name=title)
            return _LOST
        if between.channels and state.channels is not None:
            given = [*node.args[:1], *(one.value for one in node.keywords if one.arg == between.channels)]
            said = literal(given[0], between.channels) if given else state.channels
            if said != state.channels:
                raise Unread(
                    "channels_differ",
                    node,
                    f"{title} takes {str(said)[:40]} channels; the layer before gives {state.channels}.",
                    f"Write {state.channels}.",
                    title=title,
                    found=str(said)[:40],
                    expected=state.channels,
                )
        self._note("unchanged", node, f"{title} changes values and no sizes: nothing to draw.", name=title)
        return state

    def _layer(self, node: ast.Call, title: str, reader: Reader, state: State, name: str) -> State:
        if len(self.layers) >= MAX_LAYERS:
            message = f"{MAX_LAYERS} layers are read; this is one more."
            raise Unread("too_many_layers", node, message, "Paste fewer layers.", limit=MAX_LAYERS)
        bound = bind(node, reader.sign, title)
        for skipped in ("device", "dtype"):
            if skipped in bound.skipped and reader.framework == "pytorch":
                message = f"{skipped} says where or how precisely is computed, and changes no figure."
                self._note("argument_ignored", bound.skipped[skipped], message, name=skipped)
        entry: Document = {
            "name": name,
            "title": title,
            "framework": reader.framework,
            **self.text.span(node).document(),
            **dict.fromkeys(("params", "input_shape", "facts", "figure", "error")),
        }
        try:
            layer = reader.make(bound)
        except ConvError as error:
            self.layers.append(entry | {"error": error.document()})
            return _LOST
        self.layers.append(entry)
        try:
            return self._filled(entry, node, layer, state)
        except ConvError as error:
            entry["error"] = error.document()
            return _LOST

    def _filled(self, entry: Document, node: ast.Call, layer: Layer, state: State) -> State:
        """Params, facts and figure of a layer at the input that reaches it; raises ConvError."""
        for code, message, values in layer.remarks:
            self._note(code, node, message, **values)
        if layer.activation:
            message = f"{layer.activation} changes values and no sizes: nothing to draw."
            self._note("unchanged", node, message, name=layer.activation)
        placed = self._placed(node, layer, state)
        entry["facts"] = shown.facts(placed)
        entry["params"] = shown.params_of(placed)
        ins = whole(placed.in_channels, "in_channels", 1, MAX_CHANNELS)
        entry["input_shape"] = [ins, *placed.sizes]
        figure = shown.figure(placed)
        entry["figure"] = figure and figure.document()
        if figure is None:
            self._note("too_large_to_watch", node, "Even with few channels and cells this layer is too large to watch.")
        if state.channels is not None and ins != state.channels:
            entry["error"] = _differs(ins, state.channels).document()
        channels, *sizes = entry["facts"]["output_shape"]
        return State(channels, tuple(sizes))

    def _placed(self, node: ast.Call, layer: Layer, state: State) -> shown.Placed:
        if layer.shape is not None:
            state = State(shape=_as_shape(layer.shape))
        if state.shape is not None:
            state = self._interpreted(state.shape, layer)
        if state.lost:
            message = f"What stands before is not known: the input is taken to be {_times(self.input_size)}."
            self._note("size_assumed", node, message, size=_times(self.input_size))
        channels = layer.in_channels if layer.in_channels is not None else state.channels
        if channels is None:
            channels = ASSUMED_CHANNELS
            message = f"The code does not say how many channels arrive: {channels} are taken."
            self._note("channels_assumed", node, message, channels=channels)
        return shown.place(layer, channels, state.sizes or self.input_size)

    def _interpreted(self, shape: tuple[Any, ...], layer: Layer) -> State:
        """An input's shape, its channels first or last as the layer has it; None stands for what is not said."""
        if len(shape) != layer.dims + 1:
            raise GeometryError(
                "wrong_length",
                "input_shape",
                f"The input's shape has {len(shape)} numbers; a layer with {layer.dims} axes takes {layer.dims + 1}, "
                "channels among them.",
                "Leave the batch out.",
                found=len(shape),
                axes=layer.dims + 1,
            )
        channels, *sizes = shape if layer.channels_first else (shape[-1], *shape[:-1])
        usual = spread(self.input_size, "input_size", layer.dims)
        found = tuple(
            default if size is None else whole(size, "input_size", 1, MAX_INPUT)
            for size, default in zip(sizes, usual, strict=True)
        )
        return State(None if channels is None else whole(channels, "in_channels", 1, MAX_CHANNELS), found)

    @contextmanager
    def _pointing(self, node: ast.AST) -> Iterator[None]:
        """What is not understood inside is noted, and reading goes on behind it."""
        try:
            yield
        except Unread as unread:
            self._note(unread.code, unread.node, unread.message, unread.hint, True, **unread.values)

    def _note(
        self, code: str, node: ast.AST, message: str, hint: str = "", unread: bool = False, **values: Any
    ) -> None:
        if len(self.notes) >= MAX_NOTES:
            return
        place = self.text.span(node).document()
        said = {"code": code, "message": message, "hint": hint, "values": values, "unread": unread}
        self.notes.append({**said, **place})


def _differs(found: int, expected: int) -> GeometryError:
    return GeometryError(
        "channel_mismatch",
        "in_channels",
        f"in_channels is {found}; the layer before gives {expected}.",
        f"Try in_channels {expected}.",
        parameter="in_channels",
        found=found,
        expected=expected,
        nearest=expected,
    )


def _imported(node: ast.Import | ast.ImportFrom) -> dict[str, str]:
    """What each name of an import stands for, with its modules."""
    if isinstance(node, ast.ImportFrom):
        return {alias.asname or alias.name: f"{node.module or ''}.{alias.name}" for alias in node.names}
    return {alias.asname: alias.name for alias in node.names if alias.asname}


def _dotted(node: ast.expr) -> str:
    """«a.b.c», or nothing where it is something else; names of no sensible length are none."""
    parts: list[str] = []
    while isinstance(node, ast.Attribute) and len(parts) < MAX_DEPTH:
        parts.append(node.attr)
        node = node.value
    return ".".join((node.id, *reversed(parts))) if isinstance(node, ast.Name) else ""


def _parts(node: ast.Call) -> list[ast.expr]:
    """What a Sequential runs: its arguments, the list that is its argument, or the values of an OrderedDict."""
    match node.args:
        case [ast.List(elts=parts) | ast.Tuple(elts=parts)]:
            return parts
        case [ast.Call(args=[ast.List(elts=pairs)]) as names] if _dotted(names.func).endswith("OrderedDict"):
            return [pair.elts[1] if isinstance(pair, ast.Tuple) and len(pair.elts) == 2 else pair for pair in pairs]
    return node.args


def _elements(node: ast.expr) -> list[ast.expr]:
    return node.elts if isinstance(node, ast.List | ast.Tuple) else [node]


def _shape_of(node: ast.Call) -> tuple[Any, ...]:
    named = [one.value for one in node.keywords if one.arg in ("shape", "input_shape", "batch_shape")]
    given = [*named, *node.args[:1]]
    if not given:
        raise Unread("missing_argument", node, "Input needs shape.", title="Input", names="shape")
    shape = _as_shape(literal(given[0], "shape"))
    return shape[1:] if any(one.arg == "batch_shape" for one in node.keywords) else shape


def _as_shape(value: Any) -> tuple[Any, ...]:
    return tuple(value) if isinstance(value, list) else (value,)


def _times(sizes: Shape) -> str:
    return " × ".join(map(str, sizes))


def _is_super(node: ast.expr) -> bool:
    """``super().__init__()``, with which every module begins."""
    match node:
        case ast.Call(func=ast.Attribute(attr="__init__", value=ast.Call(func=ast.Name(id="super")))):
            return True
    return False


def _no_layer(node: ast.AST) -> Unread:
    return Unread("not_a_layer", node, "This is no layer: it is passed over.", "Layers are calls such as nn.Conv2d(…).")

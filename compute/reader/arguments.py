"""Arguments of a call: literal values, bound to the names of a signature; nothing is looked up and nothing run."""

import ast
from collections.abc import Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any

# Deeper than any sensible sum or tuple, and far from Python's own limit.
MAX_DEPTH = 16
MOST = 10**15


class Unread(Exception):
    """A part of the code that is not understood: it is pointed at, and the rest is still read."""

    def __init__(self, code: str, node: ast.AST, message: str, hint: str = "", **values: Any) -> None:
        super().__init__(message)
        self.code, self.node, self.message, self.hint, self.values = code, node, message, hint, values


def literal(node: ast.expr, name: str, depth: int = 0) -> Any:
    """The value of numbers, words, True, False, None, tuples, lists and sums of numbers; raises Unread.

    >>> literal(ast.parse("(2 * 64, -1)", mode="eval").body, "stride")
    [128, -1]
    """
    if depth > MAX_DEPTH:
        raise _no_literal(node, name)
    match node:
        case ast.Constant(value=bool() | None | str() as value):
            return value
        case ast.Constant(value=int() | float() as value):
            return _bounded(value, node, name)
        case ast.Tuple(elts=parts) | ast.List(elts=parts):
            return [literal(part, name, depth + 1) for part in parts]
        case ast.UnaryOp(op=ast.USub(), operand=inner):
            return -_number(inner, name, depth)
        case ast.UnaryOp(op=ast.UAdd(), operand=inner):
            return _number(inner, name, depth)
        case ast.BinOp():
            return _calculated(node, name, depth)
    raise _no_literal(node, name)


def _number(node: ast.expr, name: str, depth: int) -> int | float:
    value = literal(node, name, depth + 1)
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise _no_literal(node, name)
    return value


def _calculated(node: ast.BinOp, name: str, depth: int) -> int | float:
    left, right = _number(node.left, name, depth), _number(node.right, name, depth)
    try:
        match node.op:
            case ast.Add():
                value = left + right
            case ast.Sub():
                value = left - right
            case ast.Mult():
                value = left * right
            case ast.FloorDiv():
                value = left // right
            case ast.Div():
                value = left / right
            case ast.Mod():
                value = left % right
            case ast.Pow() if 0 <= right <= 64:
                value = left**right
            case _:
                raise _no_literal(node, name)
    except ArithmeticError:
        raise _no_literal(node, name) from None
    return _bounded(value, node, name)


def _bounded(value: int | float, node: ast.expr, name: str) -> int | float:
    """Beyond 10¹⁵ a number is out of every range, and no answer could quote it exactly."""
    if not abs(value) <= MOST:  # so that NaN is none either
        raise Unread("number_too_large", node, f"{name} is larger than any layer's.", name=name)
    return value


def _no_literal(node: ast.expr, name: str) -> Unread:
    return Unread(
        "not_literal",
        node,
        f"{name} is not a number that stands here: code is read, not run.",
        "Write the value in its place.",
        name=name,
    )


@dataclass(frozen=True)
class Signature:
    """The arguments of a layer in their order; ``ignored`` ones may hold anything, and are not looked at."""

    required: tuple[str, ...]
    optional: Mapping[str, Any]
    ignored: frozenset[str] = frozenset()

    @property
    def names(self) -> tuple[str, ...]:
        """All names, in the order in which they may stand without one."""
        return (*self.required, *self.optional)


def signature(*required: str, ignored: str = "", **optional: Any) -> Signature:
    """A signature as it is written in a documentation; ``ignored`` names are joined by spaces."""
    return Signature(required, optional, frozenset(ignored.split()))


@dataclass(frozen=True)
class Bound:
    """Arguments by name, defaults filled in; ``nodes`` holds those that were given, and ``skipped`` the ignored."""

    values: Mapping[str, Any]
    nodes: Mapping[str, ast.expr]
    skipped: Mapping[str, ast.expr]


def bind(call: ast.Call, sign: Signature, title: str) -> Bound:
    """Raises Unread at the first argument that the layer does not take, or whose value is not literal."""
    given = _given(call, sign, title)
    missing = [name for name in sign.required if name not in given]
    if missing:
        said = " and ".join(missing)
        raise Unread("missing_argument", call, f"{title} needs {said}.", title=title, names=", ".join(missing))
    skipped = {name: node for name, node in given.items() if name in sign.ignored}
    nodes = {name: node for name, node in given.items() if name not in sign.ignored}
    values = dict(sign.optional) | {name: literal(node, name) for name, node in nodes.items()}
    return Bound(values, nodes, skipped)


def _given(call: ast.Call, sign: Signature, title: str) -> dict[str, ast.expr]:
    given: dict[str, ast.expr] = {}
    for place, node in enumerate(call.args):
        if isinstance(node, ast.Starred):
            raise starred(node)
        if place >= len(sign.names):
            count = len(sign.names)
            message = f"{title} takes {count} arguments at most; this is one more."
            raise Unread("too_many_arguments", node, message, title=title, count=count)
        given[sign.names[place]] = node
    for keyword in call.keywords:
        if keyword.arg is None:
            raise starred(keyword)
        if keyword.arg in given:
            message = f"{keyword.arg} is given twice."
            raise Unread("repeated_argument", keyword, message, name=keyword.arg)
        if keyword.arg not in sign.names and keyword.arg not in sign.ignored:
            raise _unknown(keyword, keyword.arg, sign, title)
        given[keyword.arg] = keyword.value
    return given


def starred(node: ast.AST) -> Unread:
    """For ``*layers`` and ``**options``, which stand for what only a run would know."""
    return Unread("starred", node, "What a star unpacks is known only when the code runs.", "Write it out.")


def _unknown(keyword: ast.keyword, name: str, sign: Signature, title: str) -> Unread:
    shown = name[:40]
    near = get_close_matches(shown, sign.names, 1)
    hint = f"Did you mean {near[0]}?" if near else f"It takes {', '.join(sign.names)}."
    return Unread("unknown_argument", keyword, f"{title} takes no {shown}.", hint, title=title, name=shown)

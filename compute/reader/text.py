"""Code as a reader pastes it: parsed as syntax and never run, with places that can be pointed at in what was typed."""

import ast
import re
import threading
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from compute.errors import ParameterError

# A module of layers has a few thousand characters; the parser takes time and memory in proportion to what it is given.
MAX_CODE = 20_000
MAX_SHOWN = 300

_LINES = re.compile(r"\r\n|\r|\n")
_PROMPT = re.compile(r"(>>>|\.\.\.)(?= |$)")
_FILTERS = threading.Lock()


@dataclass(frozen=True)
class Span:
    """A place in the code, lines and columns counted from 1, the end behind its last character; and its text."""

    line: int
    column: int
    end_line: int
    end_column: int
    source: str

    def document(self) -> dict[str, int | str]:
        """As the answer carries it."""
        return dict(vars(self))


@dataclass(frozen=True)
class Text:
    """Code that parses. ``removed`` counts the characters that each line lost at its start before it was parsed."""

    lines: tuple[str, ...]
    removed: tuple[int, ...]
    tree: ast.Module

    def span(self, node: ast.AST) -> Span:
        """Where a node stands.

        >>> text = parse("  é = nn.ReLU()")
        >>> text.span(text.tree.body[0].value)
        Span(line=1, column=7, end_line=1, end_column=16, source='nn.ReLU()')
        """
        first, last = node.lineno, node.end_lineno  # type: ignore[attr-defined]
        start = self._column(first, node.col_offset)  # type: ignore[attr-defined]
        stop = self._column(last, node.end_col_offset)  # type: ignore[attr-defined]
        return Span(first, start + 1, last, stop + 1, _between(self.lines, first, start, last, stop))

    def _column(self, line: int, offset: int) -> int:
        """Characters before a place that Python counts in bytes of UTF-8."""
        removed = self.removed[line - 1]
        kept = self.lines[line - 1][removed:].encode("utf-8", "replace")
        return removed + len(kept[:offset].decode("utf-8", "ignore"))


def parse(code: str) -> Text:
    """The syntax tree of code; raises ParameterError with line, column and the text in the way.

    Forgiven is what pasting does: a common indentation, prompts, spaces that do not break, a first line cut from its
    indentation.
    """
    if len(code) > MAX_CODE:
        raise ParameterError(
            "code_too_long",
            "code",
            f"The code has {len(code):,} characters; {MAX_CODE:,} are read.",
            "Paste only the layers.",
            length=len(code),
            limit=MAX_CODE,
        )
    lines = tuple(_LINES.split(code))
    shown = [_plain(line) for line in lines]
    common = min((_indent(line) for line in shown if line.strip()), default=0)
    removed = tuple(min(common, len(line)) for line in shown)
    try:
        return Text(lines, removed, _tree(shown, removed))
    except IndentationError as error:
        # A fragment copied from the middle of its first line: no line's indentation says anything then.
        bare = tuple(_indent(line) for line in shown)
        try:
            return Text(lines, bare, _tree(shown, bare))
        except SyntaxError:
            raise _misread(error, lines, removed) from None
    except SyntaxError as error:
        raise _misread(error, lines, removed) from None


def _plain(line: str) -> str:
    line = line.removeprefix("\ufeff").rjust(len(line)).replace("\u00a0", " ")
    return _PROMPT.sub(lambda found: " " * len(found.group()), line, count=1) if _PROMPT.match(line) else line


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip())


def _tree(lines: list[str], removed: tuple[int, ...]) -> ast.Module:
    """Raises SyntaxError, or ParameterError where Python gives up."""
    code = "\n".join(line[cut:] for line, cut in zip(lines, removed, strict=True))
    try:
        with _without_warnings():
            return ast.parse(code)
    except SyntaxError:
        raise
    except (RecursionError, MemoryError):
        raise ParameterError(
            "code_too_deep",
            "code",
            "The code is nested too deep to be read.",
            "Paste only the layers.",
        ) from None
    except ValueError:  # null bytes, halves of characters
        bad = re.search("[\0\ud800-\udfff]", code)
        before = code[: bad.start() if bad else 0]
        line = before.count("\n") + 1
        column = len(before) - before.rfind("\n")
        raise SyntaxError("a character that no code can hold", ("", line, column, "")) from None


@contextmanager
def _without_warnings() -> Iterator[None]:
    """The parser warns of odd literals, on a channel that all threads share; nobody here reads it."""
    with _FILTERS, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield


def _misread(error: SyntaxError, lines: tuple[str, ...], removed: tuple[int, ...]) -> ParameterError:
    line = min(max(error.lineno or 1, 1), len(lines))
    cut = removed[line - 1]
    column = min(max(error.offset or 1, 1) + cut, len(lines[line - 1]) + 1)
    text = lines[line - 1][column - 1 :].strip()[:40] or lines[line - 1].strip()[:40]
    reason = (error.msg or "invalid syntax").split(" (<unknown>")[0][:120]
    return ParameterError(
        "code_not_python",
        "code",
        f"Line {line}, column {column} is not Python: {reason}, at «{text}».",
        "Paste whole calls, with all their brackets.",
        line=line,
        column=column,
        text=text,
        reason=reason,
    )


def _between(lines: tuple[str, ...], first: int, start: int, last: int, stop: int) -> str:
    if first == last:
        text = lines[first - 1][start:stop]
    else:
        text = "\n".join((lines[first - 1][start:], *lines[first : last - 1], lines[last - 1][:stop]))
    return text if len(text) <= MAX_SHOWN else text[:MAX_SHOWN] + "…"

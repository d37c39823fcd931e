"""A list of figures in TOML, and the note beside it of what was made of which figure."""

import hashlib
import json
import os
import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from app import VERSION, paths
from app.exporting import orders
from app.exporting.orders import Order, OrderError
from compute.errors import ConvError

NOTE = ".convoscope.json"
_FIGURES = "figure"
_OWN = ("kind", "output")


def read(file: Path) -> list[tuple[str, Order | OrderError | ConvError]]:
    """What a list asks for, by what to call each; one that cannot be is its error. Raises OrderError for the whole."""
    try:
        found = tomllib.loads(file.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise OrderError(f"{file} is no TOML: {error}.") from None
    except OSError as error:
        raise OrderError(f"{file} cannot be read: {error.strerror}.") from None
    figures = found.pop(_FIGURES, None)
    if not isinstance(figures, list) or not all(isinstance(one, dict) for one in figures) or not figures:
        raise OrderError(f"{file} lists no figures. Each begins with a line [[{_FIGURES}]].")
    read = [_figure(number, {**found, **one}, file.parent) for number, one in enumerate(figures, 1)]
    outputs = [one.output for _, one in read if isinstance(one, Order)]
    for output in outputs:
        if outputs.count(output) > 1:
            raise OrderError(f"{file} makes {output.name} more than once.")
    return read


def _figure(number: int, told: Mapping[str, Any], folder: Path) -> tuple[str, Order | OrderError | ConvError]:
    name = str(told.get("output", f"figure {number}"))
    try:
        order = orders.read(list(_arguments(told)), folder)
        order.check()
    except (OrderError, ConvError) as error:
        return name, error
    return name, order


def _arguments(told: Mapping[str, Any]) -> Iterator[str]:
    """A table as the arguments that say the same."""
    for name, value in told.items():
        option = f"--{name.replace('_', '-')}"
        if name == "kind":
            yield str(value)
        elif option in ("--transparent", "--title", "--equation"):
            if not isinstance(value, bool):
                raise OrderError(f"{name} is true or false.")
            yield option if value else f"--no-{name}"
        else:
            yield f"{option}={_text(name, value)}"


def _text(name: str, value: Any) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, str | int | float):
        return str(value)
    if isinstance(value, list) and all(type(one) is int for one in value):
        return "x".join(map(str, value))
    raise OrderError(f"{name} is a number, a text, or a list of whole numbers: [3, 5] for 3x5.")


class Note:
    """What was made of what: a hash for each file, in a file of its own beside the list."""

    def __init__(self, folder: Path) -> None:
        self._file = folder / NOTE
        self._release = _release()
        try:
            self._made = dict(json.loads(self._file.read_text(encoding="utf-8"))["files"])
        except (OSError, ValueError, KeyError, TypeError):
            self._made = {}

    def holds(self, order: Order) -> bool:
        """Whether the file is there, and was made of this very figure by this very release."""
        return order.output.is_file() and self._made.get(self._name(order)) == self._hash(order)

    def put(self, order: Order) -> None:
        """Keep in mind what was made."""
        self._made[self._name(order)] = self._hash(order)
        text = json.dumps({"files": dict(sorted(self._made.items()))}, indent=2) + "\n"
        part = self._file.with_suffix(".part")
        part.write_text(text, encoding="utf-8")
        os.replace(part, self._file)

    def _name(self, order: Order) -> str:
        return Path(os.path.relpath(order.output, self._file.parent)).as_posix()

    def _hash(self, order: Order) -> str:
        told = json.dumps([order.kind.slug, order.shown, order.extension, order.options], sort_keys=True)
        return hashlib.sha256(f"{self._release} {told}".encode()).hexdigest()[:32]


def _release() -> str:
    """A name for all that decides how files look: the version, and for whoever works on it, the sources themselves."""
    digest = hashlib.sha256(VERSION.encode())
    code = Path(__file__).parent.parent
    for root in (paths.STATIC, paths.TEMPLATES, paths.LOCALES, code, code.parent / "compute"):
        for file in sorted(root.rglob("*")):
            if file.suffix in (".js", ".css", ".html", ".json", ".py"):
                digest.update(file.read_bytes())
    return digest.hexdigest()

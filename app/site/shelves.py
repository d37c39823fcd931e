"""The figures of a kind as files: an index, and packs of a few, so that a page fetches what its reader asks for."""

from dataclasses import dataclass
from typing import Any

from app.answers import dumped
from app.offline.html import json_text
from app.offline.moves import Params, key_of
from app.offline.pack import Answer, Pack, index_of, packed, with_code
from app.site.figures import Wishes, figures_of
from compute.errors import ConvError
from compute.kinds.base import Kind

# So many figures are fetched together: neighbours stand near each other.
_TOGETHER = 64
# No pack grows past it: a phone has to hold one, unpacked. Figures of the engine's own limits stay far below.
_LARGEST = 256 * 1024 * 1024
REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class Shelf:
    """The figures of a kind.

    Attributes:
        all: what there is of them, as limits ask for it; without its text.
        files: the scripts that hold them, by name.
    """

    kind: Kind
    all: Pack
    files: dict[str, bytes]


def shelf_of(kind: Kind, wishes: Wishes) -> Shelf:
    """Every figure computed and packed; what the engine refuses is in a pack of its own, which limits read."""
    packs: dict[str, Pack] = {}
    refused: list[Params] = []
    together: dict[str, tuple[Params, Answer]] = {}

    def close() -> None:
        if together:
            figures = [params for params, _ in together.values()]
            packs[str(len(packs))] = packed(
                kind, figures, _LARGEST, lambda _, params: together[key_of(kind, params)][1]
            )
            together.clear()

    for params in figures_of(kind, wishes):
        try:
            together[key_of(kind, params)] = params, with_code(kind, params)
        except ConvError:
            refused.append(params)
        if len(together) == _TOGETHER:
            close()
    close()
    if refused:
        packs[REFUSED] = packed(kind, refused, _LARGEST, with_code)
    whole = Pack(
        keys=[key for pack in packs.values() for key in pack.keys],
        refusals={key: error for pack in packs.values() for key, error in pack.refusals.items()},
    )
    index = _script(f"{kind.slug}/index", json_text(index_of(kind, packs, "")))
    return Shelf(kind, whole, {"index.js": index, **_scripts(kind, packs)})


def _scripts(kind: Kind, packs: dict[str, Pack]) -> dict[str, bytes]:
    return {f"{name}.js": _script(f"{kind.slug}/{name}", dumped(pack.text).decode()) for name, pack in packs.items()}


def _script(path: str, value: Any) -> bytes:
    return f'(globalThis.convoscopeHeld ??= new Map()).set("{path}", {value});\n'.encode()

"""Scripts in one piece: a module and all that it imports, as a script that runs where no module can be loaded.

Each module becomes a function that is called once, after those of the modules it imports, and gives back what it
exports: what goes on in it stays its own. Only the forms that our scripts use are known; any other is an error, never
a guess.
"""

import posixpath
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass

Read = Callable[[str], str]

_NAME = r"[A-Za-z_$][\w$]*"
_LISTED = re.compile(rf"({_NAME})(?:\s+as\s+({_NAME}))?")
_IMPORT = re.compile(rf'^import\s*(?:(?:\{{([^{{}}]*)\}}|\*\s*as\s+({_NAME}))\s*from\s*)?"([^"]+)";?', re.MULTILINE)
_PASSED_ON = re.compile(r'^export\s*\{([^{}]*)\}\s*from\s*"([^"]+)";?', re.MULTILINE)
_LIST = re.compile(r"^export\s*\{([^{}]*)\};?", re.MULTILINE)
_DECLARED = re.compile(
    rf"^export\s+(?=(?:async\s+)?function\b\s*\*?\s*({_NAME})|class\s+({_NAME})|const\s+({_NAME})\s*=)", re.MULTILINE
)
# What the forms above leave: statements of other forms, modules asked for later, and what a module alone knows.
_UNKNOWN = re.compile(r"^\s*(?:import|export)\b(?!\s*[:,}]).*|(?<![\w$.])import\s*(?:\(|\.\s*meta\b)", re.MULTILINE)
# Comments name types of other modules in the same words.
_COMMENT = re.compile(r"^\s*(?:/?\*|//)|//|/\*\*")


class BundleError(ValueError):
    """A module that cannot be put into one piece with others: which one, and why."""


@dataclass(frozen=True, slots=True)
class Module:
    """A module taken apart.

    Attributes:
        imports: the modules that it imports, in order.
        needs: what it takes from each: the names there.
        exports: names outside to names inside.
        code: its source, imports and exports turned into plain statements.
    """

    imports: tuple[str, ...]
    needs: tuple[tuple[str, str], ...]
    exports: dict[str, str]
    code: str


def bundle(entry: str, read: Read, name: str) -> str:
    """A script that runs a module with all it imports and keeps its exports as the constant `name`.

    Args:
        entry: the module's path, as `read` knows it; imports are resolved from it.
        read: the source of a path; what it raises where there is none is passed on.
        name: of the constant; with "" nothing is kept.

    >>> files = {"a.js": 'import { b } from "./b.js";\\nexport const a = b + 1;', "b.js": "export const b = 1;"}
    >>> print(bundle("a.js", files.__getitem__, "A"))
    const A = (() => {
    "use strict";
    const $0 = (() => { // b.js
    const b = 1;
    return { b: b };
    })();
    const $1 = (() => { // a.js
    const { b: b } = $0;
    const a = b + 1;
    return { a: a };
    })();
    return $1;
    })();
    """
    modules = _in_order(entry, read)
    _check_names(modules)
    numbers = {path: number for number, path in enumerate(modules)}
    parts = [_wrapped(path, module, numbers) for path, module in modules.items()]
    keep = f"const {name} = " if name else ""
    return "\n".join([f'{keep}(() => {{\n"use strict";', *parts, f"return ${numbers[entry]};", "})();"])


def taken_apart(path: str, source: str) -> Module:
    """A module's imports, exports and plain code; BundleError for a form that is not known here."""
    imports: list[str] = []
    needs: list[tuple[str, str]] = []
    exports: dict[str, str] = {}

    def target(specifier: str) -> str:
        if not specifier.startswith("."):
            raise BundleError(f'{path} imports "{specifier}", which is no path of a file.')
        found = posixpath.normpath(posixpath.join(posixpath.dirname(path), specifier))
        imports.append(found)
        return found

    def passed_on(match: re.Match[str]) -> str:
        found, pairs = target(match[2]), _pairs(path, match[1])
        needs.extend((found, theirs) for theirs, _ in pairs)
        # Names of our own, for they must not meet those of the module.
        own = [(theirs, f"$$${len(exports) + n}") for n, (theirs, _) in enumerate(pairs)]
        exports.update((ours, kept) for (_, ours), (_, kept) in zip(pairs, own, strict=True))
        return _taking(own, found)

    def imported(match: re.Match[str]) -> str:
        found = target(match[3])
        if match[2]:
            return f"const {match[2]} = {_held(found)};"
        pairs = _pairs(path, match[1] or "")
        needs.extend((found, theirs) for theirs, _ in pairs)
        return _taking(pairs, found)

    def listed(match: re.Match[str]) -> str:
        exports.update((ours, inside) for inside, ours in _pairs(path, match[1]))
        return ""

    def declared(match: re.Match[str]) -> str:
        inside = match[1] or match[2] or match[3]
        exports[inside] = inside
        return ""

    code = _DECLARED.sub(declared, _LIST.sub(listed, _PASSED_ON.sub(passed_on, _IMPORT.sub(imported, source))))
    _check_known(path, code)
    return Module(tuple(dict.fromkeys(imports)), tuple(needs), exports, code.strip("\n"))


def _in_order(entry: str, read: Read) -> dict[str, Module]:
    """All modules, each behind those that it imports."""
    found: dict[str, Module] = {}
    on_the_way: list[str] = []

    def visit(path: str) -> None:
        if path in found:
            return
        if path in on_the_way:
            circle = " → ".join([*on_the_way[on_the_way.index(path) :], path])
            raise BundleError(f"Modules import each other in a circle: {circle}.")
        on_the_way.append(path)
        module = taken_apart(path, read(path))
        for other in module.imports:
            visit(other)
        on_the_way.pop()
        found[path] = module

    visit(entry)
    return found


def _check_names(modules: dict[str, Module]) -> None:
    for path, module in modules.items():
        for other, name in module.needs:
            if name not in modules[other].exports:
                raise BundleError(f"{path} imports {name} from {other}, which does not export it.")


def _check_known(path: str, code: str) -> None:
    for match in _UNKNOWN.finditer(code):
        line_start = code.rfind("\n", 0, match.start()) + 1
        if not _COMMENT.search(code[line_start : match.start()]):
            line = code[match.start() :].lstrip().split("\n", 1)[0]
            raise BundleError(f"{path} has a form of import or export that is not known here: {line}")


def _pairs(path: str, text: str) -> list[tuple[str, str]]:
    """What stands between braces: the name there and the name here."""
    found = []
    for part in filter(None, (part.strip() for part in text.split(","))):
        match = _LISTED.fullmatch(part)
        if not match or "default" in match.groups():
            raise BundleError(f"{path} has a form of import or export that is not known here: {part}")
        found.append((match[1], match[2] or match[1]))
    return found


# Between taking apart and putting together, a module is held by its path.
_HELD = re.compile(r"\$held\(([^()]*)\)")


def _held(path: str) -> str:
    return f"$held({path})"


def _taking(pairs: Iterable[tuple[str, str]], path: str) -> str:
    names = ", ".join(f"{theirs}: {ours}" for theirs, ours in pairs)
    return f"const {{ {names} }} = {_held(path)};" if names else ""


def _wrapped(path: str, module: Module, numbers: dict[str, int]) -> str:
    code = _HELD.sub(lambda match: f"${numbers[match[1]]}", module.code)
    exports = ", ".join(f"{ours}: {inside}" for ours, inside in module.exports.items())
    return f"const ${numbers[path]} = (() => {{ // {path}\n{code}\nreturn {{ {exports} }};\n}})();"

"""Scripts in one piece: a module and all that it imports, as a script that runs where no module can be loaded.

Each module becomes a function that is called once, after those of the modules it imports, and gives back what it
exports: what goes on in it stays its own. Only the forms that our scripts use are known; any other is an error, never
a guess.
"""

import posixpath
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import cache

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
_LATER = re.compile(r'(?<![\w$.])import\("(\.[^"]+)"\)')
# What no browser needs: comments that fill whole lines.
_NOTE = re.compile(r"^[ \t]*(?:/\*\*(?:(?!\*/).)*\*/|//[^\n]*)[ \t]*\n", re.MULTILINE | re.DOTALL)
# Comments name types of other modules in the same words.
_COMMENT = re.compile(r"^\s*\*|//|/\*(?!.*\*/)")


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
    modules = _in_order(entry, cache(lambda path: taken_apart(path, read(path))))
    _check_names(modules)
    numbers = {path: number for number, path in enumerate(modules)}
    parts = [_wrapped(path, module, numbers) for path, module in modules.items()]
    keep = f"const {name} = " if name else ""
    return "\n".join([f'{keep}(() => {{\n"use strict";', *parts, f"return ${numbers[entry]};", "})();"])


def packed(entries: Iterable[str], read: Read) -> dict[str, str]:
    """Modules in few files, the parts, and at the path of each module one that exports what it did.

    What one entry reaches alone lies in a part of its own, what two or three reach in another, and what more reach in a
    third: whoever imports a module reaches what that imports, so parts never import each other in a circle.

    Args:
        entries: paths of modules that pages begin with, as `read` knows them.
        read: the source of a path; what it raises where there is none is passed on.

    >>> files = {"a.js": 'import { c } from "./c.js";\\nc();', "b.js": 'import { c } from "./c.js";\\nc();'}
    >>> files["c.js"] = "export const c = () => 1;"
    >>> for name, text in packed(["a.js", "b.js"], files.__getitem__).items():
    ...     print(f"// {name}\\n{text}")
    // part-2.js
    const $0 = (() => { // c.js
    const c = () => 1;
    return { c: c };
    })();
    export { $0 };
    // c.js
    import { $0 } from "./part-2.js";
    export const { c } = $0;
    // a.js
    import { $0 } from "./part-2.js";
    const { c: c } = $0;
    c();
    // b.js
    import { $0 } from "./part-2.js";
    const { c: c } = $0;
    c();
    """
    get = cache(lambda path: taken_apart(path, _NOTE.sub("", read(path)), later=True))
    begun = {entry: _in_order(entry, get) for entry in entries}
    later = _asked_later(begun.values(), get)
    modules = {path: module for found in (*begun.values(), *later.values()) for path, module in found.items()}
    _check_names(modules)
    imported = {other for module in modules.values() for other in module.imports}
    numbers = {path: number for number, path in enumerate(path for path in modules if path in imported)}
    parts: dict[str, list[str]] = {}
    for path in numbers:
        parts.setdefault(_part(path, begun, later), []).append(path)
    part_of = {path: part for part, paths in parts.items() for path in paths}

    def taking(place: str, paths: Iterable[str]) -> list[str]:
        """Imports of modules from the parts in which they lie."""
        wanted: dict[str, list[str]] = {}
        for path in paths:
            if part_of[path] != place:
                wanted.setdefault(part_of[path], []).append(f"${numbers[path]}")
        return [
            f'import {{ {", ".join(names)} }} from "{_relative(part, place)}";'
            for part, names in sorted(wanted.items())
        ]

    def part(place: str, paths: list[str]) -> list[str]:
        needed = dict.fromkeys(other for path in paths for other in modules[path].imports)
        whole = [_moved(_wrapped(path, modules[path], numbers), path, place) for path in paths]
        return [*taking(place, needed), *whole, f"export {{ {', '.join(f'${numbers[path]}' for path in paths)} }};"]

    def own(path: str) -> list[str]:
        module = modules[path]
        if path in numbers:
            return [*taking(path, [path]), f"export const {{ {', '.join(module.exports)} }} = ${numbers[path]};"]
        exports = ", ".join(f"{inside} as {ours}" for ours, inside in module.exports.items())
        whole = [*taking(path, module.imports), _numbered(module.code, numbers)]
        return [*whole, f"export {{ {exports} }};"] if exports else whole

    files = {place: part(place, paths) for place, paths in parts.items()}
    files |= {path: own(path) for path in modules}
    return {name: "\n".join(lines) for name, lines in files.items()}


def _asked_later(begun: Iterable[dict[str, Module]], get: Callable[[str], Module]) -> dict[str, dict[str, Module]]:
    """What is reached from each module that an `import("…")` of another names."""
    found: dict[str, dict[str, Module]] = {}
    waiting = list(begun)
    while waiting:
        for path, module in waiting.pop().items():
            for target in _targets(path, module.code):
                if target not in found:
                    found[target] = _in_order(target, get)
                    waiting.append(found[target])
    return found


def _part(path: str, begun: dict[str, dict[str, Module]], later: dict[str, dict[str, Module]]) -> str:
    """The name of the part in which a module lies."""
    owners = [entry for entry, found in begun.items() if path in found]
    if len(owners) > 1:
        return "part-4.js" if len(owners) > 3 else "part-2.js"
    owners = owners or [entry for entry, found in later.items() if path in found]
    return f"part-{'-'.join(sorted(owner[:-3].replace('/', '.') for owner in owners))}.js"


def _targets(path: str, code: str) -> Iterator[str]:
    """The modules that a module asks for while it runs."""
    for match in _LATER.finditer(code):
        if not _in_comment(code, match.start()):
            yield _joined(path, match[1])


def _moved(code: str, path: str, place: str) -> str:
    """The code of a module for another place, from where it asks for the same modules while it runs."""
    return _LATER.sub(lambda match: f'import("{_relative(_joined(path, match[1]), place)}")', code)


def _joined(path: str, specifier: str) -> str:
    """The path of a module that another names."""
    return posixpath.normpath(posixpath.join(posixpath.dirname(path), specifier))


def _relative(target: str, place: str) -> str:
    found = posixpath.relpath(target, posixpath.dirname(place) or ".")
    return found if found.startswith(".") else f"./{found}"


def taken_apart(path: str, source: str, later: bool = False) -> Module:
    """A module's imports, exports and plain code; BundleError for a form that is not known here.

    With `later`, a module may ask for others while it runs.
    """
    imports: list[str] = []
    needs: list[tuple[str, str]] = []
    exports: dict[str, str] = {}

    def target(specifier: str) -> str:
        if not specifier.startswith("."):
            raise BundleError(f'{path} imports "{specifier}", which is no path of a file.')
        found = _joined(path, specifier)
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
    _check_known(path, code, later)
    return Module(tuple(dict.fromkeys(imports)), tuple(needs), exports, code.strip("\n"))


def _in_order(entry: str, get: Callable[[str], Module]) -> dict[str, Module]:
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
        module = get(path)
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


def _check_known(path: str, code: str, later: bool) -> None:
    for match in _UNKNOWN.finditer(code):
        if later and match[0].startswith("import") and match[0].endswith("("):
            continue
        if not _in_comment(code, match.start()):
            line = code[match.start() :].lstrip().split("\n", 1)[0]
            raise BundleError(f"{path} has a form of import or export that is not known here: {line}")


def _in_comment(code: str, place: int) -> bool:
    return bool(_COMMENT.search(code[code.rfind("\n", 0, place) + 1 : place]))


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


def _numbered(code: str, numbers: dict[str, int]) -> str:
    return _HELD.sub(lambda match: f"${numbers[match[1]]}", code)


def _wrapped(path: str, module: Module, numbers: dict[str, int]) -> str:
    code = _numbered(module.code, numbers)
    exports = ", ".join(f"{ours}: {inside}" for ours, inside in module.exports.items())
    return f"const ${numbers[path]} = (() => {{ // {path}\n{code}\nreturn {{ {exports} }};\n}})();"

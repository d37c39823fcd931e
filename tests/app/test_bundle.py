"""Modules in one piece behave as they do apart, and what cannot be put together is said."""

import json
import posixpath
import re
import subprocess
from pathlib import Path

import pytest
import quickjs  # type: ignore[import-untyped]
from playwright._impl._driver import compute_driver_executable

from app import paths
from app.bundle import BundleError, bundle, packed, taken_apart

ROOT = paths.STATIC / "js"
# A lesson fetches the sharing of its figure when it has come to rest, and the script that begins the pages of a site
# fetches what they have on a server: they stay modules.
LATE = {"main.js", "view/share/index.js", "view/share/dialog.js", "view/share/download.js", "site.js"}
SCRIPTS = sorted({path.relative_to(ROOT).as_posix() for path in ROOT.rglob("*.js")} - LATE)


def read(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


def run(files: dict[str, str], then: str) -> object:
    """What an expression gives behind the bundle of `main.js`, whose exports are M."""
    context = quickjs.Context()
    context.eval(bundle("main.js", files.__getitem__, "M"))
    return context.eval(then)


def test_every_form_that_our_scripts_use_runs_as_in_a_module():
    files = {
        "main.js": 'import "./effect.js";\nimport { one, two as second } from "./lib/numbers.js";\n'
        'import * as all from "./lib/numbers.js";\nimport {\n  Late,\n} from "./late.js";\n'
        'export { three as four } from "./lib/numbers.js";\nexport const list = [one, second, all.three];\n'
        "const hidden = 7;\nfunction inside() {\n  return hidden;\n}\nexport { inside, hidden as shown };\n"
        "export class Early extends Late {}\nexport async function later() {}\n"
        "export function* counted() {\n  yield 1;\n}\n",
        "lib/numbers.js": 'import { zero } from "../zero.js";\nexport const one = zero + 1;\n'
        "export const two = one + 1;\n"
        "export function three() {\n  return two + 1;\n}\n",
        "zero.js": "export const zero = 0;\nexport {};\n",
        "effect.js": "globalThis.effects = (globalThis.effects ?? 0) + 1;\n",
        "late.js": 'import "./effect.js";\nexport class Late {\n  name = "late";\n}\n',
    }
    shown = "JSON.stringify([M.list.slice(0, 2), M.list[2](), M.four(), M.inside(), M.shown, new M.Early().name,"
    assert run(files, f"{shown} [...M.counted()], effects, Object.keys(M).sort()])") == (
        '[[1,2],3,3,7,7,"late",[1],1,["Early","counted","four","inside","later","list","shown"]]'
    )


def test_names_of_modules_do_not_meet():
    files = {
        "main.js": 'import { a } from "./a.js";\nconst same = "main";\nexport const both = `${a} ${same}`;\n',
        "a.js": 'const same = "a";\nexport const a = same;\n',
    }
    assert run(files, "M.both") == "a main"


def test_a_module_is_strict_in_one_piece_too():
    assert (
        run({"main.js": "export const self = (function () {\n  return typeof this;\n})();\n"}, "M.self") == "undefined"
    )


@pytest.mark.parametrize(
    ("source", "why"),
    {
        "a default export": ("export default 1;", "not known"),
        "a default import": ('import a from "./a.js";', "not known"),
        "a default by its name": ('import { default as a } from "./a.js";', "not known"),
        "all of a module passed on": ('export * from "./a.js";', "not known"),
        "a name that may change": ("export let a = 1;", "not known"),
        "several names at once": ("export const { a, b } = {};", "not known"),
        "a statement that is moved in": ('  import { a } from "./a.js";', "not known"),
        "single quotes": ("import { a } from './a.js';", "not known"),
        "a module asked for later": ('const a = await import("./a.js");', "not known"),
        "the module's own address": ("const a = import.meta.url;", "not known"),
        "a package": ('import { a } from "package";', "no path"),
        "a name that is not there": ('import { b } from "./a.js";', "does not export"),
        "a circle": ('import { back } from "./back.js";', "circle: main.js → back.js → main.js"),
    }.values(),
)
def test_what_cannot_be_put_together_is_an_error(source, why):
    files = {
        "main.js": source,
        "a.js": "export const a = 1;\n",
        "back.js": 'import "./main.js";\nexport const back = 1;\n',
    }
    with pytest.raises(BundleError, match=why):
        bundle("main.js", files.__getitem__, "M")


def test_words_of_comments_and_strings_are_left_alone():
    source = (
        '/** @import {A} from "./a.js" */\n/** @param {import("./a.js").A} a */\nexport const a = "export.a import";\n'
    )
    module = taken_apart("main.js", source + "const list = {\n  export: 1,\n};\n// import(later)\n")
    assert module.imports == ()
    assert '"export.a import"' in module.code


@pytest.mark.parametrize("entry", SCRIPTS)
def test_every_script_of_ours_can_be_put_in_one_piece(entry):
    whole = bundle(entry, read, "M")
    assert not re.search(r"^\s*(import|export)\b\s*[{*\"]", whole, re.MULTILINE)
    # Parsed, not run: most want a page.
    quickjs.Context().eval(f"new Function({json.dumps(whole)})")


@pytest.mark.parametrize("entry", sorted(LATE))
def test_a_script_that_fetches_another_later_is_refused(entry):
    with pytest.raises(BundleError, match=r"not known here: .*import\("):
        bundle(entry, read, "M")


def test_a_missing_file_is_said_by_its_reader(tmp_path: Path):
    (tmp_path / "main.js").write_text('import "./gone.js";\n')
    with pytest.raises(FileNotFoundError, match=r"gone\.js"):
        bundle("main.js", lambda name: (tmp_path / name).read_text(), "M")


PAGES = ["main.js", "embed.js", "compare.js", "home.js", "site.js", "embedding.js"]


def told(folder: Path, files: dict[str, str], then: str) -> object:
    """What a module that lies beside others prints as JSON."""
    for name, text in {**files, "package.json": '{"type": "module"}', "then.js": then}.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text)
    node, _ = compute_driver_executable()
    return json.loads(subprocess.run([node, folder / "then.js"], stdout=subprocess.PIPE, check=True).stdout)


def test_modules_in_few_files_run_as_they_do_apart(tmp_path: Path):
    files = {
        "page.js": 'import { log } from "./lib/log.js";\nimport { more } from "./more.js";\nlog("page", more);\n'
        'const { late } = await import("./late/late.js");\nlog(late, typeof own);\n',
        "other.js": 'import { log } from "./lib/log.js";\nlog("other");\n',
        "lib/log.js": "export const told = [];\nexport function log(...words) {\n  told.push(...words);\n}\n",
        "more.js": 'import { log } from "./lib/log.js";\n/** @param {import("./types.js").T} own */\n'
        'const own = 1;\nlog("more");\nexport const more = own + 1;\n',
        "late/late.js": 'import { log } from "../lib/log.js";\nimport { more } from "../more.js";\nlog("late");\n'
        '// Told once.\nconst late = /** @type {any} */ (await import("../other.js")) && more + 1;\nexport { late };\n',
    }
    then = 'import "./page.js";\nimport { told } from "./lib/log.js";\nconsole.log(JSON.stringify(told));\n'
    few = packed(["page.js", "other.js"], files.__getitem__)
    assert set(few) - set(files) == {"part-2.js", "part-page.js"}
    assert "Told once" not in "".join(few.values())
    expected = ["more", "page", 2, "late", "other", 3, "undefined"]
    assert told(tmp_path / "apart", files, then) == told(tmp_path / "few", few, then) == expected


def test_no_module_of_ours_lies_in_two_files_and_none_is_missing():
    few = packed(PAGES, read)
    places = [
        path
        for text in few.values()
        for path in re.findall(r"^const \$\d+ = \(\(\) => \{ // (.+)$", text, re.MULTILINE)
    ]
    assert len(places) == len(set(places))
    assert {*places, *few} >= {"main.js", "scenes/index.js", "view/exporting.js", "view/extras/index.js"}
    for name, text in few.items():
        for target in re.findall(r'^import .* from "([^"]+)";$|[^{]\bimport\("([^"]+)"\)', text, re.MULTILINE):
            assert posixpath.normpath(posixpath.join(posixpath.dirname(name), "".join(target))) in few

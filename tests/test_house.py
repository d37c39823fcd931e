"""The house itself: which room may import which, and that names mean the same everywhere."""

import ast
import re
from pathlib import Path

import pytest

from compute.kinds import KINDS

ROOT = Path(__file__).parents[1]
ENGINE_MAY = {"compute", "numpy", "pydantic", "pydantic_core"}
APP_MAY_NOT = {"numpy", "tests"}


def imports(path: Path) -> set[str]:
    """Top-level names of all modules that a file imports, the standard library left out."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            found.add((node.module or "").split(".")[0])
    import sys

    return found - set(sys.stdlib_module_names)


def test_the_engine_knows_nothing_of_http():
    files = list((ROOT / "compute").rglob("*.py"))
    assert files
    for path in files:
        assert imports(path) <= ENGINE_MAY, path


def test_the_app_does_no_numerics():
    files = list((ROOT / "app").rglob("*.py"))
    assert files
    for path in files:
        assert not imports(path) & APP_MAY_NOT, path


ROOMS = {  # arrows run one way: main → view → scenes → marks, and all may read model
    "model": {"model"},
    "marks": {"marks", "model"},
    "scenes": {"scenes", "marks", "model"},
    "view": {"view", "scenes", "model"},
}


@pytest.mark.parametrize(("room", "may"), ROOMS.items(), ids=list(ROOMS))
def test_scripts_import_one_way(room, may):
    files = list((ROOT / "static/js" / room).glob("*.js"))
    assert files
    for path in files:
        for target in re.findall(r'(?:from|import)\s+"(\.[^"]+)"', path.read_text(encoding="utf-8")):
            assert (path.parent / target).resolve().parent.name in may, f"{path.name} imports {target}"


MODULES = {"3d": "conv3d"}  # no module's name can begin with a digit


@pytest.mark.parametrize("slug", KINDS)
def test_a_slug_is_the_same_word_everywhere(slug):
    module = MODULES.get(slug, slug.replace("-", "_"))
    for path in (
        f"compute/kinds/{module}.py",
        f"tests/compute/kinds/test_{module}.py",
        f"templates/lessons/en/{slug}.html",
    ):
        assert (ROOT / path).is_file(), path


def test_plotly_is_touched_by_one_file_only():
    """All drawing goes through view/figure.js."""
    touching = [
        path.relative_to(ROOT / "static/js").as_posix()
        for path in (ROOT / "static/js").rglob("*.js")
        if re.search(r"\bPlotly\.\w+\(", path.read_text(encoding="utf-8"))
    ]
    assert touching == ["view/figure.js"]

"""Runs the tests of the scripts, `*.test.js` beside this file, in the Node that Playwright brings along."""

import os
import subprocess
from collections.abc import Iterator
from pathlib import Path
from xml.etree import ElementTree

import pytest
from playwright._impl._driver import compute_driver_executable

from app.answers import dumped
from compute.kinds import KINDS

HERE = Path(__file__).parent
FILES = sorted(HERE.rglob("*.test.js"))
PATIENCE = 60_000  # milliseconds a test may take


@pytest.fixture(scope="session")
def traces(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A file with the traces of all presets, so that scenes are tested on what the engine really makes."""
    found = [
        {"slug": kind.slug, "id": preset.id, "trace": kind.trace(kind.parse(preset.params))}
        for kind in KINDS.values()
        for preset in kind.presets
    ]
    path = tmp_path_factory.mktemp("traces") / "presets.json"
    path.write_bytes(dumped(found))
    return path


def outcomes(file: Path, folder: Path, traces: Path) -> tuple[int, list[str]]:
    """How many tests of a file ran, and what those that failed said; the report is left in the folder."""
    node, _ = compute_driver_executable()
    report = folder / "report.xml"
    # Without isolation a file that cannot even be loaded is reported with its error.
    test = [str(node), "--test", "--test-isolation=none", f"--test-timeout={PATIENCE}"]
    test += ["--test-reporter=junit", f"--test-reporter-destination={report}", str(file)]
    environment = {**os.environ, "CONVOSCOPE_TRACES": str(traces)}
    done = subprocess.run(
        test, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, encoding="utf-8", cwd=HERE, env=environment
    )
    cases = list(ElementTree.parse(report).iter("testcase"))
    failures = list(failed(cases))
    if done.returncode and not failures:
        failures = [f"node ended with {done.returncode}:\n{done.stdout}"]
    # Node counts a file without tests as one test, by the file's name.
    return sum(name(case) != str(file) for case in cases), failures


def failed(cases: list[ElementTree.Element]) -> Iterator[str]:
    for case in cases:
        if case.find("skipped") is not None:
            yield f"{name(case)}: skipped"
        if (failure := case.find("failure")) is not None:
            yield f"{name(case)}: {(failure.text or failure.get('message') or '').strip()}"


def name(case: ElementTree.Element) -> str:
    return case.get("name") or "a test without a name"


def test_there_are_tests_of_the_scripts() -> None:
    assert FILES


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.relative_to(HERE).as_posix())
def test_script_passes_its_tests(file: Path, tmp_path: Path, traces: Path) -> None:
    ran, failures = outcomes(file, tmp_path, traces)
    if failures:
        pytest.fail("\n\n".join(failures), pytrace=False)
    assert ran > 0

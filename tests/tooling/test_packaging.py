"""The files that carry Convoscope elsewhere agree with each other and with the tree."""

import fnmatch
import re
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent.parent
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
EXTRAS = PROJECT["optional-dependencies"]
# Developers have all that servers can have: the project names itself for that.
DEVELOPMENT = [one for one in EXTRAS["dev"] if not one.startswith("convoscope[")]
SERVERS = PROJECT["dependencies"] + EXTRAS["export"] + EXTRAS["metrics"]
PINNED = re.compile(r"^([a-z0-9-]+)==", re.MULTILINE)


def name(requirement: str) -> str:
    return re.split(r"[\[<>=!~ ;]", requirement)[0]


@pytest.mark.parametrize(
    ("lock", "requirements"),
    [
        ("requirements.lock", PROJECT["dependencies"]),
        ("requirements-export.lock", SERVERS),
        ("requirements-dev.lock", SERVERS + DEVELOPMENT),
    ],
)
def test_a_lock_pins_every_dependency_with_hashes_and_names_no_host(lock: str, requirements: list[str]) -> None:
    text = (ROOT / lock).read_text()
    pins = re.split(r"\n(?=[a-z])", text)[1:]
    assert {name(requirement) for requirement in requirements} <= set(PINNED.findall(text))
    assert all("--hash=sha256:" in pin for pin in pins)
    assert "://" not in text


def test_all_locks_pin_the_same_versions() -> None:
    runtime, exporting, development = (
        set(re.findall(r"^\S+==\S+", (ROOT / lock).read_text(), re.MULTILINE))
        for lock in ("requirements.lock", "requirements-export.lock", "requirements-dev.lock")
    )
    assert runtime
    assert runtime < exporting < development


def test_the_container_copies_only_what_is_there_and_let_through() -> None:
    dockerfile = (ROOT / "Dockerfile").read_text()
    copied = re.findall(r"^COPY (?!--)(\S+) ", dockerfile, re.MULTILINE)
    rules = (ROOT / ".dockerignore").read_text().splitlines()
    assert {"app", "compute", "locales", "${LOCK}", "static", "templates"} == set(copied)
    default = re.search(r"^ARG LOCK=(\S+)$", dockerfile, re.MULTILINE)
    assert default
    assert default[1] == "requirements.lock"
    for source in [default[1], "requirements-export.lock", *(one for one in copied if one != "${LOCK}")]:
        assert (ROOT / source).exists()
        assert any(fnmatch.fnmatch(f"!{source}", rule) for rule in rules)


def test_continuous_integration_lints_first_and_runs_the_test_command_of_the_readme() -> None:
    commands = [line for line in (ROOT / ".ci" / "run").read_text().splitlines() if line.startswith("python3 dev.py")]
    assert commands == ["python3 dev.py lint", "python3 dev.py test", "python3 dev.py check"]
    assert commands[1] in (ROOT / "README.md").read_text()


def test_the_threat_model_names_tests_and_checks_that_there_are() -> None:
    table = (ROOT / "SECURITY.md").read_text().partition("## What could be done")[2].partition("## What remains")[0]
    rows = [row.rpartition(" | ")[2] for row in table.splitlines() if row.startswith("| ")][1:]
    assert len(rows) > 15
    files = {file.name for file in (ROOT / "tests").rglob("*.*")}
    for row in rows:
        named = re.findall(r"`(?:check )?([^`]+)`", row)
        assert named, row
        for one in named:
            known = (ROOT / one).exists() or one in files or (ROOT / "checks" / f"{one}.py").exists()
            assert known, one


def test_the_changelog_tells_of_this_version() -> None:
    assert f"## {PROJECT['version']}" in (ROOT / "CHANGELOG.md").read_text()

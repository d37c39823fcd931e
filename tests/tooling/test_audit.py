"""`dev.py audit`, with stand-ins for the programs that list the parts and ask for their weaknesses."""

import json
import sys
from pathlib import Path

import pytest

from tests.tooling.projects import Project, make_project

LOCKS = ("requirements.lock", "requirements-export.lock", "requirements-dev.lock")
SOUND = {"dependencies": [{"name": "first", "version": "1.0", "vulns": []}]}
WEAK = {
    "dependencies": [
        {"name": "first", "version": "1.0", "vulns": []},
        {"name": "second", "version": "2.0", "vulns": [{"id": "PYSEC-1", "fix_versions": ["2.1"]}]},
    ]
}
# Each writes into the file behind --output or --output-file.
LISTS = "place('--output-file').write_text('{}')"
ASKS = "place('--output').write_text({report!r}); raise SystemExit({code})"
CANNOT_ASK = "raise SystemExit('no way to pypi.org')"


def program(body: str) -> str:
    place = "place = lambda name: Path(sys.argv[sys.argv.index(name) + 1])"
    return f"#!{sys.executable}\nimport sys\nfrom pathlib import Path\n{place}\n{body}\n"


def audited(folder: Path, asks: str) -> tuple[Project, int, str, str]:
    project = make_project(folder)
    for lock in LOCKS:
        project.write(lock, "")
    assert project.dev("bench", "first").code == 0
    for name, body in (("cyclonedx-py", LISTS), ("pip-audit", asks)):
        project.write(f".venv/bin/{name}", program(body))
        (project.root / ".venv" / "bin" / name).chmod(0o755)
    ended = project.dev("audit")
    return project, ended.code, ended.out, ended.err


def test_every_lock_is_listed_and_asked_about(tmp_path: Path) -> None:
    project, code, out, _ = audited(tmp_path, ASKS.format(report=json.dumps(SOUND), code=0))
    assert code == 0
    assert [line.split(":")[0] for line in out.splitlines()] == list(LOCKS)
    assert out.count("1 parts, 0 known weaknesses") == 3
    assert {file.name for file in (project.root / "build").glob("*.cdx.json")} == {
        f"{Path(lock).stem}.cdx.json" for lock in LOCKS
    }


def test_a_weakness_is_named_with_what_mends_it(tmp_path: Path) -> None:
    _, code, out, _ = audited(tmp_path, ASKS.format(report=json.dumps(WEAK), code=1))
    assert code == 1
    assert "requirements.lock: second 2.0 has PYSEC-1; mended in 2.1\n" in out


@pytest.mark.parametrize("asks", [CANNOT_ASK, ASKS.format(report='{"dependencies": []}', code=1)])
def test_nobody_to_ask_is_no_clean_bill(tmp_path: Path, asks: str) -> None:
    project, code, out, err = audited(tmp_path, asks)
    assert code == 2
    assert out == ""
    assert err.count("could not be asked") == 3
    assert "pypi.org" in err
    assert (project.root / "build" / "requirements.cdx.json").exists()

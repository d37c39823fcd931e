"""The tests of the scripts do fail when a script does."""

from pathlib import Path

import pytest

from tests.js import test_js

OPENING = 'import test from "node:test";\nimport assert from "node:assert/strict";\n'


@pytest.mark.parametrize(
    ("script", "ran", "said"),
    [
        ('test("adds", () => assert.equal(1 + 1, 2));', 1, []),
        ('test("adds", () => assert.equal(1 + 1, 3));', 1, ["adds: ", "2 !== 3"]),
        ('test.skip("adds", () => {});', 1, ["adds: skipped"]),
        ('test("waits", () => new Promise(() => {}));', 1, ["waits: "]),
        ("", 0, []),
        ('throw new Error("a mishap");', 0, ["a mishap"]),
    ],
)
def test_each_failure_of_a_script_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, script: str, ran: int, said: list[str]
) -> None:
    monkeypatch.setattr(test_js, "PATIENCE", 500)
    file = tmp_path / "some.test.js"
    file.write_text(OPENING + script)
    count, failures = test_js.outcomes(file, tmp_path, tmp_path)
    assert count == ran
    assert bool(failures) == bool(said)
    assert all(any(words in failure for failure in failures) for words in said), failures

"""Which Chromium the tests take."""

from pathlib import Path

import pytest

from app import browsers
from app.browsers import NoBrowser
from tests.browsers import find_chromium, launch_options


def program(path: Path, ends_with: int) -> str:
    path.write_text(f"#!/bin/sh\nexit {ends_with}\n")
    path.chmod(0o755)
    return str(path)


def test_the_browser_that_the_environment_names_comes_first(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(browsers.VARIABLE, program(tmp_path / "mine", ends_with=0))
    assert find_chromium() == str(tmp_path / "mine")
    assert launch_options()["executable_path"] == str(tmp_path / "mine")


@pytest.mark.parametrize("named", ["nowhere/to be found", "broken"])
def test_a_named_browser_that_does_not_start_is_an_error(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, named: str
) -> None:
    program(tmp_path / "broken", ends_with=1)
    monkeypatch.setenv(browsers.VARIABLE, str(tmp_path / named))
    with pytest.raises(NoBrowser, match=named):
        find_chromium()


def test_a_note_in_the_place_of_a_browser_is_passed_over(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    program(tmp_path / "chromium", ends_with=1)
    good = program(tmp_path / "google-chrome", ends_with=0)
    monkeypatch.delenv(browsers.VARIABLE, raising=False)
    monkeypatch.setenv("PATH", str(tmp_path))
    assert find_chromium() == good


def test_without_any_browser_the_error_says_what_to_install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(browsers.VARIABLE, raising=False)
    monkeypatch.setattr(browsers, "installed", lambda: iter([str(tmp_path / "none")]))
    monkeypatch.setattr("sys.executable", program(tmp_path / "python without playwright", ends_with=1))
    with pytest.raises(NoBrowser, match=r"Install Chromium or Chrome, or set CONVOSCOPE_CHROMIUM"):
        find_chromium()
    with pytest.raises(NoBrowser, match=r"Install Chromium, Chrome or Edge, or run «python -m playwright install"):
        browsers.find_chromium()


def test_the_browser_asked_for_comes_before_that_of_the_environment(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(browsers.VARIABLE, program(tmp_path / "of the environment", ends_with=0))
    assert browsers.find_chromium(program(tmp_path / "mine", ends_with=0)) == str(tmp_path / "mine")
    with pytest.raises(NoBrowser, match="--browser names nowhere"):
        browsers.find_chromium("nowhere")

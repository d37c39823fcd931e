"""The command says what cannot be in the engine's own words, and writes whole files or none."""

import asyncio
import json
import sys
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

from app import browsers, cli
from app.exporting import command, orders
from compute.kinds import KINDS
from compute.kinds.base import PAGING


def said(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> str:
    """What the command answers when it refuses, which is on the error stream and ends with 2."""
    assert cli.main(["export", *arguments]) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert "Traceback" not in err
    return err


REFUSED = {
    "dilate -o a.png": "There is no kind of convolution called «dilate». Did you mean dilated?",
    "dilated --dilation 9 -o a.png": "spreads a 3-wide kernel over 19 cells; the padded input has 7. Try dilation 3.",
    "dilated --kernel-size 0 -o a.png": "kernel_size must lie between 1 and 1000; it is 0. Try 1.",
    "dilated --dilaton 2 -o a.png": "There is no parameter «dilaton» here. Did you mean dilation?",
    "dilated --groups 2 -o a.png": "There is no parameter «groups» here.",
    "dilated --start 2 -o a.png": "There is no parameter «start» here.",
    "dilated --preset articel -o a.png": "dilated has no figure called «articel». Did you mean article?",
    "dilated -o a.pngg": "«a.pngg» ends in .pngg, which says no format. Did you mean .png?",
    "dilated -o a": "«a» has no ending",
    "dilated": "Where to? Say it by -o figure.mp4",
    "-o a.png": "Which figure?",
    "dilated --step 10 -o a.png": "--step: the figure has 9 steps, so 10 is none of them.",
    "dilated --steps 2-10 -o a.gif": "--steps: the figure has 9 steps, so 10 is none of them.",
    "dilated --steps 7-2 -o a.gif": "steps are written 2-7, the first before the last, not «7-2»",
    "dilated --step 2 --steps 2-3 -o a.gif": "--step is one step, --steps are some",
    "dilated --stage pool -o a.png": "--stage: the figure has no stage «pool». It has",
    "dilated --size big -o a.png": "not «big»",
    "dilated --loop often -o a.gif": "not «often»",
    "dilated --theme pink -o a.png": "invalid choice: 'pink'",
    "dilated --speed 2 -o a.png": "--speed means nothing for a file of png; it does for gif",
    "dilated --transparent -o a.mp4": "--transparent means nothing for a file of mp4",
    "dilated --size 720p -o a.json": "--size means nothing for a file of json",
    "dilated more -o a.png": "«more» belongs to nothing",
    "dilated -o nowhere/a.json": "There is no folder nowhere.",
    "dilated --jobs 2 -o a.json": "--jobs is for a --list.",
    "dilated --browser /nowhere/chromium -o a.png": "--browser names /nowhere/chromium, and that is no Chromium",
}


@pytest.mark.parametrize(("arguments", "sentence"), REFUSED.items())
def test_what_cannot_be_is_said_and_nothing_is_written(
    arguments: str, sentence: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    assert sentence in said(arguments.split(), capsys)
    assert list(tmp_path.iterdir()) == []


def test_without_a_browser_the_command_says_how_to_come_by_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.delenv(browsers.VARIABLE, raising=False)
    monkeypatch.setattr(browsers, "installed", lambda: iter([]))
    monkeypatch.setattr(browsers, "playwrights_own", lambda: "")
    answer = said(["dilated", "-o", str(tmp_path / "a.png")], capsys)
    assert "Install Chromium, Chrome or Edge, or run «python -m playwright install chromium»" in answer
    assert list(tmp_path.iterdir()) == []


def test_without_playwright_the_command_says_how_to_install_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setitem(sys.modules, "playwright.async_api", None)
    assert "pip install 'convoscope[export]'" in said(["dilated", "-o", str(tmp_path / "a.png")], capsys)


def test_numbers_are_those_of_the_api(client: TestClient, tmp_path: Path) -> None:
    file = tmp_path / "dilated.json"
    assert cli.main(["export", "dilated", "--dilation", "2", "--kernel_size=2", "-o", str(file)]) == 0
    assert file.read_bytes() == client.get("/api/v1/traces/dilated?dilation=2&kernel_size=2").content
    assert [path.name for path in tmp_path.iterdir()] == ["dilated.json"]


def test_without_parameters_it_is_the_figure_of_the_page_and_a_preset_is_where_one_begins(tmp_path: Path) -> None:
    kind = KINDS["dilated"]
    plain = orders.read(["dilated", "-o", "a.json"])
    assert plain.shown == dict(kind.presets[0].params)
    preset = kind.presets[1]
    changed = orders.read(["dilated", "--preset", preset.id, "--seed", "5", "-o", "a.json"])
    assert changed.shown == {**preset.params, "seed": "5"}


def test_options_become_what_the_scripts_of_the_page_are_handed() -> None:
    film = orders.read(
        ["dilated", "--steps", "2-7", "--speed", "2", "--loop", "3", "--size", "1080p", "--no-title", "-o", "a.gif"]
    )
    assert film.settings() == {
        "format": "gif",
        "width": 1920,
        "height": 1080,
        "theme": "light",
        "transparent": False,
        "title": False,
        "equation": True,
        "speed": "2",
        "loop": 3,
        "start": 2,
        "end": 7,
    }
    assert orders.read(["dilated", "--step", "4", "-o", "a.pdf"]).settings()["end"] == 4
    assert orders.read(["dilated", "--step", "4", "-o", "a.png"]).settings()["step"] == 4
    assert orders.read(["dilated", "-o", "a.png"]).settings()["step"] == 9
    assert orders.read(["dilated", "--frames", "svg", "-o", "a.zip"]).settings()["format"] == "zip-svg"
    assert orders.read(["dilated", "--size", "800x450", "--loop", "endless", "-o", "a.webp"]).settings()["width"] == 800


def test_no_parameter_of_a_figure_is_called_like_an_option() -> None:
    own = {*orders.MEANT_FOR, "output", "preset", "list", "browser", "jobs", "kind"}
    names = {name for kind in KINDS.values() for name in kind.schema()["properties"] if name not in PAGING}
    assert not own & names


def test_a_file_that_fails_leaves_the_former_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "dilated.json"
    file.write_text("the former one")

    def full(*_: object) -> bytes:
        raise OSError(28, "No space left on device", str(file))

    monkeypatch.setattr(command, "dumped", full)
    assert cli.main(["export", "dilated", "-o", str(file)]) == 2 - 1
    assert [path.name for path in tmp_path.iterdir()] == ["dilated.json"]
    assert file.read_text() == "the former one"


def test_the_command_tells_of_itself(capsys: pytest.CaptureFixture[str]) -> None:
    for words, expected in (
        (["--help"], "export"),
        (["export", "--help"], "--kernel-size"),
        (["serve", "-h"], "--port"),
    ):
        with pytest.raises(SystemExit) as caught:
            cli.main(words)
        assert caught.value.code == 0
        assert expected in capsys.readouterr().out
    with pytest.raises(SystemExit) as caught:
        cli.main(["exprt"])
    assert caught.value.code == 2


LIST = """
lang = "en"

[[figure]]
kind = "dilated"
output = "one.json"
dilation = 2

[[figure]]
kind = "grouped"
output = "deck/two.json"
groups = 2
kernel_size = [2, 3]
"""


@pytest.fixture
def listed(tmp_path: Path) -> Path:
    file = tmp_path / "figures.toml"
    file.write_text(LIST.replace('lang = "en"\n', ""))
    return file


def made(file: Path, capsys: pytest.CaptureFixture[str], status: int = 0) -> tuple[str, str]:
    """The last line of what a list's run says, and its errors."""
    assert cli.main(["export", "--list", str(file)]) == status
    out, err = capsys.readouterr()
    return out.splitlines()[-1], err


def test_a_list_makes_what_has_changed(listed: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert made(listed, capsys)[0] == "2 made, 0 unchanged, 0 not made"
    trace = json.loads((listed.parent / "deck" / "two.json").read_text())
    assert trace["params"]["kernel_size"] == [2, 3]
    assert made(listed, capsys)[0] == "0 made, 2 unchanged, 0 not made"
    listed.write_text(listed.read_text().replace("groups = 2", "groups = 1"))
    assert made(listed, capsys)[0] == "1 made, 1 unchanged, 0 not made"
    (listed.parent / "one.json").unlink()
    assert made(listed, capsys)[0] == "1 made, 1 unchanged, 0 not made"
    assert sorted(path.name for path in listed.parent.iterdir()) == [
        ".convoscope.json",
        "deck",
        "figures.toml",
        "one.json",
    ]


def test_a_note_that_cannot_be_read_makes_all_anew(listed: Path, capsys: pytest.CaptureFixture[str]) -> None:
    made(listed, capsys)
    (listed.parent / ".convoscope.json").write_text("{")
    assert made(listed, capsys)[0] == "2 made, 0 unchanged, 0 not made"


def test_another_release_makes_all_anew(
    listed: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    made(listed, capsys)
    monkeypatch.setattr("app.exporting.lists.VERSION", "9")
    assert made(listed, capsys)[0] == "2 made, 0 unchanged, 0 not made"


def test_a_figure_that_cannot_be_does_not_keep_the_others(listed: Path, capsys: pytest.CaptureFixture[str]) -> None:
    listed.write_text(listed.read_text().replace("dilation = 2", "dilation = 9"))
    last, errors = made(listed, capsys, status=2)
    assert last == "1 made, 0 unchanged, 1 not made"
    assert errors.startswith("one.json: On the row axis dilation 9 spreads a 3-wide kernel")


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("figure = 3", "lists no figures"),
        ("", "lists no figures"),
        ("[[figure]", "is no TOML"),
        (LIST.replace("deck/two", "one").replace('lang = "en"\n', ""), "makes one.json more than once"),
    ],
)
def test_a_list_that_is_none_is_refused(tmp_path: Path, capsys: Any, text: str, sentence: str) -> None:
    file = tmp_path / "figures.toml"
    file.write_text(text)
    assert sentence in said(["--list", str(file)], capsys)


def test_what_all_figures_share_must_suit_all(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "figures.toml"
    file.write_text(LIST)
    _, errors = made(file, capsys, status=2)
    assert "one.json: --lang means nothing for a file of json" in errors


def test_a_list_stands_alone(listed: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert "dilated does not belong here" in said(["--list", str(listed), "dilated"], capsys)
    assert "cannot be read" in said(["--list", str(listed.with_name("none.toml"))], capsys)


def test_no_loop_is_left_running(tmp_path: Path) -> None:
    assert cli.main(["export", "dilated", "-o", str(tmp_path / "a.json")]) == 0
    with pytest.raises(RuntimeError):
        asyncio.get_running_loop()

"""Pages of others are measured as ours are: first visits of a folder that the test makes."""

from collections import Counter
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from benchmarks._visits import Visit
from benchmarks.peers import Peer, hosting, measured, named, row

WORDS = "convolution " * 1000
PAGE = """<!doctype html><link rel="icon" href="data:,">
<link rel="stylesheet" href="look.css"><p>A page.</p>
<script src="figure.js"></script><img hidden src="lost.png"><img hidden src="http://127.0.0.2:9/elsewhere.png">"""
# The figure comes last, and after a long task, which begins when the page has loaded and been painted.
SCRIPT = f"""/* {WORDS} */
addEventListener('load', () => requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(() => {{
  const start = performance.now();
  while (performance.now() - start < 120) Math.sqrt(2);
  document.body.insertAdjacentHTML('beforeend', '<div class="figure">Here.</div>');
}}))));
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "index.html").write_text(PAGE)
    (tmp_path / "look.css").write_text("p { color: teal }")
    (tmp_path / "figure.js").write_text(SCRIPT)
    return tmp_path


def test_a_first_visit_tells_milestones_bytes_and_requests(browser: Browser, folder: Path) -> None:
    with hosting(folder) as url:
        visit = measured(browser, url, ".figure")
    assert 0 < visit.times["answer"] <= visit.times["paint"]
    assert 120 <= visit.times["operable"] <= visit.times["quiet"]
    assert visit.requests == {"html": 1, "css": 1, "modules": 1, "other": 1}
    assert visit.failed == 1
    packed = len(WORDS) // 10
    assert 0 < visit.size["modules"] < packed < len(SCRIPT)


def test_a_visit_tells_what_moved_without_the_readers_doing(browser: Browser, folder: Path) -> None:
    with hosting(folder) as url:
        still = measured(browser, url, ".figure")
        (folder / "figure.js").write_text(SCRIPT.replace("beforeend", "afterbegin").replace("Here.", "<br>" * 9))
    with hosting(folder) as url:
        moved = measured(browser, url, ".figure")
    assert still.shift == 0 < moved.shift < 1


def test_every_visit_is_a_first_one(browser: Browser, folder: Path) -> None:
    with hosting(folder) as url:
        first, second = measured(browser, url, ".figure"), measured(browser, url, ".figure")
    assert first.requests == second.requests
    assert first.size == second.size


def test_without_a_selector_a_page_is_operable_once_it_is_quiet(browser: Browser, folder: Path) -> None:
    with hosting(folder) as url:
        visit = measured(browser, url, "")
    assert visit.times["operable"] == visit.times["quiet"] >= 120


def test_a_selector_that_nothing_matches_is_told(browser: Browser, folder: Path) -> None:
    with hosting(folder) as url, pytest.raises(ValueError, match=r"never matched \.another"):
        measured(browser, url, ".another", within=2)


def test_peers_are_named_with_folder_and_selector(folder: Path) -> None:
    assert named(f"one={folder}, two={folder}=input[type=range]") == [
        Peer("one", folder.resolve()),
        Peer("two", folder.resolve(), "input[type=range]"),
    ]


@pytest.mark.parametrize("text", ["one", "one={empty}", "one={folder}/index.html"])
def test_a_peer_without_a_page_is_told(folder: Path, tmp_path_factory: pytest.TempPathFactory, text: str) -> None:
    with pytest.raises(ValueError, match=r"index\.html in that folder"):
        named(text.format(folder=folder, empty=tmp_path_factory.mktemp("empty")))


def test_a_row_holds_medians() -> None:
    visits = [
        Visit({"paint": paint, "operable": 400, "quiet": 1500}, Counter(html=size), Counter(html=1, css=2), 0)
        for paint, size in ((100, 9000), (300, 7000), (110, 8000))
    ]
    assert row("a page", ".figure", visits) == "| a page | 110 ms | 400 ms | `.figure` | 1,500 ms | 8 | 3 | 0 |"
    assert "| quiet | 1,500 ms |" in row("a page", "", visits)

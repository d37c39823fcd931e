"""A site of files: all that its pages name is in it, the same files come again, and nothing else is overwritten."""

import errno
import json
import re
import zlib
from argparse import ArgumentParser
from base64 import b64decode
from html.parser import HTMLParser
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

import pytest
from starlette.testclient import TestClient

from app import cli, paths
from app.offline.moves import key_of, without_values
from app.site import build as building
from app.site import figures
from app.site.command import _add_options, read_plan
from app.site.error import SiteError
from app.site.figures import Wishes, figures_of, usual
from app.site.folder import MARKER, check
from app.site.pages import Plan
from compute.errors import ConvError
from compute.kinds import KINDS
from tests.sites import KINDS as OURS

LEAVING = ("src", "href", "action", "srcset", "data", "data-page")


class Named(HTMLParser):
    """All addresses that a page names, and what its elements are."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.addresses: list[str] = []
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        self.elements.append((tag, given))
        self.addresses += [given[name] or "" for name in LEAVING if name in given]


def pages_of(folder: Path) -> dict[str, str]:
    return {path.relative_to(folder).as_posix(): path.read_text("utf-8") for path in folder.rglob("*.html")}


def data_in(page: str, name: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(page.split(f'id="{name}">')[1].split("</script>")[0])
    return found


def held_in(folder: Path, slug: str, name: str) -> Any:
    (path,) = folder.glob(f"held/*/{slug}/{name}.js")
    return json.loads(path.read_text("utf-8").split(", ", 1)[1].rstrip(");\n"))


def files_of(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def small(folder: Path, *more: str) -> int:
    return cli.main(["build", str(folder), "--kinds", "pooling", "--languages", "en", *more])


def test_it_has_every_page_in_every_language(site_folder: Path) -> None:
    own = {"index.html", *(f"{room}/{slug}.html" for room in ("learn", "embed") for slug in OURS)}
    assert set(pages_of(site_folder)) == own | {f"zh/{name}" for name in own} | {"404.html"}
    for name, page in pages_of(site_folder).items():
        assert f'<html lang="{"zh" if name.startswith("zh/") else "en"}"' in page


def test_all_that_pages_name_is_there_and_nothing_is_of_another_host(site_folder: Path) -> None:
    for name, page in pages_of(site_folder).items():
        for address in Named(page).addresses:
            parts = urlsplit(address)
            assert not parts.scheme or address == "data:,", f"{name} names {address}"
            assert not address.startswith("/"), f"{name} names {address}"
            if parts.path and not parts.scheme:
                place = (site_folder / name).parent / unquote(parts.path)
                assert place.resolve().is_file(), f"{name}: {address}"


def test_what_scripts_are_told_is_there(site_folder: Path) -> None:
    for name, page in pages_of(site_folder).items():
        if 'id="held"' not in page:
            continue
        told = data_in(page, "held")
        here = (site_folder / name).parent
        assert (here / told["root"]).is_dir()
        assert all((here / place).is_file() for place in told["site"]["pages"].values())
        assert (here / told["site"]["begin"] / "index.html").is_file()
        assert here.joinpath(next(a for a in Named(page).addresses if a.endswith("js/site.js"))).is_file()
        if "/" in name.removeprefix("zh/"):
            assert (here / told["root"] / Path(name).stem / "index.js").is_file()


def test_a_strict_policy_comes_before_all_that_it_is_for(site_folder: Path) -> None:
    for name, page in pages_of(site_folder).items():
        assert re.search(r"<head>\s*<meta http-equiv=\"Content-Security-Policy\"", page), name
        (policy,) = [given["content"] or "" for _, given in Named(page).elements if "http-equiv" in given]
        assert "default-src 'none'" in policy
        assert "unsafe-inline" not in policy.split("script-src")[1].split(";")[0]
        inline = re.findall(r"<script(?![^>]*(?:src=|application/json))[^>]*>", page)
        assert not inline, name
        assert not re.search(r"<[^>]+\son[a-z]+=", page), name


def test_figures_that_pages_link_to_are_held(site_folder: Path) -> None:
    for name, page in pages_of(site_folder).items():
        for tag, given in Named(page).elements:
            parts = urlsplit(given.get("href") or "")
            slug = Path(parts.path).stem
            if tag == "a" and parts.query and slug in OURS and not given.get("data-lang"):
                index = held_in(site_folder, slug, "index")
                keys = {key for pack in index["packs"].values() for key in pack["keys"]}
                assert key_of(KINDS[slug], dict(parse_qsl(parts.query))) in keys, f"{name}: {given['href']}"


def test_answers_are_those_of_the_server(site_folder: Path, client: TestClient) -> None:
    index = held_in(site_folder, "dilated", "index")
    answers = json.loads(zlib.decompress(b64decode(held_in(site_folder, "dilated", "0")), 31))
    for key, answer in list(zip(index["packs"]["0"]["keys"], answers, strict=True))[:12]:
        for name, path in (("trace", "traces"), ("curves", "curves"), ("code", "code")):
            assert answer[name] == client.get(f"/api/v1/{path}/dilated?{key}").json()
    refused = json.loads(zlib.decompress(b64decode(held_in(site_folder, "dilated", "refused")), 31))
    key = index["packs"]["refused"]["keys"][0]
    assert refused[0]["error"] == client.get(f"/api/v1/traces/dilated?{key}").json()["error"]
    assert index["packs"]["refused"]["refused"] == list(range(len(refused)))


@pytest.mark.parametrize("slug", KINDS)
def test_of_every_kind_presets_single_moves_and_drawn_numbers_are_held(slug: str) -> None:
    kind = KINDS[slug]
    keys = [key_of(kind, params) for params in figures_of(kind, Wishes())]
    assert len(keys) == len(set(keys))
    assert keys[0] == key_of(kind, kind.presets[0].params)
    for preset in kind.presets:
        assert {key_of(kind, preset.params), key_of(kind, without_values(kind, preset.params))} <= set(keys)
    assert all(set(values) for values in usual(kind).values())
    assert len(keys) < 2_000


@pytest.mark.parametrize("slug", KINDS)
def test_buttons_of_every_lesson_lead_to_figures_that_are_held(slug: str) -> None:
    kind = KINDS[slug]
    text = (paths.TEMPLATES / "lessons" / "en" / f"{slug}.html").read_text("utf-8")
    attempts = [dict(parse_qsl(given["data-set"] or "")) for _, given in Named(text).elements if "data-set" in given]
    keys = {key_of(kind, params) for params in figures_of(kind, Wishes(attempts=attempts))}
    for attempt in attempts:
        [wanted] = list(figures_set(kind, attempt))
        assert key_of(kind, wanted) in keys


def figures_set(kind: Any, attempt: dict[str, str]) -> list[dict[str, str]]:
    from app.offline.moves import moved

    here = dict(kind.presets[0].params)
    for name, value in attempt.items():
        here = moved(kind, here, name, value)
    return [here]


def test_the_same_files_come_again(tmp_path: Path) -> None:
    assert small(tmp_path / "one") == small(tmp_path / "two") == 0
    assert files_of(tmp_path / "one") == files_of(tmp_path / "two")


def test_a_site_is_replaced_by_the_next_and_says_what_it_holds(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "site"
    assert small(folder) == 0
    (folder / "learn" / "old.html").write_text("gone with the next build")
    figure = "--figure=/learn/pooling?input=1,2,3;4,5,6;7,8,9&kernel_size=2&step=2&live=stride:1-2"
    assert small(folder, figure, "--live", "pooling=mode:max|average,stride:1-2") == 0
    assert not (folder / "learn" / "old.html").exists()
    assert [path.name for path in tmp_path.iterdir()] == ["site"]
    said = capsys.readouterr().out.splitlines()[-1]
    assert re.fullmatch(r".*site: [\d,]+ figures, [\d,]+ files, [\d,]+ bytes, \d+ s", said)
    assert sum(map(len, files_of(folder).values())) - (folder / MARKER).stat().st_size == int(
        re.findall(r"([\d,]+) bytes", said)[0].replace(",", "")
    )
    index = held_in(folder, "pooling", "index")
    keys = {key for pack in index["packs"].values() for key in pack["keys"]}
    assert {"input=1,2,3;4,5,6;7,8,9&kernel_size=2", "input=1,2,3;4,5,6;7,8,9&kernel_size=2&stride=2"} <= keys


def test_one_language_is_at_the_root_and_a_base_url_names_each_page(tmp_path: Path) -> None:
    folder = tmp_path / "site"
    options = ["--kinds", "pooling", "--languages", "zh", "--base-url", "https://me.example/course/"]
    assert cli.main(["build", str(folder), *options]) == 0
    page = (folder / "learn" / "pooling.html").read_text("utf-8")
    assert '<html lang="zh"' in page
    assert 'rel="canonical" href="https://me.example/course/learn/pooling.html"' in page
    assert data_in(page, "held")["site"]["begin"] == "https://me.example/course/"
    assert 'class="segments languages"' not in page
    assert 'href="https://me.example/course/index.html"' in (folder / "404.html").read_text("utf-8")
    assert set(re.findall(r"learn/([a-z0-9-]+)\.html", (folder / "index.html").read_text("utf-8"))) == {"pooling"}


def test_a_folder_of_somebody_is_left_as_it_is(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "thesis.txt").write_text("years of work")
    assert small(tmp_path) == 2
    assert "they stay as they are" in capsys.readouterr().err
    assert small(tmp_path / "thesis.txt") == 2
    assert files_of(tmp_path) == {"thesis.txt": b"years of work"}


def test_a_build_that_fails_destroys_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "site"
    assert small(folder) == 0
    before = files_of(folder)

    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(building, "write", full)
    assert small(folder) == 1
    assert "No space left on device. Nothing there was changed." in capsys.readouterr().err
    assert files_of(folder) == before
    assert [path.name for path in tmp_path.iterdir()] == ["site"]


def test_an_empty_folder_will_do(tmp_path: Path) -> None:
    check(tmp_path)
    check(tmp_path / "not" / "there")
    (tmp_path / "link").symlink_to(tmp_path)
    with pytest.raises(SiteError):
        check(tmp_path / "link")


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (["--kinds", "dilatet"], "There is no kind «dilatet». There are: cross-correlation"),
        (["--kinds", ","], "No kind is named."),
        (["--languages", "en,tlh"], "There is no language «tlh». There are: en, zh."),
        (["--live", "dilatet=stride:1-2"], "This site has no kind «dilatet»."),
        (["--live", "dilated=stride:0-2"], "which the slider spans"),
        (["--live", "dilated"], ""),
        (["--figure", "dilated?dilation=99&input_size=3"], "dilation"),
        (["--figure", "dilated?stribe=2"], "stribe"),
        (["--base-url", "me.example"], "«me.example» is no address of a site."),
        (["--lively"], "Unrecognized arguments: --lively."),
    ],
)
def test_what_cannot_be_built_is_said_in_a_sentence(
    tmp_path: Path, options: list[str], said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    if not said:
        parser = ArgumentParser()
        _add_options(parser)
        plan, wishes = read_plan(parser.parse_args([str(tmp_path), *options]))
        assert (plan.languages[0], wishes["dilated"].ranges) == ("en", {})
        return
    assert cli.main(["build", str(tmp_path / "site"), *options]) == 2
    assert said in capsys.readouterr().err
    assert not list(tmp_path.iterdir())


def test_ranges_without_end_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(figures, "MOST", 200)
    kind = KINDS["transposed"]
    wishes = Wishes(ranges={"round_trip": ["true", "false"], "stride": ["1", "2"]})
    with pytest.raises(ConvError, match="without end"):
        list(figures_of(kind, wishes))


def test_help_says_what_it_takes(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        cli.main(["build", "--help"])
    assert ended.value.code == 0
    help_ = capsys.readouterr().out
    assert all(word in help_ for word in ("--live", "--figure", "--kinds", "--languages", "--base-url", "examples:"))


def test_pages_have_their_places() -> None:
    plan = Plan(("en", "zh"), ("pooling",))
    assert plan.place("en", "/") == "index.html"
    assert plan.place("zh", "/embed/pooling") == "zh/embed/pooling.html"
    assert plan.place("en", "/learn/dilated") is plan.place("en", "/compare") is plan.place("en", "/docs/embed") is None

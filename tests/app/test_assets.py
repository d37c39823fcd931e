"""Static files lie at addresses that name their content, and only those read at start can be reached."""

import gzip
import re
from pathlib import Path
from urllib.parse import urljoin

import brotli  # type: ignore[import-untyped]
import pytest
from starlette.testclient import TestClient

from app import paths
from app.assets import SHEETS, Assets, plotly
from app.main import Application, create_app
from app.settings import Settings


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    """A small tree of files beside a secret."""
    for name, text in {
        "js/main.js": 'import "./model/a.js";\n' * 100,
        "js/model/a.js": "export const a = 1;\n",
        "css/page.css": "body { margin: 0 }\n" * 100,
        "icon.svg": "<svg/>",
        "photo.bin": "x" * 5000,
        ".hidden/x.js": "hidden",
    }.items():
        path = tmp_path / "static" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    (tmp_path / "secret.txt").write_text("secret")
    return tmp_path / "static"


@pytest.fixture
def served(tree: Path, monkeypatch: pytest.MonkeyPatch) -> TestClient:
    monkeypatch.setattr(paths, "STATIC", tree)
    client = TestClient(create_app(Settings(reload=True)))
    client.headers["accept-encoding"] = "identity"
    return client


def test_in_development_every_file_of_the_project_is_served_as_what_it_is() -> None:
    client = TestClient(create_app(Settings(reload=True)), headers={"accept-encoding": "identity"})
    assets = Assets(paths.STATIC, pack=False)
    types = {".js": "text/javascript; charset=utf-8", ".css": "text/css; charset=utf-8", ".svg": "image/svg+xml"}
    names = [path.relative_to(paths.STATIC).as_posix() for path in paths.STATIC.rglob("*.*") if path.is_file()]
    assert "js/main.js" in names
    for name in names:
        answer = client.get(assets.url(name))
        assert answer.status_code == 200
        assert answer.content == (paths.STATIC / name).read_bytes()
        assert answer.headers["content-type"] == types[Path(name).suffix]
        assert answer.headers["cache-control"] == "public, max-age=31536000, immutable"


def test_pages_get_their_modules_in_few_files_that_import_each_other(client: TestClient) -> None:
    assets = Assets(paths.STATIC)
    for entry in ("js/main.js", "js/embed.js", "js/compare.js", "js/home.js"):
        addresses = assets.modules(entry)
        assert len(addresses) <= 4
        for address in addresses:
            answer = client.get(address)
            assert answer.headers["content-type"] == "text/javascript; charset=utf-8"
            imported = re.findall(r'^import .* from "([^"]+)";$', answer.text, re.MULTILINE)
            assert {urljoin(address, target) for target in imported} <= set(addresses)
    text = client.get(assets.url("js/model/trace.js")).text
    assert re.fullmatch(r'import \{ (\$\d+) \} from "\.\./part-2\.js";\nexport const \{ [^{}]* \} = \1;', text)


def test_plotly_has_an_address_of_its_own(client: TestClient) -> None:
    url = Assets(paths.STATIC).url("plotly.min.js")
    assert re.fullmatch(r"/static/[0-9a-f]{16}/plotly\.min\.js", url)
    answer = client.get(url)
    assert answer.headers["content-type"] == "text/javascript; charset=utf-8"
    assert "immutable" in answer.headers["cache-control"]
    assert len(answer.content) > 1_000_000


@pytest.mark.parametrize(("encoding", "unpack"), [("br", brotli.decompress), ("gzip", gzip.decompress)])
def test_files_are_compressed_once_and_sent_so(tree: Path, encoding: str, unpack: object) -> None:
    assets = Assets(tree, pack=False)
    assert assets._files["js/main.js"].best("br")[0] == "gzip"
    assets.compress_further(quality=5).join()
    asset = assets._files["js/main.js"]
    name, body = asset.best(encoding)
    assert name == encoding
    assert callable(unpack)
    assert unpack(body) == asset.body
    assert asset.best("identity") == ("identity", asset.body)


def test_what_does_not_shrink_is_sent_as_it_is(tree: Path) -> None:
    assets = Assets(tree, pack=False)
    assets.compress_further(quality=5).join()
    assert assets._files["photo.bin"].encoded == {}
    assert assets._files["icon.svg"].best("br")[0] in ("identity", "br")
    assert plotly().best("br")[0] == "br"


def test_scripts_are_listed_for_preloading(tree: Path) -> None:
    assets = Assets(tree, pack=False)
    assert assets.modules() == [f"/static/{assets.digest}/js/main.js", f"/static/{assets.digest}/js/model/a.js"]


def test_a_script_is_preloaded_with_what_it_imports_and_nothing_else(tmp_path: Path) -> None:
    for name, text in {
        "js/page.js": '/** @import {A} from "./types.js" */\nimport {\n  a,\n} from "./view/a.js";\n'
        'import("./later.js");\n',
        "js/view/a.js": 'export { a } from "../model/b.js";\n',
        "js/model/b.js": 'import "../page.js";\nexport const a = "./none.js";\n',
        **dict.fromkeys(("js/types.js", "js/later.js", "js/other.js"), "export {};\n"),
    }.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text)
    found = [address.split("/", 3)[3] for address in Assets(tmp_path, pack=False).modules("js/page.js")]
    assert found == ["js/model/b.js", "js/page.js", "js/view/a.js"]


def test_a_compressed_file_says_so_and_varies(client: TestClient) -> None:
    url = Assets(paths.STATIC).url("js/main.js")
    answer = client.get(url, headers={"accept-encoding": "gzip"})
    assert answer.headers["content-encoding"] == "gzip"
    assert answer.headers["vary"] == "Accept-Encoding"
    assert "content-encoding" not in client.get(url).headers
    assert client.get(url).headers["vary"] == "Accept-Encoding"


def test_an_unchanged_file_is_304(client: TestClient) -> None:
    url = Assets(paths.STATIC).url("css/tokens.css")
    etag = client.get(url).headers["etag"]
    answer = client.get(url, headers={"if-none-match": etag})
    assert (answer.status_code, answer.content) == (304, b"")
    assert "immutable" in answer.headers["cache-control"]


def test_any_change_gives_every_file_a_new_address(tree: Path) -> None:
    before = Assets(tree, pack=False)
    (tree / "css/page.css").write_text("body { margin: 1px }")
    after = before.refreshed()
    assert before.url("js/main.js") != after.url("js/main.js")
    assert before.url("plotly.min.js") == after.url("plotly.min.js")
    assert after.refreshed() is after


def test_moving_bytes_between_files_is_a_change(tmp_path: Path) -> None:
    digests = set()
    for number, files in enumerate([{"a.js": "xy", "b.js": "z"}, {"a.js": "x", "b.js": "yz"}, {"ab.js": "xyz"}]):
        folder = tmp_path / str(number)
        folder.mkdir()
        for name, text in files.items():
            (folder / name).write_text(text)
        digests.add(Assets(folder).digest)
    assert len(digests) == 3


def test_an_address_of_an_earlier_release_is_gone_and_not_kept(client: TestClient) -> None:
    for path in ("/static/0123456789abcdef/js/main.js", "/static/0123456789abcdef/plotly.min.js"):
        answer = client.get(path)
        assert answer.status_code == 404
        assert answer.headers["cache-control"] == "no-store"
        assert answer.json()["error"]["code"] == "not_found"


@pytest.mark.parametrize(
    "name",
    [
        "../secret.txt",
        "%2e%2e/secret.txt",
        "..%2fsecret.txt",
        "js/../../secret.txt",
        "js/..%2f..%2fsecret.txt",
        "//etc/passwd",
        "%2fetc%2fpasswd",
        "..\\secret.txt",
        "js",
        "js/",
        "",
        ".hidden/x.js",
        "js/main.js/",
        "js/main.js%00",
        "JS/MAIN.JS",
        "plotly.min.js",
    ],
)
def test_no_name_leads_outside_the_tree(served: TestClient, tree: Path, name: str) -> None:
    answer = served.get(f"/static/{Assets(tree, pack=False).digest}/{name}")
    assert answer.status_code == 404
    assert "secret" not in answer.text.replace("secret.txt", "")


def test_a_link_out_of_the_tree_is_only_what_was_read_at_start(tree: Path) -> None:
    assets = Assets(tree, pack=False)
    (tree / "later.js").write_text("later")
    assert assets.find(assets.digest, "later.js") is None


def test_in_development_a_change_shows_on_reload(served: TestClient, tree: Path) -> None:
    first = Assets(tree, pack=False)
    assert served.get(first.url("icon.svg")).text == "<svg/>"
    (tree / "icon.svg").write_text("<svg></svg>")
    assert served.get(first.url("icon.svg")).status_code == 404
    assert served.get(Assets(tree, pack=False).url("icon.svg")).text == "<svg></svg>"


def test_br_replaces_gzip_when_it_is_ready() -> None:
    with TestClient(Application(Settings(brotli_quality=1))) as client:
        url = Assets(paths.STATIC).url("js/main.js")
        for _ in range(1000):
            encoding = client.get(url, headers={"accept-encoding": "gzip, br"}).headers["content-encoding"]
            if encoding == "br":
                break
    assert encoding == "br"


def test_a_page_has_its_sheets_in_one_piece_and_every_sheet_a_page() -> None:
    assets = Assets(paths.STATIC)
    for page, sheets in SHEETS.items():
        joined = "".join((paths.STATIC / f"css/{sheet}.css").read_text("utf-8") for sheet in sheets)
        digest, name = assets.url(f"css/pages/{page}.css").removeprefix("/static/").split("/", 1)
        found = assets.find(digest, name)
        assert found is not None
        assert found.body.decode() == joined
    used = {sheet for sheets in SHEETS.values() for sheet in sheets}
    assert {sheet.stem for sheet in (paths.STATIC / "css").glob("*.css")} == used

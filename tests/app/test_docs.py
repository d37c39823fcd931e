"""The API reference: complete, offline, and true."""

import ast
import html
import re
import shlex
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from app.main import create_app
from app.reference import CODES
from app.settings import Settings
from compute.kinds import KINDS

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def page(client: TestClient) -> str:
    return client.get("/docs").text


def test_every_parameter_of_every_kind_has_a_row(page: str) -> None:
    for slug, kind in KINDS.items():
        section = page.split(f'id="{slug}"')[1].split("</section>")[0]
        rows = re.findall(r'<th scope="row"><code>(\w+)</code>', section)
        assert rows == list(kind.schema()["properties"])
        for schema in kind.schema()["properties"].values():
            assert str(html.escape(schema["description"], quote=False)) in section.replace("&#39;", "'")


def test_every_example_is_a_link_that_works(client: TestClient, page: str) -> None:
    links = [html.unescape(link) for link in re.findall(r'href="(/api/v1/[^"]*)"', page)]
    assert "/api/v1/openapi.json" in links
    assert len(links) > 2 * len(KINDS)
    for link in links:
        assert client.get(link).status_code == 200, link


def test_every_command_line_works_as_it_stands(client: TestClient, page: str) -> None:
    commands = [html.unescape(line) for line in re.findall(r"curl .*", page)]
    assert len(commands) == 2 * len(KINDS) + 1
    for command in commands:
        words = shlex.split(command.replace("</code></pre>", ""))
        path = words[-1].removeprefix("http://127.0.0.1:8000")
        if "--json" in words:
            answer = client.post(path, content=words[words.index("--json") + 1].encode())
        else:
            answer = client.get(path)
        assert answer.status_code == 200, command


def test_every_code_that_an_error_can_have_is_listed(page: str) -> None:
    raised = {
        code for folder in ("compute", "app") for path in (ROOT / folder).rglob("*.py") for code in codes_in(path)
    }
    assert raised == set(CODES)
    for code in CODES:
        assert f"<code>{code}</code>" in page


def codes_in(path: Path) -> set[str]:
    """First arguments of everything that is called like an error, both branches where it is a choice."""
    found: set[str] = set()
    for call in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(call, ast.Call) and isinstance(call.func, ast.Name) and call.func.id.endswith("Error"):
            for argument in call.args[:1]:
                either = [argument.body, argument.orelse] if isinstance(argument, ast.IfExp) else [argument]
                found |= {one.value for one in either if isinstance(one, ast.Constant) and isinstance(one.value, str)}
    return {code for code in found if re.fullmatch("[a-z_]+", code)}


def test_the_reference_needs_no_script(page: str) -> None:
    # But for the theme, which is remembered before anything is painted.
    assert re.findall(r'<script src="[^"]*/([\w.]+)"', page) == ["remembered.js"]
    assert page.count("<script") == 1


def test_examples_bear_the_address_that_is_set() -> None:
    client = TestClient(create_app(Settings(base_url="https://convoscope.example/lab")))
    assert "curl &#39;https://convoscope.example/lab/api/v1/" in client.get("/docs").text.replace("'", "&#39;")

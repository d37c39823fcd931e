"""Every request has an id that others can quote; routes have few names."""

import re

import pytest
from starlette.testclient import TestClient

from app import embed_pages, pages
from app.addresses import Addresses
from app.main import Application, create_app
from app.settings import Settings
from compute.kinds import KINDS
from compute.kinds.base import Kind

TRACE = "/api/v1/traces/single-channel"


@pytest.mark.parametrize("path", [TRACE, "/", "/nowhere", "/healthz", f"{TRACE}?stride=0", "/oembed"])
def test_every_answer_has_an_id_of_its_own_whether_kept_or_made(client: TestClient, path: str) -> None:
    ids = [client.get(path).headers["x-request-id"] for _ in range(3)]
    assert len(set(ids)) == 3
    assert all(re.fullmatch(r"[0-9a-f]{12}-[0-9a-f]+", name) for name in ids)


@pytest.mark.parametrize("given", ["a", "7f3e-2.b_C", "x" * 64])
def test_an_id_that_is_well_formed_is_taken_over(client: TestClient, given: str) -> None:
    assert client.get(TRACE, headers={"x-request-id": given}).headers["x-request-id"] == given


@pytest.mark.parametrize(
    "given", ["", "x" * 65, "two words", "-", '"><script>', "a\u00e9", "a=b", "%0d%0a", "a,b", ".hidden"]
)
def test_any_other_is_replaced(client: TestClient, given: str) -> None:
    name = client.get(TRACE, headers={b"x-request-id": given.encode()}).headers["x-request-id"]
    assert re.fullmatch(r"[0-9a-f]{12}-[0-9a-f]+", name)


@pytest.fixture
def faulty(monkeypatch: pytest.MonkeyPatch) -> TestClient:
    def fail(*_: object, **__: object) -> None:
        raise RuntimeError("the secret of the house")

    monkeypatch.setattr(Kind, "trace", fail)
    monkeypatch.setattr(Kind, "changing", fail)
    monkeypatch.setattr(pages.Pages, "home", fail)
    monkeypatch.setattr(embed_pages.EmbedPages, "page", fail)
    return TestClient(create_app(Settings(strict_strings=True, processes=0)), raise_server_exceptions=False)


def test_a_fault_can_be_quoted(faulty: TestClient) -> None:
    answer = faulty.get(TRACE)
    error = answer.json()["error"]
    assert answer.status_code == 500
    assert error["values"] == {"request": answer.headers["x-request-id"]}
    assert answer.headers["x-request-id"] in error["hint"]


@pytest.mark.parametrize("path", ["/", "/?lang=zh", "/embed/layer", "/embed/layer?lang=zh"])
def test_a_page_of_a_fault_shows_the_id(faulty: TestClient, path: str) -> None:
    answer = faulty.get(path, headers={"x-request-id": "quote-me-1"})
    assert (answer.status_code, answer.headers["x-request-id"]) == (500, "quote-me-1")
    assert "quote-me-1" in answer.text
    assert "secret" not in answer.text


@pytest.mark.parametrize(
    ("path", "route"),
    [
        ("/", "/"),
        ("/learn/dilated", "/learn/{slug}"),
        ("/learn/what-somebody-typed", "/learn/{slug}"),
        ("/api/v1/kinds", "/api/v1/kinds"),
        ("/api/v1/traces/dilated", "/api/v1/traces/{slug}"),
        ("/api/v1/traces/dilatd", "/api/v1/traces/{slug}"),
        ("/api/v1/steps/3d", "/api/v1/steps/{slug}"),
        ("/api/v1/exports/gif", "/api/v1/exports/{format}"),
        ("/embed/layer/picture.png", "/embed/{slug}/picture.png"),
        ("/static/0123456789/js/main.js", "/static/{digest}/{name}"),
        ("/wp-login.php", "other"),
        ("/api/v1/traces/dilated/", "other"),
        ("/" + "x" * 60_000, "other"),
    ],
)
def test_an_address_is_counted_under_its_route(application: Application, path: str, route: str) -> None:
    assert Addresses(application.routes.routes).route(path) == route


def test_there_are_few_routes_and_no_kind_in_their_names(application: Application) -> None:
    addresses = Addresses(application.routes.routes)
    names = {addresses.route(route.path) for route in application.routes.routes if hasattr(route, "path")}
    assert "other" not in names
    assert 15 < len(names) < 40
    assert not [name for name in names for slug in KINDS if slug in name.split("/")]

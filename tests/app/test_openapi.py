"""OpenAPI says exactly what the kinds say."""

from typing import Any

import pytest
from starlette.testclient import TestClient

from app import VERSION
from compute.kinds import KINDS
from compute.kinds.base import PAGING


@pytest.fixture(scope="module")
def document(client: TestClient) -> dict[str, Any]:
    found: dict[str, Any] = client.get("/api/v1/openapi.json").json()
    return found


def own(schema: dict[str, Any]) -> dict[str, Any]:
    """A parameter's schema without what is only for the page's controls, and without defaults that are none."""
    return {key: value for key, value in schema.items() if key != "x-control" and (key, value) != ("default", None)}


def test_it_names_every_route_and_no_other(document: dict[str, Any]) -> None:
    expected = {"/api/v1/kinds", "/api/v1/read", "/healthz", "/readyz", "/oembed"}
    expected |= {"/api/v1/exports", "/api/v1/exports/{format}"}
    expected |= {f"/embed/{{slug}}/picture.{form}" for form in ("png", "svg")}
    questions = ("traces", "facts", "limits", "curves", "code", "steps")
    expected |= {f"/api/v1/{what}/{slug}" for what in questions for slug in KINDS}
    assert set(document["paths"]) == expected
    assert document["info"]["version"] == VERSION


@pytest.mark.parametrize("slug", KINDS)
@pytest.mark.parametrize("what", ["traces", "facts", "limits", "curves", "code", "steps"])
def test_query_parameters_are_those_of_the_kind(document: dict[str, Any], what: str, slug: str) -> None:
    properties = KINDS[slug].schema()["properties"]
    expected = [name for name in properties if what in ("traces", "steps") or name not in PAGING]
    parameters = document["paths"][f"/api/v1/{what}/{slug}"]["get"]["parameters"]
    assert [one["name"] for one in parameters] == expected
    for one in parameters:
        schema = properties[one["name"]]
        assert (one["in"], one["required"], one["description"]) == ("query", False, schema["description"])
        forms = one["schema"].get("anyOf", [{key: one["schema"].get(key) for key in one["schema"]}])
        for form in schema.get("anyOf", []):
            assert (form in forms or form.items() <= one["schema"].items()) == (form["type"] not in ("array", "null"))


@pytest.mark.parametrize("slug", KINDS)
@pytest.mark.parametrize("what", ["traces", "facts", "code", "steps"])
def test_bodies_are_the_kinds_own_schema(document: dict[str, Any], what: str, slug: str) -> None:
    properties = KINDS[slug].schema()["properties"]
    body = document["paths"][f"/api/v1/{what}/{slug}"]["post"]["requestBody"]
    assert body["required"] is True
    assert body["content"]["application/json"]["schema"] == {
        "type": "object",
        "additionalProperties": False,
        "properties": {
            name: own(schema)
            for name, schema in properties.items()
            if what in ("traces", "steps") or name not in PAGING
        },
    }


@pytest.mark.parametrize("slug", KINDS)
def test_every_answer_is_documented(document: dict[str, Any], slug: str) -> None:
    for what in ("traces", "facts", "limits", "curves", "code"):
        for verb, operation in document["paths"][f"/api/v1/{what}/{slug}"].items():
            statuses = {"200", "404", "405", "413", "422", "503"} | ({"304"} if verb == "get" else set())
            assert set(operation["responses"]) == statuses
            assert operation["operationId"] == f"{verb}_{what}_{slug.replace('-', '_')}"
            for status in statuses - {"304"}:
                schema = operation["responses"][status]["content"]["application/json"]["schema"]
                name = schema["$ref"].rsplit("/", 1)[1]
                assert (name == "ErrorDocument") == (status != "200")


@pytest.mark.parametrize("form", ["png", "svg"])
def test_a_picture_says_which_kinds_there_are_and_what_it_takes(document: dict[str, Any], form: str) -> None:
    operation = document["paths"][f"/embed/{{slug}}/picture.{form}"]["get"]
    parameters = {one["name"]: one for one in operation["parameters"]}
    assert parameters["slug"]["schema"]["enum"] == list(KINDS)
    assert set(parameters) == {"slug", "step", "theme", "stage", "lang", "width"}
    assert list(operation["responses"]["200"]["content"]) == [{"png": "image/png", "svg": "image/svg+xml"}[form]]
    assert {"304", "404", "422", "501", "503"} <= set(operation["responses"])


def test_oembed_says_that_it_needs_an_address(document: dict[str, Any]) -> None:
    operation = document["paths"]["/oembed"]["get"]
    assert [one["name"] for one in operation["parameters"] if one["required"]] == ["url"]
    assert {"304", "404", "422", "501"} <= set(operation["responses"])


@pytest.mark.parametrize("slug", KINDS)
def test_steps_are_a_table_and_their_refusals_are_as_everywhere(document: dict[str, Any], slug: str) -> None:
    for verb, operation in document["paths"][f"/api/v1/steps/{slug}"].items():
        assert operation["operationId"] == f"{verb}_steps_{slug.replace('-', '_')}"
        assert set(operation["responses"]) == {"200", "404", "405", "413", "422", "503"}
        assert set(operation["responses"]["200"]["content"]) == {"text/csv"}
        for status in ("404", "405", "413", "422"):
            schema = operation["responses"][status]["content"]["application/json"]["schema"]
            assert schema["$ref"].endswith("/ErrorDocument")


def test_the_version_is_that_of_the_package() -> None:
    import tomllib
    from pathlib import Path

    project = tomllib.loads((Path(__file__).parents[2] / "pyproject.toml").read_text(encoding="utf-8"))
    assert project["project"]["version"] == VERSION

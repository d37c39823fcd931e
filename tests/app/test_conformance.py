"""The API under schemathesis: no answer is a fault, or undocumented, or lenient with what the schema forbids.

Kinds answer a question with the same code, so each kind is asked one question, and each question of some kind. All
questions of all kinds are asked by `python3 dev.py soak fuzz`.
"""

from itertools import cycle
from typing import Any

import schemathesis
from hypothesis import settings
from schemathesis.checks import not_a_server_error
from schemathesis.core.result import Ok
from schemathesis.filters import HasAPIOperation
from schemathesis.specs.openapi.checks import positive_data_acceptance

from app.main import create_app
from app.settings import Settings
from compute.kinds import KINDS

document = schemathesis.openapi.from_asgi("/api/v1/openapi.json", create_app(Settings(strict_strings=True)))


def question(operation: Any) -> tuple[str, str, str]:
    """What an operation asks, by which method, and of which kind: ("/api/v1/traces", "get", "dilated")."""
    path, _, slug = operation.path.rpartition("/")
    return (path, operation.method, slug) if slug in KINDS else (operation.path, operation.method, "")


ASKED = {question(found.ok()) for found in document.get_all_operations() if isinstance(found, Ok)}
OF_KINDS = sorted({(path, method) for path, method, slug in ASKED if slug})
CHOSEN = {(*asked, slug) for asked, slug in zip(cycle(OF_KINDS), KINDS, strict=False)}


def is_chosen(context: HasAPIOperation) -> bool:
    asked = question(context.operation)
    return asked in CHOSEN or not asked[2]


def test_every_question_and_every_kind_is_asked() -> None:
    assert len(OF_KINDS) >= 10
    assert {(path, method) for path, method, _ in CHOSEN} == set(OF_KINDS)
    assert {slug for _, _, slug in CHOSEN} == set(KINDS)


@document.include(is_chosen).parametrize()
@settings(max_examples=10, deadline=None, derandomize=True, database=None)
def test_the_api_does_what_it_says(case: schemathesis.Case[Any]) -> None:
    # A schema cannot say which parameters contradict each other (a kernel larger than its input): what it allows may
    # still be refused, in the documented way.
    excluded: list[schemathesis.CheckFunction] = [positive_data_acceptance]
    response = case.call()
    # 501 is what oEmbed answers to another format, and no fault; that it is documented is still held.
    if response.status_code == 501:
        excluded.append(not_a_server_error)
    case.validate_response(response, excluded_checks=excluded)

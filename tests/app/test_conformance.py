"""The whole API under schemathesis: no answer is a fault, or undocumented, or lenient with what the schema forbids."""

from typing import Any

import schemathesis
from hypothesis import settings
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import positive_data_acceptance

from app.main import create_app
from app.settings import Settings

schema = schemathesis.openapi.from_asgi("/api/v1/openapi.json", create_app(Settings(strict_strings=True)))


@schema.parametrize()
@settings(max_examples=20, deadline=None, derandomize=True, database=None)
def test_the_api_does_what_it_says(case: schemathesis.Case[Any]) -> None:
    # A schema cannot say which parameters contradict each other (a kernel larger than its input): what it allows may
    # still be refused, in the documented way.
    excluded: list[schemathesis.CheckFunction] = [positive_data_acceptance]
    response = case.call()
    # 501 is what oEmbed answers to another format, and no fault; that it is documented is still held.
    if response.status_code == 501:
        excluded.append(not_a_server_error)
    case.validate_response(response, excluded_checks=excluded)

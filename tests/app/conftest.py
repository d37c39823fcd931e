"""What tests of the application share: a client of it that speaks ASGI, without a server between."""

from collections.abc import Iterator

import pytest
from starlette.testclient import TestClient

from app.main import Application, create_app
from app.settings import Settings


@pytest.fixture(scope="session")
def application() -> Application:
    """The application with strict strings; it lives as long as the tests, its cache too."""
    return create_app(Settings(strict_strings=True, brotli_quality=1, processes=0))


@pytest.fixture(scope="session")
def client(application: Application) -> Iterator[TestClient]:
    """Asks the application; an exception inside it is an exception of the test."""
    with TestClient(application) as client:
        # Plain answers, unless a test asks otherwise.
        client.headers["accept-encoding"] = "identity"
        yield client


@pytest.fixture
def fresh() -> TestClient:
    """A client of an application of its own, with an empty cache."""
    client = TestClient(create_app(Settings(strict_strings=True)))
    client.headers["accept-encoding"] = "identity"
    return client

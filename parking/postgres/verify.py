"""Whether a schema is what this program made: checksums, partitions, and the input log against its readings."""

from datetime import UTC, datetime, timedelta
from typing import Final

import asyncpg

from parking.postgres.migrate import plan, quoted
from parking.postgres.queries import queries

SQL: Final = queries("verify")
PARTITIONS: Final = queries("partitions")


async def find_faults(conn: asyncpg.Connection, schema: str) -> tuple[str, ...]:
    """Every fault in a sentence; none when all is well. Raises BadSchema for an edited or newer migration."""
    if missing := await plan(conn, schema):
        return tuple(f"migration {migration.name} is missing: run `parking db migrate`" for migration in missing)
    await conn.execute(f"SET search_path TO {quoted(schema)}")
    return (*await _partition_faults(conn), *await _log_faults(conn))


async def _partition_faults(conn: asyncpg.Connection) -> list[str]:
    faults = []
    for row in await conn.fetch(PARTITIONS["all"]):
        begins = datetime.combine(row["day"], datetime.min.time(), UTC)
        ends = begins + timedelta(days=1)
        if row["bounds"] != f"FOR VALUES FROM ('{begins:%Y-%m-%d %H:%M:%S}+00') TO ('{ends:%Y-%m-%d %H:%M:%S}+00')":
            faults.append(f"partition {row['partition']} holds {row['bounds']}, not its day: detach it and mend it")
    faults += [
        f"index {row['index']} is invalid: run REINDEX INDEX {row['index']}"
        for row in await conn.fetch(SQL["invalid_indexes"])
    ]
    return faults


async def _log_faults(conn: asyncpg.Connection) -> list[str]:
    """Only where all days of an entry are kept: retention drops readings before it drops the log."""
    faults = []
    if gap := await conn.fetchval(SQL["gap"]):
        faults.append(f"the input log has a gap before position {gap}: restore a backup")
    faults += [
        f"entry {row['position']} of the input log should have {row['readings']} readings, {row['found']} are there: "
        "restore a backup"
        for row in await conn.fetch(SQL["incomplete"])
    ]
    return faults

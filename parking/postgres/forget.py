"""An end to a whole run on a server that somebody else runs."""

from parking.postgres.migrate import quoted
from parking.postgres.pool import connect
from parking.postgres.trouble import told


async def forget_run(url: str, schema: str) -> None:
    """Drop the schema and everything in it; nothing happens when there is none.

    Raises:
        StoreDown: the server does not answer; the schema stays.
        BadSchema: that is no schema's name.
    """
    name = quoted(schema)
    conn = await connect(url)
    try:
        with told(f"dropping schema {schema}"):
            await conn.execute(f"DROP SCHEMA IF EXISTS {name} CASCADE")
    finally:
        await conn.close()

"""Which runs a database keeps."""

from typing import Final

from parking.postgres.pool import connect
from parking.postgres.queries import queries
from parking.postgres.trouble import told

SQL: Final = queries("runs")


async def list_runs(url: str) -> list[str]:
    """Ids of the runs of that database, which are its schemas' names, in their order. Raises StoreDown."""
    conn = await connect(url)
    try:
        with told("looking for runs"):
            return [row["schemaname"] for row in await conn.fetch(SQL["list_runs"])]
    finally:
        await conn.close()

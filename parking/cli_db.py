"""`parking db`: the database's schema planned, brought up to this program, and verified."""

import asyncio
import json
import sys
from collections.abc import Awaitable, Callable
from typing import Annotated, TypeVar

import asyncpg
import typer

from parking.domain.errors import ParkingError
from parking.postgres.migrate import migrate as run_migrations
from parking.postgres.migrate import plan as plan_migrations
from parking.postgres.pool import connect
from parking.postgres.trouble import told
from parking.postgres.verify import find_faults
from parking.settings import ServiceSettings

T = TypeVar("T")

app = typer.Typer(help="数据库 · The database's schema.", no_args_is_help=True)

Url = Annotated[
    str,
    typer.Option(envvar="PARKING_DATABASE_URL", help="PostgreSQL ≥ 15 的地址 · URL of a PostgreSQL from version 15"),
]
Schema = Annotated[str, typer.Option(help="运行编号即模式名 · The run's id, which names its schema")]
Json = Annotated[bool, typer.Option("--json", help="只输出一个 JSON 文档 · One JSON document and nothing else")]

LIVE: str = ServiceSettings.model_fields["run"].default


@app.command("plan")
def plan(database_url: Url, schema: Schema = LIVE, as_json: Json = False) -> None:
    """列出将要执行的迁移，不作改动 · List what `migrate` would run; changes nothing."""
    missing = [migration.name for migration in _on(database_url, lambda conn: plan_migrations(conn, schema))]
    _tell({"schema": schema, "missing": missing}, missing, as_json=as_json)


@app.command("migrate")
def migrate(database_url: Url, schema: Schema = LIVE, as_json: Json = False) -> None:
    """把数据库升级到本程序的版本 · Bring the schema up to this program."""
    done = [migration.name for migration in _on(database_url, lambda conn: run_migrations(conn, schema))]
    _tell({"schema": schema, "done": done}, done, as_json=as_json)


@app.command("verify")
def verify(database_url: Url, schema: Schema = LIVE, as_json: Json = False) -> None:
    """检查校验和、分区与输入日志 · Check checksums, partitions and the input log; exit 1 with every fault."""
    faults = _on(database_url, lambda conn: find_faults(conn, schema))
    _tell({"schema": schema, "faults": faults}, faults, as_json=as_json)
    if faults:
        raise typer.Exit(1)


def _on(url: str, act: Callable[[asyncpg.Connection], Awaitable[T]]) -> T:
    """Do it on a connection of its own; what goes wrong on purpose is said on standard error, with exit code 1."""

    async def connected() -> T:
        conn = await connect(url)
        try:
            with told("working on the schema"):
                return await act(conn)
        finally:
            await conn.close()

    try:
        return asyncio.run(connected())
    except ParkingError as trouble:
        print(f"parking: {trouble}", file=sys.stderr)
        raise typer.Exit(1) from trouble


def _tell(document: dict[str, object], lines: list[str] | tuple[str, ...], *, as_json: bool) -> None:
    if as_json:
        print(json.dumps(document, ensure_ascii=False))
        return
    for line in lines:
        print(line)

"""`parking record`: a stretch of the live service as a recording, read from its store without disturbing it."""

import asyncio
import json
import sys
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Final
from urllib.parse import quote
from zoneinfo import ZoneInfo

import typer

from parking.domain.errors import BadRecording
from parking.postgres.embedded import DATABASE, SOCKET_NAME, USER, embedded
from parking.postgres.open import open_stores
from parking.postgres.runs import list_runs
from parking.recording.service import Recorded, record_service
from parking.settings import ServiceSettings, read_settings
from parking.towns.load import town_named

READ_ONLY: Final = "default_transaction_read_only=on"
"""The server itself refuses whatever would change the service's data."""


def record(
    file: Annotated[Path, typer.Argument(help="写到这个文件 · The recording to write")],
    begins: Annotated[
        str | None, typer.Option("--from", help="起，RFC 3339 或当地时刻 · From; else the oldest there is")
    ] = None,
    ends: Annotated[str | None, typer.Option("--to", help="止，不含 · To, exclusive; else the newest there is")] = None,
    database_url: Annotated[
        str | None, typer.Option(envvar="PARKING_DATABASE_URL", help="服务的数据库 · The service's PostgreSQL")
    ] = None,
    data: Annotated[Path | None, typer.Option(help="内置数据库的目录 · Folder of the embedded database")] = None,
    schema: Annotated[str | None, typer.Option(help="运行编号即模式名 · The run's id, which names its schema")] = None,
    town: Annotated[str | None, typer.Option(help="服务的城镇 · The service's town")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="只输出一个 JSON 文档 · One JSON document only")] = False,
) -> None:
    """把正式服务的一段时间录成文件，只读 · Record a stretch of the live service from its store; only reads."""
    settings = read_settings(data=data, run=schema, town=town)
    ground = town_named(settings.town)
    zone = ground.calendar.timezone

    async def work() -> Recorded:
        async with _url(settings, database_url) as url:
            await _find_run(url, settings.run)
            stores = await open_stores(url, settings.run, migrate=False)
            try:
                span = _instant(begins, zone), _instant(ends, zone)
                return await record_service(stores, ground, settings.run, *span, file, _progress(quiet=as_json))
            finally:
                await stores.close()

    found = asyncio.run(work())
    if not as_json and sys.stderr.isatty():
        print(file=sys.stderr)
    print(json.dumps(found.as_dict() | {"file": str(file)}, ensure_ascii=False) if as_json else _told(found, file))


@asynccontextmanager
async def _url(settings: ServiceSettings, given: str | None) -> AsyncIterator[str]:
    """The service's database: named, or embedded and running, or embedded and started for the moment."""
    if given is not None or settings.database_url is not None:
        secret = settings.database_url.get_secret_value() if settings.database_url else ""
        yield _read_only(given or secret)
        return
    folder = settings.data / "postgres"
    if not (folder / "data").is_dir():
        raise BadRecording(f"{folder}: no service has kept anything there; give --data or --database-url")
    if (socket := _socket(folder.absolute() / "data")) is not None:
        yield _read_only(f"postgresql://{USER}@/{DATABASE}?host={quote(str(socket), safe='')}")
        return
    async with embedded(folder, durable=True) as url:
        yield _read_only(url)


async def _find_run(url: str, run: str) -> None:
    if run not in (known := await list_runs(url)):
        there = f"give one of {', '.join(known)} as --schema" if known else "no service has kept anything there"
        raise BadRecording(f"the database has no run {run!r}: {there}")


def _socket(data: Path) -> Path | None:
    """Folder of the socket of the server that runs on this data folder; None when none does."""
    try:
        lines = (data / "postmaster.pid").read_text().splitlines()
    except OSError:
        return None
    # The fifth line, says PostgreSQL's manual.
    folder = (data / lines[4]) if len(lines) > 4 else data
    return folder if (folder / SOCKET_NAME).exists() else None


def _read_only(url: str) -> str:
    return f"{url}{'&' if '?' in url else '?'}{READ_ONLY}"


def _instant(given: str | None, zone: ZoneInfo) -> datetime | None:
    if given is None:
        return None
    try:
        at = datetime.fromisoformat(given)
    except ValueError as trouble:
        raise BadRecording(f"{given!r}: {trouble}; write 2026-05-04T08:00 or 2026-05-04T00:00Z") from None
    return (at if at.tzinfo else at.replace(tzinfo=zone)).astimezone(UTC)


def _progress(*, quiet: bool) -> Callable[[datetime], None]:
    def tell(at: datetime) -> None:
        print(f"\r{at:%Y-%m-%d %H:%M} UTC", end="", file=sys.stderr, flush=True)

    return (lambda _at: None) if quiet or not sys.stderr.isatty() else tell


def _told(found: Recorded, file: Path) -> str:
    size = file.stat().st_size / 1e6
    lines = [
        f"{file}  {size:.1f} MB",
        f"{found.begins:%Y-%m-%d %H:%M:%S} – {found.ends:%Y-%m-%d %H:%M:%S} UTC  {found.ticks} 次决策 ticks",
    ]
    if found.different:
        lines.append(
            f"注意：{found.different} 次决策与服务日志不同，首个 {found.first_different_at} · note: decided again, that"
            " many ticks differ from the service's journal: it ran another version, or began afresh in between"
        )
    else:
        lines.append("相同 · identical: 与服务日志逐次相同 every tick is the same as in the service's journal")
    return "\n".join(lines)

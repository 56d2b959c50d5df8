"""`parking serve`: the service on real parts."""

import sys
from pathlib import Path
from typing import Annotated

import typer

from parking.app import House, run
from parking.logs import configure_logs
from parking.settings import ServiceSettings, read_settings
from parking.signals import run_until_told
from parking.towns.load import town_named


def serve(
    host: Annotated[str | None, typer.Option(help="监听地址 · Address to listen on")] = None,
    port: Annotated[int | None, typer.Option(help="端口 · Port; 0 picks a free one")] = None,
    data: Annotated[Path | None, typer.Option(help="数据目录 · Folder of the embedded parts")] = None,
    roles: Annotated[str | None, typer.Option(help="collect,decide,web")] = None,
    neutral: Annotated[bool, typer.Option("--neutral", help="退出时诱导屏转中性 · Leave the signs neutral")] = False,
) -> None:
    """运行服务（设置来自 parking.toml 与环境变量） · Run the service (settings from parking.toml and environment)."""
    settings = read_settings(host=host, port=port, data=data, roles=roles)
    configure_logs(settings.log_format, settings.log_level)
    sys.exit(run_until_told(_serve(settings, neutral=neutral)))


async def _serve(settings: ServiceSettings, *, neutral: bool) -> None:
    house = House(town=town_named(settings.town), settings=settings, neutral_at_end=neutral)
    await run(house, on_ready=lambda url: print(f"ready {url}", flush=True))


__all__ = ["serve"]

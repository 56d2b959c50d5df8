"""EDGE. The MQTT broker: the one that is named, else an installed mosquitto of our own, else iotcore in memory."""

import asyncio
import logging
import os
import pwd
import shutil
import socket
import subprocess
import sys
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Final

import msgspec

from parking.broker import iot, keeper
from parking.broker.config import iotcore_toml, mosquitto_conf
from parking.domain.errors import BrokerDown

log = logging.getLogger(__name__)

STOP_WAIT_S: Final = 10.0
ATTEMPTS: Final = 3
"""Another program may take the free port between our looking and the broker's listening."""
SERVER_USERS: Final = ("mosquitto", "nobody")
"""When root starts us: the first of these that exists runs the broker."""
LOG_ROOM: Final = 1 << 20
SBIN: Final = "/usr/sbin:/usr/local/sbin:/opt/homebrew/sbin"


class BrokerKind(StrEnum):
    """Which broker it is."""

    NAMED = "named"
    MOSQUITTO = "mosquitto"
    IOTCORE = "iotcore"


@dataclass(frozen=True, slots=True)
class Broker:
    """Where the broker is and what may be expected of it."""

    url: str
    kind: BrokerKind
    durable: bool
    """Whether it keeps sessions, unread and retained messages over a restart of itself."""
    note: str = ""
    """What an operator should know; empty when there is nothing."""


VOLATILE: Final = "消息只在内存中，重启不保留 · iotcore keeps nothing over a restart: install mosquitto for that"


def find_mosquitto() -> str | None:
    """An installed mosquitto's path, or None."""
    return shutil.which("mosquitto") or shutil.which("mosquitto", path=SBIN)


@asynccontextmanager
async def open_broker(folder: Path, url: str | None = None, prefer: BrokerKind | None = None) -> AsyncIterator[Broker]:
    """A broker for as long as the context lasts; one of our own is started in `folder` and leaves no process.

    Args:
        folder: for the broker's files; made if need be. The same folder again means the same sessions and messages.
        url: a broker that somebody else runs; nothing is started.
        prefer: the kind of our own, instead of the best there is.

    Raises:
        BrokerDown: it cannot run; the text says why.
    """
    if url:
        yield Broker(url, BrokerKind.NAMED, durable=True)
        return
    kind = prefer or (BrokerKind.MOSQUITTO if find_mosquitto() else BrokerKind.IOTCORE)
    process, port = await asyncio.to_thread(_start, kind, folder)
    durable = kind is BrokerKind.MOSQUITTO
    if not durable:
        log.warning(VOLATILE)
    try:
        yield Broker(f"mqtt://127.0.0.1:{port}", kind, durable, "" if durable else VOLATILE)
    finally:
        await asyncio.shield(asyncio.to_thread(_stop, process))


def _start(kind: BrokerKind, folder: Path) -> tuple["subprocess.Popen[str]", int]:
    folder = folder.absolute()
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    trouble = ""
    for _ in range(ATTEMPTS):
        port = _free_port()
        process = _keep(_plan(kind, folder, port))
        trouble = process.stdout.readline().strip() if process.stdout else ""
        if trouble == "ready":
            return process, port
        _stop(process)
    raise BrokerDown(
        f"{kind.value} in {folder}: {trouble or 'its keeper ended'}; set PARKING_BROKER_URL to use another"
    )


def _stop(process: "subprocess.Popen[str]") -> None:
    for pipe in (process.stdin, process.stdout):
        if pipe is not None:
            pipe.close()
    try:
        process.wait(STOP_WAIT_S)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def _keep(plan: dict[str, object]) -> "subprocess.Popen[str]":
    """In a session of its own: Ctrl-C is for the service, which ends its broker last."""
    return subprocess.Popen(  # noqa: S603 -- our own script, no shell
        [sys.executable, "-I", "-S", keeper.__file__, msgspec.json.encode(plan).decode()],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )


def _plan(kind: BrokerKind, folder: Path, port: int) -> dict[str, object]:
    if kind is BrokerKind.MOSQUITTO:
        (folder / "mosquitto.conf").write_text(mosquitto_conf(port), encoding="utf-8")
        argv: Sequence[str] = (find_mosquitto() or "mosquitto", "-c", "mosquitto.conf")
        user, group = _give_away(folder)
    else:
        (folder / "iotcore.toml").write_text(iotcore_toml(port), encoding="utf-8")
        argv = (sys.executable, iot.__file__, "iotcore.toml")
        user, group = None, None
    log_file = folder / f"{kind.value}.log"
    if log_file.exists() and log_file.stat().st_size > LOG_ROOM:
        log_file.replace(log_file.with_suffix(".log.1"))
    return {"argv": argv, "folder": str(folder), "log": str(log_file), "port": port, "user": user, "group": group}


def _give_away(folder: Path) -> tuple[int | None, int | None]:
    """The unprivileged user that may write the folder when root starts us; None when we are nobody special."""
    if os.geteuid() != 0:
        return None, None
    for name in SERVER_USERS:
        try:
            entry = pwd.getpwnam(name)
        except KeyError:
            continue
        for path in (folder, *folder.iterdir()):
            os.chown(path, entry.pw_uid, entry.pw_gid)
        return entry.pw_uid, entry.pw_gid
    raise BrokerDown(f"mosquitto will not run as root: add one of the users {', '.join(SERVER_USERS)}")


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        return int(taken.getsockname()[1])

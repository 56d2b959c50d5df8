"""Brokers of our own start, keep what they promise, and leave nothing running."""

import asyncio
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import psutil
import pytest

from parking.broker import BrokerKind, open_broker
from parking.broker.config import LIMITS
from parking.broker.keeper import answers
from parking.domain.errors import BrokerDown
from tests.conftest import ROOT
from tests.edge.wires import Speaker, needs, processes_in

KINDS = (BrokerKind.MOSQUITTO, BrokerKind.IOTCORE)

OWNER = """
import asyncio, sys
from pathlib import Path
from parking.broker import BrokerKind, open_broker
async def main():
    async with open_broker(Path(sys.argv[1]), prefer=BrokerKind(sys.argv[2])) as broker:
        print(broker.url, flush=True)
        await asyncio.sleep(60)
asyncio.run(main())
"""


async def until_none_in(folder: Path) -> None:
    async with asyncio.timeout(10):
        while await asyncio.to_thread(processes_in, folder):
            await asyncio.sleep(0.05)


@pytest.mark.parametrize("kind", KINDS)
async def test_our_broker_answers_and_leaves_no_process(kind: BrokerKind, tmp_path: Path) -> None:
    needs(kind)
    async with open_broker(tmp_path / "broker", prefer=kind) as broker:
        assert broker.durable is (kind is BrokerKind.MOSQUITTO)
        assert bool(broker.note) is not broker.durable
        port = int(broker.url.rpartition(":")[2])
        assert answers(port)
        listening = [c.laddr for p in processes_in(tmp_path / "broker") for c in p.net_connections() if not c.raddr]
        assert {address.ip for address in listening if address} == {"127.0.0.1"}
    await until_none_in(tmp_path / "broker")
    assert not answers(port)


async def test_a_named_broker_is_used_as_it_is(tmp_path: Path) -> None:
    async with open_broker(tmp_path / "broker", url="mqtt://broker.example:1883") as broker:
        assert (broker.url, broker.kind) == ("mqtt://broker.example:1883", BrokerKind.NAMED)
    assert not (tmp_path / "broker").exists()


@pytest.mark.parametrize("kind", KINDS)
async def test_a_killed_owner_leaves_no_broker(kind: BrokerKind, tmp_path: Path) -> None:
    needs(kind)
    owner = subprocess.Popen(  # noqa: ASYNC220 -- a moment; nothing else runs
        [sys.executable, "-c", OWNER, str(tmp_path / "broker"), kind.value], stdout=subprocess.PIPE, cwd=ROOT
    )
    assert owner.stdout is not None
    url = await asyncio.to_thread(owner.stdout.readline)
    assert answers(int(url.rpartition(b":")[2]))
    owner.kill()
    owner.wait()
    owner.stdout.close()
    await until_none_in(tmp_path / "broker")


@pytest.mark.parametrize("kind", KINDS)
async def test_a_killed_keeper_leaves_no_broker(kind: BrokerKind, tmp_path: Path) -> None:
    needs(kind)
    folder = tmp_path / "broker"
    async with open_broker(folder, prefer=kind):
        (keeper,) = [process for process in processes_in(folder) if process.cwd() != str(folder)]
        keeper.kill()
        await until_none_in(folder)


async def test_a_broker_that_dies_is_back_with_what_it_kept(tmp_path: Path) -> None:
    needs(BrokerKind.MOSQUITTO)
    folder = tmp_path / "broker"
    async with open_broker(folder, prefer=BrokerKind.MOSQUITTO) as broker:
        speaker = Speaker(broker.url)
        speaker.say([b"51"], "parking/v1/lots/P01/state", retain=True)
        speaker.close()
        (mosquitto,) = [process for process in processes_in(folder) if process.cwd() == str(folder)]
        os.kill(mosquitto.pid, signal.SIGTERM)
        await asyncio.to_thread(mosquitto.wait, 10)
        assert heard_retained(broker.url) == [b"51"]


def heard_retained(url: str) -> list[bytes]:
    ends = time.monotonic() + 10
    while time.monotonic() < ends:
        try:
            listener = Speaker(url, "listener")
        except OSError:
            time.sleep(0.05)
            continue
        listener.listen("parking/v1/#")
        while not listener.heard and time.monotonic() < ends:
            time.sleep(0.01)
        listener.close()
        return [message.payload for message in listener.heard]
    return []


async def test_the_same_folder_again_means_the_same_messages(tmp_path: Path) -> None:
    needs(BrokerKind.MOSQUITTO)
    async with open_broker(tmp_path / "broker", prefer=BrokerKind.MOSQUITTO) as broker:
        speaker = Speaker(broker.url)
        speaker.say([b"51"], "parking/v1/lots/P01/state", retain=True)
        speaker.close()
    async with open_broker(tmp_path / "broker", prefer=BrokerKind.MOSQUITTO) as broker:
        assert await asyncio.to_thread(heard_retained, broker.url) == [b"51"]


async def test_mosquitto_is_never_run_as_root(tmp_path: Path) -> None:
    needs(BrokerKind.MOSQUITTO)
    async with open_broker(tmp_path / "broker", prefer=BrokerKind.MOSQUITTO):
        owners = {p.uids().real for p in processes_in(tmp_path / "broker") if "mosquitto.conf" in p.cmdline()}
        assert owners
        assert 0 not in owners


async def test_a_broker_that_cannot_run_says_why(tmp_path: Path) -> None:
    needs(BrokerKind.MOSQUITTO)
    folder = tmp_path / "broker"
    folder.mkdir()
    (folder / "mosquitto.db").write_bytes(b"no database at all, but long enough to be looked at")
    with pytest.raises(BrokerDown, match=r"mosquitto\.log"):
        async with open_broker(folder, prefer=BrokerKind.MOSQUITTO):
            pytest.fail("that was no database")
    assert [p for p in processes_in(folder) if p.status() != psutil.STATUS_ZOMBIE] == []


def test_production_has_the_limits_of_our_own_broker() -> None:
    text = (ROOT / "deploy" / "mosquitto" / "mosquitto.conf").read_text(encoding="utf-8")
    told = dict(line.split(maxsplit=1) for line in text.splitlines() if line and not line.startswith("#"))
    assert LIMITS.items() <= told.items()

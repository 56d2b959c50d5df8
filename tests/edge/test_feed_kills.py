"""A collector that is killed, or has a bug, loses nothing and hides nothing."""

import asyncio
import signal
import subprocess
import sys
from datetime import datetime
from pathlib import Path

import pytest

from parking.broker import Broker
from sensors.feed import MqttFeed
from tests.conftest import ROOT
from tests.edge.test_feed import House, Notebook, broker, mosquitto, say
from tests.edge.wires import WallClock, a_gate, a_native

__all__ = ["broker", "mosquitto"]


CONSUMER = """
import asyncio, os, sys
from sensors.feed import MqttFeed
from tests.edge.wires import WallClock, a_native
async def main():
    feed = MqttFeed(sys.argv[1], a_native(), WallClock())
    async with feed:
        async for arrivals in feed.batches():
            with open(sys.argv[2], "a") as book:
                book.writelines(f"{reading.seq}\\n" for reading in arrivals.readings)
            if sys.argv[3] == "die" and arrivals.readings:
                os.kill(os.getpid(), 9)
            await feed.acknowledge(arrivals)
            if arrivals.readings and arrivals.readings[-1].seq == 299:
                return
asyncio.run(main())
"""


async def test_killed_between_keeping_and_acknowledging_a_collector_loses_nothing(
    broker: Broker, tmp_path: Path
) -> None:
    book = tmp_path / "book"

    def collect(how: str) -> int:
        args = [sys.executable, "-c", CONSUMER, broker.url, str(book), how]
        return subprocess.run(args, check=False, timeout=30, cwd=ROOT).returncode

    async with House(broker.url, Notebook()):
        pass
    await say(broker.url, [a_gate(seq) for seq in range(300)])
    assert await asyncio.to_thread(collect, "die") == -signal.SIGKILL
    assert await asyncio.to_thread(collect, "live") == 0
    told = [int(line) for line in book.read_text().split()]
    assert len(told) > 300
    assert sorted(set(told)) == list(range(300))


class BrokenClock(WallClock):
    def now(self) -> datetime:
        raise ZeroDivisionError("a bug")


@pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning")
@pytest.mark.parametrize("swift", [True, False])
async def test_a_bug_in_the_feed_ends_the_loop_and_never_hides(mosquitto: Broker, swift: bool) -> None:
    async with House(mosquitto.url, Notebook(), swift=swift):
        pass
    await say(mosquitto.url, [a_gate(0)])
    async with MqttFeed(mosquitto.url, a_native(), BrokenClock(), swift=swift) as feed:
        with pytest.raises(RuntimeError, match="bug"):
            await asyncio.wait_for(anext(feed.batches()), 10)

"""A restart of the service flips no sign: what was told stands until its `until`, and what follows is the same."""

import asyncio
import json
import threading
import time
import urllib.request
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest

from parking.broker import open_broker
from parking.domain.device import DeviceKind
from parking.towns.load import load_town
from tests.edge.wires import Speaker
from tests.street.house import get_json, service
from tests.street.stream import ROOT

SETTLE_S = 30.0


class Counting(threading.Thread):
    """Every lot's counters say the same number again and again: a quiet town in good order."""

    def __init__(self, url: str) -> None:
        super().__init__(name="counting")
        self._url = url
        self.ends = threading.Event()

    def run(self) -> None:
        town = load_town()
        kinds = {
            DeviceKind.BARRIER_SYSTEM: "barrier_system",
            DeviceKind.CAMERA: "camera",
            DeviceKind.BAY_GATEWAY: "camera",
        }
        sources = [(d.id, next(iter(d.lots)), kinds[d.kind]) for d in town.devices if d.kind in kinds]
        boot, seq = int(time.time()), 0
        with closing(Speaker(self._url, "counting")) as device:
            while not self.ends.wait(0.5):
                seq += 1
                for name, lot, source in sources:
                    taken = town.get_lot(lot).capacity // 2
                    body = {"kind": "count", "device": name, "boot": boot, "seq": seq, "lot": lot, "taken": taken}
                    body |= {"at": datetime.now(UTC).isoformat(), "source": source}
                    device.say([json.dumps(body).encode()], f"{ROOT}/devices/{name}/reading")


@pytest.fixture
def broker_url(tmp_path: Path) -> Iterator[str]:
    """A broker that outlives the restart."""
    with asyncio.Runner() as runner:
        context = open_broker(tmp_path / "broker")
        yield runner.run(context.__aenter__()).url
        runner.run(context.__aexit__(None, None, None))


def test_a_restart_flips_no_sign(tmp_path: Path, broker_url: str) -> None:
    counting = Counting(broker_url)
    counting.start()
    try:
        with service(tmp_path / "house", broker_url=broker_url) as house, closing(Speaker(broker_url, "ear")) as ear:
            house.start()
            _wait_until_numbers(house.url)
            ear.listen(f"{ROOT}/signs/+/show")
            before = _rows(house.url)
            assert house.stop() < 10
            house.start()
            _wait_until_ticks(house.url, 3)
            assert _rows(house.url) == before
            shows = [json.loads(message.payload) for message in ear.heard if message.payload]
    finally:
        counting.ends.set()
        counting.join()
    assert {show["sign"] for show in shows} == set(before)
    for show in shows:
        assert [row["text"] for row in show["rows"]] == before[show["sign"]]
        assert show["until"] > show["at"]


def test_a_restart_keeps_the_retained_topics_of_alerts_that_stand(tmp_path: Path, broker_url: str) -> None:
    quickly = {"thresholds__alerts__sign_confirm_s": 3}
    with service(tmp_path / "house", broker_url=broker_url, **quickly) as house:
        house.start()
        with closing(Speaker(broker_url, "ear")) as ear:
            ear.listen(f"{ROOT}/alerts/+")
            ends = time.monotonic() + SETTLE_S
            while len({message.topic for message in ear.heard}) < 12:  # no sign is there to confirm anything
                assert time.monotonic() < ends, house.log()[-2000:]
                time.sleep(0.2)
        house.stop()
        house.start()
        _wait_until_ticks(house.url, 1)
        time.sleep(1.0)  # what has no owner is cleared within the quiet moment after connecting
        with closing(Speaker(broker_url, "ear again")) as ear:
            ear.listen(f"{ROOT}/alerts/+")
            time.sleep(1.0)
            kept = {message.topic for message in ear.heard if message.retain and message.payload}
    assert len(kept) == 12


def _rows(url: str) -> dict[str, list[str]]:
    """What each sign is told, line by line."""
    signs = get_json(f"{url}/api/v1/signs")["items"]
    return {sign["id"]: [row["text"] for row in sign["wanted"]["rows"]] for sign in signs if sign["wanted"]}


def _wait_until_numbers(url: str) -> None:
    """Until no panel is neutral: every lot has been counted twice."""
    ends = time.monotonic() + SETTLE_S
    while time.monotonic() < ends:
        rows = _rows(url)
        if len(rows) == 12 and not any("--" in texts for texts in rows.values()):
            return
        time.sleep(0.3)
    pytest.fail(f"still neutral: {_rows(url)}")


def _wait_until_ticks(url: str, least: int) -> None:
    ends = time.monotonic() + SETTLE_S
    while time.monotonic() < ends:
        if _ticks(url) >= least:
            return
        time.sleep(0.3)
    pytest.fail("the engine does not tick")


def _ticks(url: str) -> float:
    with urllib.request.urlopen(f"{url}/metrics", timeout=10) as answer:  # noqa: S310 -- our own address
        lines = answer.read().decode().splitlines()
    name = 'parking_loop_total{event="ticks",loop="decide"}'
    return next((float(line.split()[-1]) for line in lines if line.startswith(name)), 0.0)

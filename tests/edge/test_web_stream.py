"""The live stream: snapshot, changes, resume, gap, and a client that does not keep up."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

import aiohttp
import pytest

from parking.domain.decisions import Decisions
from parking.domain.guidance import State
from parking.domain.ids import LotId
from parking.flow.present import Change, Part, PartState, Present, What
from parking.towns.load import load_town
from parking.web.app import WebLimits, make_app, serve_app
from parking.web.stream import Client, Event, Stream
from tests.web_shelf import MORNING, StillClock, info, registry, stores
from tests.web_street import busy, lot_state

TOWN = load_town()
QUICK = WebLimits(stream_gap_s=0.02, stream_beat_s=0.2, stream_ring=50, stream_room=20)


@dataclass(frozen=True)
class Told:
    """One event as a page hears it."""

    id: str
    name: str
    value: Any


@asynccontextmanager
async def served(present: Present, limits: WebLimits = QUICK) -> AsyncIterator[aiohttp.ClientSession]:
    app = make_app(present, stores=stores(), clock=StillClock(), info=info(), registry=registry(), limits=limits)
    timeout = aiohttp.ClientTimeout(total=20)
    async with (
        serve_app(app) as port,
        aiohttp.ClientSession(f"http://127.0.0.1:{port}", timeout=timeout, read_bufsize=2**20) as session,
    ):
        yield session


async def events(answer: aiohttp.ClientResponse) -> AsyncIterator[Told]:
    fields: dict[str, str] = {}
    async for raw in answer.content:
        line = raw.decode().rstrip("\n")
        if line:
            name, _, value = line.partition(": ")
            fields[name] = value
        elif "data" in fields:
            yield Told(fields["id"], fields["event"], json.loads(fields["data"]))
            fields = {}


async def until(stream: AsyncIterator[Told], name: str) -> Told:
    async for told in stream:
        if told.name == name:
            return told
    raise AssertionError(f"the stream ended without {name}")


def fills(present: Present, taken: float) -> None:
    """P03 now holds so many."""
    state = lot_state(TOWN, "P03", taken, State.FREE)
    present.apply(Decisions(at=MORNING, lots=(state,)))


async def test_a_page_hears_the_whole_present_first_and_then_each_change() -> None:
    present = busy(TOWN)
    async with served(present) as client, client.get("/api/v1/stream") as answer:
        assert answer.content_type == "text/event-stream"
        stream = events(answer)
        first = await anext(stream)
        assert (first.name, len(first.value["lots"]), len(first.value["signs"])) == ("snapshot", 16, 12)
        fills(present, 200)
        told = await until(stream, "lot")
        assert (told.value["id"], told.value["free"]) == ("P03", 110)


async def test_every_kind_of_change_is_told_by_its_name() -> None:
    present = busy(TOWN)
    async with served(present) as client, client.get("/api/v1/stream") as answer:
        stream = events(answer)
        await until(stream, "snapshot")
        present.apply(Decisions(at=MORNING, roads=tuple(present.roads.values())[:1]), tuple(present.cases.values())[:1])
        present.apply(Decisions(at=MORNING, alerts=tuple(present.alerts.values())[:1]))
        present.confirm(next(iter(present.shown.values())))
        present.put_part(Part("broker", PartState.DOWN, MORNING))
        heard = {(await anext(stream)).name for _ in range(6)}
    assert heard == {"road", "case", "alert", "sign", "health", "clock"}


async def test_ids_grow_and_a_lost_page_hears_exactly_what_it_missed() -> None:
    present = busy(TOWN)
    async with served(present) as client:
        async with client.get("/api/v1/stream") as answer:
            last = (await until(events(answer), "snapshot")).id
        for taken in (210, 220):
            fills(present, taken)
            await asyncio.sleep(0.1)
        async with client.get("/api/v1/stream", headers={"Last-Event-ID": last}) as answer:
            stream = events(answer)
            heard = [await anext(stream) for _ in range(4)]
    assert [told.value["free"] for told in heard if told.name == "lot"] == [100, 90]
    numbers = [int(told.id.partition(".")[2]) for told in heard]
    assert numbers == list(range(numbers[0], numbers[0] + 4))


@pytest.mark.parametrize("forged", ["", "0", "nonsense", "deadbeef.1", "{boot}.99999999", "{boot}.-1", "{boot}.1e3"])
async def test_a_gap_another_start_or_a_forged_id_is_answered_by_a_snapshot(forged: str) -> None:
    present = busy(TOWN)
    async with served(present) as client:
        async with client.get("/api/v1/stream") as answer:
            boot = (await until(events(answer), "snapshot")).id.partition(".")[0]
        async with client.get("/api/v1/stream", headers={"Last-Event-ID": forged.format(boot=boot)}) as answer:
            assert (await anext(events(answer))).name == "snapshot"


async def test_an_id_older_than_the_ring_is_answered_by_a_snapshot() -> None:
    present = busy(TOWN)
    async with served(present, replace(QUICK, stream_ring=3)) as client:
        async with client.get("/api/v1/stream") as answer:
            last = (await until(events(answer), "snapshot")).id
        for taken in range(210, 215):
            fills(present, taken)
            await asyncio.sleep(0.05)
        async with client.get("/api/v1/stream", headers={"Last-Event-ID": last}) as answer:
            first = await anext(events(answer))
    assert first.name == "snapshot"
    assert next(lot for lot in first.value["lots"] if lot["id"] == "P03")["free"] == 310 - 214


async def test_many_changes_of_one_lot_are_told_once_with_the_newest() -> None:
    present = busy(TOWN)
    async with served(present, replace(QUICK, stream_gap_s=0.3)) as client, client.get("/api/v1/stream") as answer:
        stream = events(answer)
        await until(stream, "snapshot")
        fills(present, 150)
        assert (await until(stream, "lot")).value["free"] == 160
        for taken in range(151, 251):
            fills(present, taken)
            await asyncio.sleep(0)
        assert (await until(stream, "lot")).value["free"] == 60


async def test_a_quiet_stream_beats_and_tells_the_clock() -> None:
    async with served(busy(TOWN)) as client, client.get("/api/v1/stream") as answer:
        lines = []
        async for raw in answer.content:
            lines.append(raw)
            if raw.startswith(b":") or len(lines) > 40:
                break
        assert any(line.startswith((b": beat", b"event: clock")) for line in lines[4:])


async def test_the_clock_tells_who_was_heard_of_since() -> None:
    present = busy(TOWN)
    async with served(present) as client, client.get("/api/v1/stream") as answer:
        stream = events(answer)
        await until(stream, "snapshot")
        present.hear({LotId("P05"): MORNING})
        present.apply(Decisions(at=MORNING + timedelta(seconds=5)))
        clock = (await until(stream, "clock")).value
    assert (clock["tick_at"], clock["heard"]) == ("2026-10-02T02:35:05Z", {"P05": "2026-10-02T02:35:00Z"})


async def test_a_page_that_does_not_keep_up_gets_a_snapshot_instead_of_a_queue() -> None:
    client = Client(room=5)
    client.offer([Event(n, b"x") for n in range(5)])
    assert (client.needs_snapshot, len(client.take())) == (False, 5)
    for n in range(100):
        client.offer([Event(n, b"x")])
    assert client.needs_snapshot
    assert client.take() == []


async def test_a_page_that_stops_reading_costs_the_others_nothing() -> None:
    present = busy(TOWN)
    limits = replace(QUICK, stream_room=10, write_s=1.0)
    async with (
        served(present, limits) as client,
        client.get("/api/v1/stream") as lazy,
        client.get("/api/v1/stream") as eager,
    ):
        stream = events(eager)
        await until(stream, "snapshot")
        assert lazy.status == 200
        for taken in range(100, 130):
            fills(present, taken)
            assert (await until(stream, "lot")).value["free"] == 310 - taken


async def test_more_pages_than_allowed_are_asked_to_come_back() -> None:
    async with served(busy(TOWN), replace(QUICK, stream_clients=1)) as client, client.get("/api/v1/stream") as first:
        await until(events(first), "snapshot")
        async with client.get("/api/v1/stream") as second:
            assert second.status == 503


async def test_open_streams_do_not_hold_up_the_end() -> None:
    present = busy(TOWN)
    loop = asyncio.get_running_loop()
    async with served(present) as client:
        answers = [await client.get("/api/v1/stream") for _ in range(5)]
        for answer in answers:
            await until(events(answer), "snapshot")
        began = loop.time()
    assert loop.time() - began < 2


async def test_a_page_that_has_gone_is_forgotten() -> None:
    present = Present(TOWN)
    stream = Stream(present, lambda change: b"{}", lambda: b"{}", "boot", QUICK)
    client = stream.join("")
    stream.note(Change(What.CLOCK, ""))
    stream.flush()
    stream.leave(client)
    assert stream.clients == set()

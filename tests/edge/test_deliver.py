"""The world is told: at least once, in order per key, signed, and patiently."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from aiohttp import web
from hypothesis import given
from hypothesis import strategies as st

from parking.domain.errors import BadSettings, EdgeDown
from parking.domain.tick import Message
from parking.flow.deliver import FIRST_PAUSE_S, LONGEST_PAUSE_S, Deliver, retry_pause
from parking.ports import Due
from parking.webhook import WebhookSink, parse_secret, sign
from tests.edge.wires import WallClock

AT = datetime(2026, 5, 2, 2, 22, tzinfo=UTC)
SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"


def a_due(row: int = 1, key: str = "case:FJ1", **changes: object) -> Due:
    message = Message(key, "parking.case.filed", "cases/FJ1", retain=True, body=b'{"no":"FJ1"}')
    return Due(row, replace(message, **changes), AT, attempts=0)  # type: ignore[arg-type]  # fields of the test


class Shelf:
    """An outbox in memory for one sink."""

    def __init__(self, *rows: Due) -> None:
        self.rows = {row.id: row for row in rows}
        self.not_before: dict[int, datetime] = {}
        self.told: list[int] = []

    async def due(self, sink: str, now: datetime, limit: int = 100) -> Sequence[Due]:
        first: dict[str, Due] = {}
        for row in self.rows.values():
            first.setdefault(row.message.key, row)
        return [row for row in first.values() if self.not_before.get(row.id, now) <= now][:limit]

    async def delivered(self, sink: str, row: int, now: datetime) -> None:
        self.told.append(row)
        del self.rows[row]

    async def failed(self, sink: str, row: int, retry_at: datetime, why: str) -> None:
        self.rows[row] = replace(self.rows[row], attempts=self.rows[row].attempts + 1)
        self.not_before[row] = retry_at


class Ear:
    """A sink that may be deaf to some rows for a while."""

    def __init__(self, name: str = "ear", deaf: Callable[[Due], bool] = lambda due: False) -> None:
        self.name = name
        self.deaf = deaf
        self.heard: list[int] = []

    async def deliver(self, due: Due) -> None:
        if self.deaf(due):
            raise EdgeDown("deaf")
        self.heard.append(due.id)


async def deliver_until(shelf: Shelf, told: int, *sinks: Ear) -> Deliver:
    deliver = Deliver(shelf, sinks, WallClock())
    task = asyncio.create_task(deliver.run())
    async with asyncio.timeout(10):
        while len(shelf.told) < told:
            await asyncio.sleep(0.01)
            deliver.wake()
    task.cancel()
    with suppress(asyncio.CancelledError):
        await task
    return deliver


async def test_a_case_is_told_step_by_step_in_order() -> None:
    shelf = Shelf(*(a_due(row, key) for row, key in enumerate(["case:1", "case:2", "case:1", "case:2", "case:1"])))
    ear = Ear()
    deliver = await deliver_until(shelf, 5, ear)
    assert [row for row in ear.heard if row in (0, 2, 4)] == [0, 2, 4]
    assert [row for row in ear.heard if row in (1, 3)] == [1, 3]
    assert (deliver.counts["ear"].delivered, deliver.counts["ear"].failed) == (5, 0)


async def test_a_case_that_nobody_takes_holds_up_only_itself_and_comes_later() -> None:
    shelf = Shelf(a_due(1, "case:1"), a_due(2, "case:1"), a_due(3, "case:2"))
    ear = Ear(deaf=lambda due: due.id == 1 and due.attempts < 1)
    deliver = await deliver_until(shelf, 3, ear)
    assert ear.heard == [3, 1, 2]
    assert deliver.counts["ear"].failed == 1


async def test_new_rows_are_noticed_without_anybody_saying_so() -> None:
    shelf, ear = Shelf(), Ear()
    deliver = Deliver(shelf, [ear], WallClock())
    task = asyncio.create_task(deliver.run())
    await asyncio.sleep(0.05)
    shelf.rows[7] = a_due(7)
    deliver.wake()
    async with asyncio.timeout(5):
        while ear.heard != [7]:
            await asyncio.sleep(0.01)
    task.cancel()
    await asyncio.wait([task])


@given(attempts=st.integers(0, 10_000), row=st.integers(0, 10**9))
def test_retries_grow_rarer_but_never_end(attempts: int, row: int) -> None:
    pause = retry_pause("webhook", replace(a_due(row), attempts=attempts))
    assert timedelta(seconds=FIRST_PAUSE_S / 2) <= pause <= timedelta(seconds=LONGEST_PAUSE_S)
    assert pause == retry_pause("webhook", replace(a_due(row), attempts=attempts))


class Receiver:
    """Somebody's HTTP server."""

    def __init__(self) -> None:
        self.requests: list[tuple[dict[str, str], bytes]] = []
        self.status = 204
        self.url = ""

    async def answer(self, request: web.Request) -> web.Response:
        self.requests.append((dict(request.headers), await request.read()))
        return web.Response(status=self.status, headers={"Location": "/elsewhere"})


@pytest.fixture
async def receiver() -> AsyncIterator[Receiver]:
    found = Receiver()
    app = web.Application()
    app.router.add_post("/hook", found.answer)
    runner = web.AppRunner(app)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    port = runner.addresses[0][1]
    found.url = f"http://127.0.0.1:{port}/hook"
    yield found
    await runner.cleanup()


async def test_a_case_arrives_as_a_signed_cloud_event(receiver: Receiver) -> None:
    async with WebhookSink(receiver.url, SECRET, "live", WallClock()) as sink:
        await sink.deliver(a_due(41))
    ((headers, body),) = receiver.requests
    assert json.loads(body) == {
        "specversion": "1.0",
        "id": "41",
        "source": "/parking/live",
        "type": "parking.case.filed",
        "time": "2026-05-02T02:22:00Z",
        "subject": "case:FJ1",
        "datacontenttype": "application/json",
        "data": {"no": "FJ1"},
    }
    assert headers["Content-Type"].startswith("application/cloudevents+json")
    assert headers["webhook-id"] == "live-41"
    expected = sign(parse_secret(SECRET), "live-41", int(headers["webhook-timestamp"]), body)
    assert headers["webhook-signature"] == expected
    assert abs(int(headers["webhook-timestamp"]) - datetime.now(UTC).timestamp()) < 60


def test_the_signature_is_that_of_the_standard() -> None:
    # Test vector of the Standard Webhooks reference libraries.
    key = parse_secret("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")
    body = b'{"test": 2432232314}'
    signature = sign(key, "msg_p5jXN8AQM9LWM0D4loKWxJek", 1614265330, body)
    assert signature == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="


@pytest.mark.parametrize("status", [301, 400, 404, 410, 500, 503])
async def test_an_answer_that_is_no_success_is_tried_again(receiver: Receiver, status: int) -> None:
    receiver.status = status
    async with WebhookSink(receiver.url, SECRET, "live", WallClock()) as sink:
        with pytest.raises(EdgeDown, match=str(status)):
            await sink.deliver(a_due())
    assert len(receiver.requests) == 1


async def test_a_receiver_that_is_away_is_an_edge_that_is_down() -> None:
    async with WebhookSink("http://127.0.0.1:1/hook", SECRET, "live", WallClock()) as sink:
        with pytest.raises(EdgeDown, match="webhook"):
            await sink.deliver(a_due())


async def test_clearing_a_retained_topic_is_nothing_to_post(receiver: Receiver) -> None:
    async with WebhookSink(receiver.url, SECRET, "live", WallClock()) as sink:
        await sink.deliver(a_due(type="", body=b""))
    assert receiver.requests == []


@pytest.mark.parametrize("secret", ["", "whsec_", "whsec_c2hvcnQ=", "whsec_not base64 at all"])
def test_a_weak_secret_is_refused(secret: str) -> None:
    with pytest.raises(BadSettings, match="webhook_secret_file"):
        parse_secret(secret)

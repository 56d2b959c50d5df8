"""The loops' small parts: what is handed over, shown, told and waited for."""

import asyncio
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import pytest

from parking.domain.alert import Alert, AlertKind, AlertState, Grade
from parking.domain.errors import SignDown, StoreDown
from parking.domain.guidance import Guidance
from parking.domain.ids import AlertId, CellCode, SignId
from parking.domain.place import Point
from parking.flow import patience
from parking.flow.handover import ROOM, Handover
from parking.flow.keep import keep
from parking.flow.patience import patiently
from parking.flow.show import Show
from parking.flow.tell import of_alert
from parking.ports import Kept

NOON = datetime(2026, 5, 2, 4, tzinfo=UTC)


class Log:
    """An intake log held in a list."""

    def __init__(self) -> None:
        self.entries: list[Kept] = []
        self.asked: list[int] = []

    def add(self) -> Kept:
        self.entries.append(Kept(len(self.entries) + 1, ()))
        return self.entries[-1]

    async def keep(self, *_: object, **__: object) -> Kept | None:
        return self.add()

    async def after(self, position: int, limit: int = 10_000) -> Sequence[Kept]:
        self.asked.append(position)
        return [kept for kept in self.entries if kept.position > position][:limit]


async def test_entries_handed_over_are_taken_once_and_in_order() -> None:
    log = Log()
    handover = Handover(log)
    for _ in range(3):
        handover.offer(log.add())
    assert [kept.position for kept in await handover.after(0)] == [1, 2, 3]
    assert log.asked == [3]
    assert await handover.after(3) == []


async def test_what_another_process_kept_comes_from_the_log_in_its_place() -> None:
    log = Log()
    handover = Handover(log)
    handover.offer(log.add())
    log.add()
    handover.offer(log.add())
    assert [kept.position for kept in await handover.after(0)] == [1, 2, 3]


async def test_a_handover_that_overflowed_loses_nothing() -> None:
    log = Log()
    handover = Handover(log)
    for _ in range(ROOM + 5):
        handover.offer(log.add())
    assert [kept.position for kept in await handover.after(0)] == list(range(1, ROOM + 6))


async def test_an_entry_read_from_the_log_before_it_was_offered_is_not_taken_twice() -> None:
    log = Log()
    handover = Handover(log)
    kept = log.add()
    assert [entry.position for entry in await handover.after(0)] == [1]
    handover.offer(kept)
    assert await handover.after(1) == []


async def test_a_store_that_comes_back_is_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(patience, "FIRST_WAIT_S", 0.001)
    calls = 0

    async def act() -> str:
        nonlocal calls
        calls += 1
        if calls < 4:
            raise StoreDown("away; wait")
        return "kept"

    assert await patiently(act) == "kept"
    assert calls == 4


async def test_a_loop_that_ends_by_itself_stops_the_service() -> None:
    async def loop() -> None:
        return None

    with pytest.raises(RuntimeError, match="ended by itself"):
        await keep("collect", loop)


def a_guidance(sign: str = "G01", sequence: int = 1) -> Guidance:
    return Guidance(SignId(sign), sequence, NOON, NOON + timedelta(minutes=3), (), (), changed=False)


class SlowDriver:
    """A sign that takes its time, or refuses."""

    def __init__(self) -> None:
        self.shown: list[int] = []
        self.gate = asyncio.Event()
        self.refuses = False

    async def show(self, guidance: Guidance, epoch: int) -> None:
        assert epoch == 7
        if self.refuses:
            raise SignDown("G01: refused")
        await self.gate.wait()
        self.shown.append(guidance.sequence)

    async def neutral(self, guidance: Guidance, epoch: int) -> None:
        self.shown.append(-guidance.sequence)


async def test_a_slow_sign_gets_the_newest_guidance_never_a_queue() -> None:
    driver = SlowDriver()
    show = Show({SignId("G01"): driver}, epoch=7)
    async with asyncio.TaskGroup() as tasks:
        loop = tasks.create_task(show.run())
        show.offer([a_guidance(sequence=1)])
        await asyncio.sleep(0)
        await asyncio.sleep(0)
        for sequence in (2, 3, 4):
            show.offer([a_guidance(sequence=sequence)])
        driver.gate.set()
        while driver.shown[-1:] != [4]:
            await asyncio.sleep(0)
        loop.cancel()
    assert driver.shown == [1, 4]


async def test_a_sign_that_hangs_holds_up_nobody() -> None:
    hangs, quick = SlowDriver(), SlowDriver()
    quick.gate.set()
    show = Show({SignId("G01"): hangs, SignId("G02"): quick}, epoch=7)
    async with asyncio.TaskGroup() as tasks:
        loop = tasks.create_task(show.run())
        show.offer([a_guidance("G01"), a_guidance("G02")])
        while not quick.shown:
            await asyncio.sleep(0)
        show.offer([a_guidance("G02", 2)])
        while quick.shown != [1, 2]:
            await asyncio.sleep(0)
        loop.cancel()
    assert hangs.shown == []


async def test_a_sign_that_refuses_is_counted_and_the_next_guidance_tries_again() -> None:
    driver = SlowDriver()
    driver.refuses = True
    driver.gate.set()
    show = Show({SignId("G01"): driver}, epoch=7)
    async with asyncio.TaskGroup() as tasks:
        loop = tasks.create_task(show.run())
        show.offer([a_guidance(sequence=1)])
        while not show.failed:
            await asyncio.sleep(0)
        driver.refuses = False
        show.offer([a_guidance(sequence=2)])
        while not driver.shown:
            await asyncio.sleep(0)
        loop.cancel()
    assert driver.shown == [2]


async def test_every_sign_that_was_told_something_can_be_made_neutral() -> None:
    driver = SlowDriver()
    driver.gate.set()
    show = Show({SignId("G01"): driver}, epoch=7)
    async with asyncio.TaskGroup() as tasks:
        loop = tasks.create_task(show.run())
        show.offer([a_guidance(sequence=5)])
        while not driver.shown:
            await asyncio.sleep(0)
        loop.cancel()
    await show.neutral()
    assert driver.shown == [5, -5]


def an_alert(state: AlertState) -> Alert:
    return Alert(
        AlertId("A-1"), 1, AlertKind.JAM, state, Grade.III, "R8", Point(109.5, 31.0), CellCode("500236003001001"),
        NOON, NOON, NOON, None, "slow", {},
    )  # fmt: skip


def test_an_open_alert_is_retained_and_an_ended_one_is_told_and_then_cleared() -> None:
    (said,) = of_alert(an_alert(AlertState.RAISED))
    assert said.retain
    assert b'"jam"' in said.body
    last, cleared = of_alert(an_alert(AlertState.CLEARED))
    assert not last.retain
    assert last.body
    assert (cleared.retain, cleared.body, cleared.topic) == (True, b"", last.topic)
    assert last.key == cleared.key

"""All stores of one run in memory."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime

from parking.domain.tick import Snapshot
from parking.memory.cases import MemoryCases
from parking.memory.diary import MemoryDiary
from parking.memory.intake import MemoryConfirmations, MemoryIntake
from parking.memory.ledger import MemoryHistories, MemoryLedger
from parking.memory.outbox import MemoryOutbox
from parking.memory.pasts import MemoryPasts
from parking.memory.tallies import MemoryTallies
from parking.ports import Stores


class MemorySnapshots:
    """`Snapshots` in a dict."""

    def __init__(self) -> None:
        self.states: dict[datetime, Snapshot] = {}

    async def save(self, snapshot: Snapshot) -> None:
        """As `Snapshots.save`."""
        self.states[snapshot.at] = snapshot

    async def newest(self, at: datetime | None = None) -> Snapshot | None:
        """As `Snapshots.newest`."""
        times = [when for when in self.states if at is None or when <= at]
        return self.states[max(times)] if times else None


class MemoryOwnership:
    """`Ownership` within one event loop."""

    def __init__(self) -> None:
        self._locks: dict[str, asyncio.Lock] = {}
        self._epochs: dict[str, int] = {}

    @asynccontextmanager
    async def own(self, area: str) -> AsyncIterator[int]:
        """As `Ownership.own`."""
        async with self._locks.setdefault(area, asyncio.Lock()):
            self._epochs[area] = self._epochs.get(area, 0) + 1
            yield self._epochs[area]


@dataclass(frozen=True, slots=True)
class MemoryRetention:
    """`Retention` over the other stores."""

    intake: MemoryIntake
    ledger: MemoryLedger
    snapshots: MemorySnapshots

    async def make_ahead(self, today: date) -> None:
        """As `Retention.make_ahead`: there is always room."""

    async def drop_before(self, day: date) -> tuple[date, ...]:
        """As `Retention.drop_before`."""
        before = datetime.combine(day, datetime.min.time(), UTC)
        states = self.snapshots.states
        for at in sorted(states)[:-1]:
            if at < before:
                del states[at]
        marks = await self.ledger.ticks_after(None)
        if states and marks and marks[0].at < before:
            oldest = states[min(states)]
            self.ledger.trim(oldest.at)
            self.intake.trim(oldest.position)
        return self.intake.drop_readings(before)


async def nothing() -> None:
    """Memory always answers, and needs no closing."""


def memory_stores() -> Stores:
    """Every store, empty."""
    tallies = MemoryTallies()
    diary, pasts = MemoryDiary(), MemoryPasts()
    intake, outbox = MemoryIntake(tallies, diary), MemoryOutbox()
    histories, snapshots = MemoryHistories(), MemorySnapshots()
    cases = MemoryCases(intake, outbox)
    ledger = MemoryLedger(intake, cases, outbox, histories, tallies, pasts)
    return Stores(
        intake=intake,
        ledger=ledger,
        snapshots=snapshots,
        serials=cases,
        outbox=outbox,
        histories=histories,
        cases=cases,
        steps=cases,
        ownership=MemoryOwnership(),
        confirmations=MemoryConfirmations(intake),
        retention=MemoryRetention(intake, ledger, snapshots),
        tallies=tallies,
        diary=diary,
        pasts=pasts,
        ping=nothing,
        close=nothing,
    )

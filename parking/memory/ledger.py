"""What ticks leave behind, in dicts."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from parking.domain.case import CaseChanged
from parking.domain.errors import BadJournal
from parking.domain.ids import LotId
from parking.domain.occupancy import Occupancy
from parking.domain.tick import Tick, TickMark
from parking.memory.cases import MemoryCases
from parking.memory.intake import MemoryIntake
from parking.memory.outbox import MemoryOutbox
from parking.memory.pasts import MemoryPasts
from parking.memory.tallies import MemoryTallies
from parking.ports import Kept


class MemoryHistories:
    """`Histories` in a dict."""

    def __init__(self) -> None:
        self._slots: dict[datetime, dict[LotId, Occupancy]] = {}

    async def lot_slots(self, since: datetime, until: datetime) -> Sequence[Occupancy]:
        """As `Histories.lot_slots`."""
        return [slot for at in sorted(self._slots) if since <= at < until for slot in self._slots[at].values()]

    async def lot_day(self, lot: LotId, since: datetime, until: datetime) -> Sequence[Occupancy]:
        """As `Histories.lot_day`."""
        return [slot for slot in await self.lot_slots(since, until) if slot.lot == lot]

    async def add_lot_slots(self, slots: Sequence[Occupancy]) -> None:
        """As `Histories.add_lot_slots`."""
        for slot in slots:
            self._slots.setdefault(slot.at, {}).setdefault(slot.lot, slot)


@dataclass
class MemoryLedger:
    """`Ledger` in a dict, over the other stores."""

    intake: MemoryIntake
    cases: MemoryCases
    outbox: MemoryOutbox
    histories: MemoryHistories
    tallies: MemoryTallies
    pasts: MemoryPasts
    _ticks: dict[datetime, tuple[TickMark, Kept | None]] = field(default_factory=dict)

    async def commit(self, tick: Tick) -> Kept | None:
        """As `Ledger.commit`."""
        mark = TickMark(tick.at, tick.position, tick.decisions_sha256)
        if tick.at in self._ticks:
            before, kept = self._ticks[tick.at]
            if before != mark:
                raise BadJournal(f"the tick at {tick.at.isoformat()} was decided otherwise before")
            return kept
        self.cases.check(tick.cases)
        await self.histories.add_lot_slots(tick.decisions.slot)
        for case in tick.cases:
            self.cases.file(case)
        self.outbox.send(tick.messages, tick.at)
        self.tallies.note(tick)
        self.pasts.note(tick.decisions)
        filed = [CaseChanged(case.no, case.alert, case.stage, case.updated_at) for case in tick.cases]
        kept = self.intake.append(filed) if filed else None
        self._ticks[tick.at] = (mark, kept)
        return kept

    def trim(self, upto: datetime) -> None:
        """Forget ticks up to this instant."""
        self._ticks = {at: told for at, told in self._ticks.items() if at > upto}

    async def ticks_after(self, at: datetime | None, until: datetime | None = None) -> Sequence[TickMark]:
        """As `Ledger.ticks_after`."""
        known = (when for when in sorted(self._ticks) if (at is None or when > at) and (until is None or when < until))
        return [self._ticks[when][0] for when in known]

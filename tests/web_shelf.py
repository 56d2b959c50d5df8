"""What a web application needs around its present: a clock that stands, a past out of lists, a run."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime

from prometheus_client import CollectorRegistry

from parking.domain.case import Case
from parking.domain.decisions import Decisions
from parking.domain.ids import LotId
from parking.domain.occupancy import Occupancy
from parking.flow.present import Present
from parking.memory.pasts import MemoryPasts
from parking.web.app import RunInfo, RunKind, WebStores

MORNING = datetime(2026, 10, 2, 2, 35, tzinfo=UTC)
"""国庆 day 2, 10:35 in Fengjie: the scenic lots fill."""


class StillClock:
    """Street time that tests set."""

    def __init__(self, at: datetime = MORNING) -> None:
        self.at = at

    def now(self) -> datetime:
        """Where it was set."""
        return self.at

    async def sleep_until(self, at: datetime) -> None:
        """At once."""
        self.at = max(self.at, at)


class Shelf:
    """Histories and OpenCases out of lists."""

    def __init__(self, slots: Sequence[Occupancy] = (), cases: Sequence[Case] = ()) -> None:
        self.slots = list(slots)
        self.cases = list(cases)

    async def lot_slots(self, since: datetime, until: datetime) -> Sequence[Occupancy]:
        """Those of that span."""
        return [slot for slot in self.slots if since <= slot.at < until]

    async def add_lot_slots(self, slots: Sequence[Occupancy]) -> None:
        """Keep these too."""
        self.slots.extend(slots)

    async def lot_day(self, lot: LotId, since: datetime, until: datetime) -> Sequence[Occupancy]:
        """One lot's."""
        return [slot for slot in await self.lot_slots(since, until) if slot.lot == lot]

    async def list_cases(self, *, open_only: bool, limit: int = 200) -> Sequence[Case]:
        """All, newest first."""
        return sorted(self.cases, key=lambda case: case.no, reverse=True)[:limit]

    async def find_case(self, no: str) -> Case | None:
        """That one."""
        return next((case for case in self.cases if case.no == no), None)


def stores(slots: Sequence[Occupancy] = (), cases: Sequence[Case] = (), present: Present | None = None) -> WebStores:
    """A past of these; whatever stands in the present came about once, too."""
    shelf, pasts = Shelf(slots, cases), MemoryPasts()
    if present is not None:
        told = tuple(replace(one, changed=True) for one in present.wanted.values())
        pasts.note(Decisions(MORNING, (), (), tuple(present.roads.values()), told, tuple(present.alerts.values())))
    return WebStores(histories=shelf, cases=shelf, pasts=pasts)


def info(**changes: object) -> RunInfo:
    """A simulated run, ten times as fast as the street."""
    return replace(
        RunInfo(run="demo-1", kind=RunKind.SIMULATION, speed=10.0, version="0.1.0", needs=("database", "broker")),
        **changes,  # type: ignore[arg-type]  # fields of RunInfo by name
    )


def registry() -> CollectorRegistry:
    """Nobody else's."""
    return CollectorRegistry(auto_describe=False)

"""The heart: on each tick of the grid take what is kept, decide, commit, and hand the decisions on.

One transaction a tick: journal line, alerts, cases and outbox rows stand or fall together. Nothing leaves before it.
"""

import logging
from collections import deque
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

from parking.cases.file import file_at_once, needs_case
from parking.cases.numbers import case_no
from parking.codec import digest
from parking.domain.case import Case
from parking.domain.decisions import Decisions
from parking.domain.errors import BadJournal
from parking.domain.grid import grid_after
from parking.domain.guidance import Guidance, Shown
from parking.domain.inputs import Input
from parking.domain.settings import Settings
from parking.domain.tick import Snapshot, Tick
from parking.engine import STEP_S, Engine
from parking.flow.handover import Handover
from parking.flow.patience import patiently
from parking.flow.present import Present
from parking.flow.tell import messages
from parking.ports import Clock, Intake, Kept, Stores

log = logging.getLogger(__name__)

SNAPSHOT_EVERY = timedelta(minutes=5)
"""A restart replays at most this much; a snapshot of the town is some 100 KB."""

FULL_ROUND = 5_000
"""Inputs of a round after which there may be more: half of what the log hands over at once."""


class Decide:
    """Turns the engine for one area."""

    def __init__(
        self,
        engine: Engine,
        *,
        clock: Clock,
        handover: Handover,
        stores: Stores,
        present: Present,
        show: Callable[[Sequence[Guidance]], None],
        wake_outbox: Callable[[], None],
        count: Callable[[], None],
    ) -> None:
        self._engine = engine
        self._clock = clock
        self._handover = handover
        self._stores = stores
        self._present = present
        self._show = show
        self._wake_outbox = wake_outbox
        self._count = count
        self.position = 0
        """How far the input log has been taken."""
        self._saved_at: datetime | None = None

    async def recover(self) -> int:
        """Become what the store says: newest snapshot, then the journal. Returns the ticks decided again."""
        snapshot = await self._stores.snapshots.newest()
        if snapshot is not None:
            self._engine.load(snapshot.state)
            self.position, self._saved_at = snapshot.position, snapshot.at
        marks = await self._stores.ledger.ticks_after(snapshot.at if snapshot else None)
        entries: deque[Kept] = deque()
        for mark in marks:
            while self.position < mark.position:
                entries.extend(() if entries else await self._handover.after(self.position))
                if not entries:
                    raise BadJournal(f"the input log ends at {self.position}, the journal at {mark.position}")
                self._take(entries.popleft())
            decisions = self._engine.decide(mark.at)
            if digest(decisions) != mark.decisions_sha256:
                log.warning("decides otherwise than the journal at %s; was it written by another version?", mark.at)
        if (picture := self._engine.picture()) is not None:
            self._present.apply(picture)
        return len(marks)

    async def set_thresholds(self, settings: Settings, intake: Intake) -> None:
        """Thresholds that differ from those that decided last enter the input log like everything else."""
        if settings != self._engine.settings and (kept := await patiently(lambda: intake.keep(others=(settings,)))):
            self._handover.offer(kept)

    async def run(self) -> None:
        """Tick for ever. A tick that comes late is decided on the newest instant of the grid; none is made up."""
        while True:
            now = self._clock.now()
            last = self._engine.at
            await self._clock.sleep_until(grid_after(now if last is None else max(now, last), STEP_S))
            await self.tick(grid_after(self._clock.now() - timedelta(seconds=STEP_S), STEP_S))

    async def tick(self, at: datetime) -> None:
        """One decision at street time `at`, committed and handed on."""
        if self._engine.at is not None and at <= self._engine.at:
            return
        await self._take_what_is_kept()
        decisions = self._engine.decide(at)
        cases = await self._file(decisions)
        tick = Tick(at, self.position, decisions, digest(decisions), cases, messages(decisions, cases))
        kept_cases = await patiently(lambda: self._stores.ledger.commit(tick))
        if kept_cases is not None:
            self._handover.offer(kept_cases)
        self._hand_on(decisions, cases)
        await self._snapshot(at)
        self._count()

    async def _take_what_is_kept(self) -> None:
        """Round after round while rounds are full; what is committed meanwhile waits for the next tick."""
        full = True
        while full:
            entries = await patiently(lambda: self._handover.after(self.position))
            for kept in entries:
                self._take(kept)
            full = sum(len(kept.inputs) for kept in entries) >= FULL_ROUND

    def _take(self, kept: Kept) -> None:
        self._engine.take(kept.inputs)
        self.position = kept.position
        for shown in _shown(kept.inputs):
            self._present.confirm(shown)

    async def _file(self, decisions: Decisions) -> tuple[Case, ...]:
        """立即交办: alerts grave enough become cases, carried to DISPATCHED by `system`."""
        town, at = self._engine.town, decisions.at
        day = town.calendar.local(at).date()
        newest = {alert.id: alert for alert in decisions.alerts}
        cases = []
        for alert in newest.values():
            if needs_case(alert):
                serial = await patiently(lambda: self._stores.serials.reserve(day))
                cases.append(file_at_once(alert, no=case_no(day, serial), at=at, town=town))
        return tuple(cases)

    def _hand_on(self, decisions: Decisions, cases: tuple[Case, ...]) -> None:
        self._present.hear(self._engine.heard())
        self._present.apply(decisions, cases)
        if decisions.guidance:
            self._show(decisions.guidance)
        if decisions.alerts or cases:
            self._wake_outbox()

    async def _snapshot(self, at: datetime) -> None:
        if self._saved_at is not None and at - self._saved_at < SNAPSHOT_EVERY:
            return
        snapshot = Snapshot(at, self.position, self._engine.save())
        await patiently(lambda: self._stores.snapshots.save(snapshot))
        self._saved_at = at


def _shown(inputs: Sequence[Input]) -> list[Shown]:
    return [value for value in inputs if isinstance(value, Shown)]

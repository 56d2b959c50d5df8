"""Small promises the edges keep. Everything above talks to these; only `app.py` knows who keeps them."""

from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol

from parking.diary import Diary
from parking.domain.case import Case, Step
from parking.domain.forecast import Forecast
from parking.domain.guidance import Guidance, Shown
from parking.domain.ids import CaseNo, LotId
from parking.domain.inputs import Input
from parking.domain.occupancy import Occupancy
from parking.domain.reading import Doubt, Reading
from parking.domain.tick import Message, Snapshot, Tick, TickMark
from parking.pasts import Pasts


class Clock(Protocol):
    """Street time: readings, decisions, dwell and case clocks live in it."""

    def now(self) -> datetime:
        """Street time now, UTC."""
        ...

    async def sleep_until(self, at: datetime) -> None:
        """Return when street time has reached `at`; at once when it has passed."""
        ...


@dataclass(frozen=True, slots=True)
class Arrivals:
    """One batch off the wire; nothing of it is acknowledged yet."""

    readings: tuple[Reading, ...]
    shown: tuple[Shown, ...]
    doubts: tuple[Doubt, ...]
    ticket: object
    """The feed's own memory of which messages these were."""
    messages: int = 0
    """How many messages said all this."""


class Feed(Protocol):
    """The inbound wire."""

    def batches(self) -> AsyncIterator[Arrivals]:
        """Batches of what has queued, at least one message each, until closed."""
        ...

    async def acknowledge(self, arrivals: Arrivals) -> None:
        """Tell the sender that these are kept. Only after the commit."""
        ...


@dataclass(frozen=True, slots=True)
class Kept:
    """One committed entry of the intake log: inputs that were new, in order."""

    position: int
    inputs: tuple[Input, ...]


class Intake(Protocol):
    """The input log: one total order over everything the engine takes, whichever process wrote it."""

    async def keep(
        self, readings: Sequence[Reading] = (), others: Sequence[Input] = (), doubts: Sequence[Doubt] = ()
    ) -> Kept | None:
        """Commit these; return what was new, or None when nothing was. Storing twice changes nothing.

        Positions grow in the order of commits, so whoever reads past a position misses nothing.

        Raises:
            StoreDown: try again. Should the answer to a commit have been lost, trying again finds nothing new,
                and `after` shows it.
        """
        ...

    async def after(self, position: int, limit: int = 10_000) -> Sequence[Kept]:
        """Entries past `position`, oldest first; about `limit` inputs at most, whole entries only."""
        ...


class Ledger(Protocol):
    """What ticks leave behind."""

    async def commit(self, tick: Tick) -> Kept | None:
        """Write journal line, lot history, guidance, forecasts, alerts, cases and outbox rows: all or nothing.

        Each filed case also enters the intake log as CaseChanged; returns that entry.
        """
        ...

    async def ticks_after(self, at: datetime | None, until: datetime | None = None) -> Sequence[TickMark]:
        """Journal lines later than `at`, and earlier than `until`, oldest first; None is no bound."""
        ...


class Snapshots(Protocol):
    """Whole states of the engine."""

    async def save(self, snapshot: Snapshot) -> None:
        """Keep this one."""
        ...

    async def newest(self, at: datetime | None = None) -> Snapshot | None:
        """The newest, or the newest not later than `at`; None when there is none."""
        ...


class CaseSerials(Protocol):
    """Serial numbers of cases."""

    async def reserve(self, day: date) -> int:
        """The next serial of that local day, from 1; never the same twice, gaps are possible."""
        ...


@dataclass(frozen=True, slots=True)
class Due:
    """An outbox row that waits for one sink."""

    id: int
    message: Message
    created_at: datetime
    attempts: int


class Outbox(Protocol):
    """Messages for the world; each sink has its own progress."""

    async def due(self, sink: str, now: datetime, limit: int = 100) -> Sequence[Due]:
        """Rows to deliver now, oldest first, at most one of each key, none whose elder still waits."""
        ...

    async def delivered(self, sink: str, row: int, now: datetime) -> None:
        """This row has arrived."""
        ...

    async def failed(self, sink: str, row: int, retry_at: datetime, why: str) -> None:
        """This row did not arrive; not before `retry_at` again."""
        ...


class Sink(Protocol):
    """Somebody who is told."""

    name: str

    async def deliver(self, due: Due) -> None:
        """Return once the receiver has taken it; raises EdgeDown otherwise."""
        ...


class SignDriver(Protocol):
    """One family of roadside signs."""

    async def show(self, guidance: Guidance, epoch: int) -> None:
        """Return once handed over; what the sign really shows comes back as Shown. Raises SignDown."""
        ...

    async def neutral(self, guidance: Guidance, epoch: int) -> None:
        """Make the sign say nothing about free bays, at once."""
        ...


class Histories(Protocol):
    """Stored past, for fitting and for the page."""

    async def lot_slots(self, since: datetime, until: datetime) -> Sequence[Occupancy]:
        """All lots' slots in [since, until), oldest first, then in the town's order."""
        ...

    async def add_lot_slots(self, slots: Sequence[Occupancy]) -> None:
        """Write past slots (import, simulated history); those that exist stay as they are."""
        ...

    async def lot_day(self, lot: LotId, since: datetime, until: datetime) -> Sequence[Occupancy]:
        """One lot's slots in [since, until), oldest first."""
        ...


class OpenCases(Protocol):
    """Case files as stored."""

    async def list_cases(self, *, open_only: bool, limit: int = 200) -> Sequence[Case]:
        """Newest first, with all their steps."""
        ...

    async def find_case(self, no: str) -> Case | None:
        """The case of that number, or None."""
        ...


class Ownership(Protocol):
    """Who may decide for an area: one process at a time."""

    def own(self, area: str) -> AbstractAsyncContextManager[int]:
        """Hold the area; enters when it is ours and gives the epoch, which grows with every take-over."""
        ...


class Confirmations(Protocol):
    """What signs really showed."""

    async def newest_shown(self) -> Sequence[Shown]:
        """The newest confirmation of each sign."""
        ...


class CaseSteps(Protocol):
    """Flow records of cases that are filed."""

    async def add_step(self, no: CaseNo, step: Step, messages: Sequence[Message] = ()) -> Kept:
        """Append a step with its outbox rows, and tell the intake log: all or nothing; returns that entry.

        Raises:
            NotFound: no such case.
            NotAllowed: somebody else was quicker: `step.n` is not the next number.
            StoreDown: nothing of it is kept; try again.
        """
        ...


@dataclass(frozen=True, slots=True)
class Tally:
    """What a stretch of street time left in the store."""

    readings: int
    """Statuses are none."""
    sign_changes: int
    """Guidance whose state words differ from the ones before."""
    alerts: int
    """Alerts with a new version in that time, each once."""
    cases: int
    """Filed in that time."""


class Tallies(Protocol):
    """Looking back at a run."""

    async def tally(self, since: datetime, until: datetime) -> Tally:
        """Counts of [since, until); readings by the device's clock."""
        ...

    async def issued(self, since: datetime, until: datetime) -> Sequence[Forecast]:
        """Forecasts issued in [since, until), oldest first, then by lot id."""
        ...


class Retention(Protocol):
    """Room for the days to come, and an end to those long past."""

    async def make_ahead(self, today: date) -> None:
        """Make room for readings of today and the next days, before anybody needs it."""
        ...

    async def drop_before(self, day: date) -> tuple[date, ...]:
        """Forget readings, journal and input log of the UTC days before; returns the days whose readings went.

        The newest snapshot and whatever a restart from it needs stay, however old.
        """
        ...


@dataclass(frozen=True, slots=True)
class Stores:
    """Everything that is kept, of one run."""

    intake: Intake
    ledger: Ledger
    snapshots: Snapshots
    serials: CaseSerials
    outbox: Outbox
    histories: Histories
    cases: OpenCases
    steps: CaseSteps
    ownership: Ownership
    confirmations: Confirmations
    retention: Retention
    tallies: Tallies
    diary: Diary
    pasts: Pasts
    ping: Callable[[], Awaitable[None]]
    """Return when the store answers; raises StoreDown."""
    close: Callable[[], Awaitable[None]]
    """Let go of every connection."""

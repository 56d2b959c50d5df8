"""How full each lot really is: a scalar Kalman filter a lot over all its sources, as columns over lots.

Gates' running totals integrate, absolute counts correct, bay sensors bound. Between readings only the variance
grows: little while gates or bay sensors see each car, much while nobody does. Late readings change nothing.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, tzinfo
from typing import Any, Final
from zoneinfo import ZoneInfo

import numpy as np
from numpy.typing import NDArray

from parking.domain.device import Device
from parking.domain.ids import DeviceId
from parking.domain.lot import Lot
from parking.domain.reading import (
    BayReading,
    CounterReading,
    CountReading,
    CountSource,
    GateReading,
    QueueReading,
    Reading,
    StatusReading,
)
from parking.domain.settings import EstimateSettings
from sensors.estimate_alive import Alive
from sensors.estimate_bays import Bays
from sensors.estimate_clock import Clocks
from sensors.estimate_counts import Counted, Counts
from sensors.estimate_doubt import DOUBTS, Doubt, Doubts
from sensors.estimate_gates import GateTotals, Restarted
from sensors.estimate_hours import OpenHours
from sensors.estimate_judge import AT_FAULT, QUALITY_OF, REASONS, TOO_WIDE, Wrong, judge
from sensors.estimate_state import LotColumns
from sensors.estimate_system import SystemCounts
from sensors.running_totals import RunningTotals

F64 = NDArray[np.float64]
I64 = NDArray[np.int64]
I8 = NDArray[np.int8]

CHINA: Final = ZoneInfo("Asia/Shanghai")
WAITED_S: Final = 120.0
"""Cars that wait so long mean a full lot, when few come in …"""
FEW_IN: Final = 0.08
"""… entries a second: half of what one barrier lets in …"""
NEARLY_FULL_SHARE: Final = 0.08
"""… and the estimate leaves no more room than this."""
MOVES_S: Final = 180.0
"""A gate that has told of no car for so long is no witness of a full lot."""


@dataclass(frozen=True, slots=True)
class Estimates:
    """Columns of shape (L,) in the order of the lots."""

    taken: F64
    """Bays taken, 0..capacity."""
    sd: F64
    """Its standard deviation, bays."""
    quality: I8
    """Index into QUALITIES."""
    reason: tuple[str, ...]
    heard_s: F64
    """Newest proof of life of a source, epoch seconds; NaN means never."""
    fresh: I64
    """Trusted readings since the lot was last stale or unknown."""


class Estimator:
    """Takes readings in the order they became known; strangers and foreign lots are not heard."""

    def __init__(
        self, lots: Sequence[Lot], devices: Sequence[Device], settings: EstimateSettings, timezone: tzinfo = CHINA
    ) -> None:
        """Start without knowing anything; `timezone` is the clock that opening hours are on."""
        self._lots = tuple(lots)
        self._index = {lot.id: i for i, lot in enumerate(lots)}
        self._devices = {device.id: device for device in devices}
        self._settings = settings
        self._alive = Alive(lots, devices)
        self._hours = OpenHours(lots, timezone)
        self._columns = LotColumns([lot.capacity for lot in lots])
        self._sources: list[list[Device]] = [[] for _ in lots]
        for device in devices:
            for i in (self._index[lot] for lot in device.lots if lot in self._index):
                self._sources[i].append(device)
        self._systems = SystemCounts(self._columns)
        self._doubts = Doubts(np.array([lot.capacity for lot in lots], dtype=np.float64))
        self._clocks = Clocks()
        self._gates, self._bays, self._counts, self._totals = GateTotals(), Bays(), Counts(), RunningTotals()
        self._codes = b""
        self._reasons: tuple[str, ...] = ()
        self.configure(settings)

    def configure(self, settings: EstimateSettings) -> None:
        """Weigh sources by these settings from now on."""
        self._settings = settings
        self._columns.configure(settings)

    def take(self, reading: Reading) -> None:
        """Hear one reading: proof of life of its device, and evidence if it is a count, a passage or a bay."""
        d = self._alive.index.get(reading.device)
        if d is None:
            return
        received_s = reading.received_at.timestamp()
        if isinstance(reading, StatusReading):
            self._alive.status(d, reading, received_s)
            return
        self._alive.hear(d, received_s)
        if isinstance(reading, CounterReading):
            running = self._totals.take(reading)
            if running is None:
                return
            reading = running
        if not isinstance(reading, GateReading | BayReading | CountReading | QueueReading):
            return
        i = self._index.get(reading.lot)
        if i is None or reading.lot not in self._devices[reading.device].lots:
            return
        at_s = self._clocks.at(reading.device, reading.at.timestamp(), received_s)
        if isinstance(reading, QueueReading):
            self._take_queue(reading, i, at_s)
            return
        if isinstance(reading, GateReading):
            counts = self._take_gate(reading, i, at_s)
        elif isinstance(reading, CountReading):
            counts = self._take_count(reading, i, at_s)
        else:
            counts = self._take_bay(reading, i, at_s)
        self._columns.fresh[i] += counts

    def estimate(self, now: datetime) -> Estimates:
        """Everything known at `now`, which must not go back."""
        now_s = now.timestamp()
        life, columns, doubts = self._alive.life(), self._columns, self._doubts
        alive = life.watched_until >= now_s
        watched = alive & (doubts.doubt != Doubt.GATE_STUCK)
        columns.pass_time(now_s, watched=watched, closed=self._hours.closed(now))
        sd = columns.sd()
        for i in doubts.judge(now_s, columns.taken, sd, columns.has_gates, columns.adds_up, alive).tolist():
            self._part_with(i)
            sd = columns.sd()
        codes = judge(now_s, life, columns, doubts, sd)
        quality = QUALITY_OF[codes]
        columns.fresh[codes >= TOO_WIDE] = 0
        told = codes.tobytes()
        if told != self._codes:
            self._codes, self._reasons = told, tuple(REASONS[code] for code in codes.tolist())
        return Estimates(columns.taken.copy(), sd, quality, self._reasons, life.heard, columns.fresh.copy())

    def _part_with(self, i: int) -> None:
        """Something new is doubted of lot `i`: what its bad source has done since it went bad is undone."""
        if self._doubts.doubt[i] == Doubt.GATE_STUCK:
            self._systems.leave_gates(i)
        elif self._doubts.doubt[i] == Doubt.COUNT_STUCK:
            self._systems.leave_system(i)

    def wrong(self, now: datetime) -> tuple[Wrong, ...]:
        """Devices that speak and tell what cannot be true, in the order of the registry."""
        doubt, since_s = self._doubts.doubt, self._doubts.since_s
        found: dict[DeviceId, Wrong] = {}
        for i in np.flatnonzero(doubt).tolist():
            what = int(doubt[i])
            for device in self._sources[i]:
                if device.kind is AT_FAULT.get(what):
                    since = datetime.fromtimestamp(float(since_s[i]), UTC)
                    found[device.id] = Wrong(device.id, since, self._lots[i].id, DOUBTS[what])
        for name, wrong_s, _off_s in self._clocks.wrong():
            found.setdefault(name, Wrong(name, min(now, datetime.fromtimestamp(wrong_s, UTC)), None, "clock"))
        return tuple(found[name] for name in self._devices if name in found) if found else ()

    def _take_gate(self, reading: GateReading, i: int, at_s: float) -> bool:
        if not self._gates.knows(reading.device, reading.lot):
            self._see_each_car(reading, i)
        passed = self._gates.take(reading, at_s, self._columns.capacity_of(i))
        if passed is None:
            return False
        if isinstance(passed, Restarted):
            self._columns.lose(i, passed.passages)
            self._doubts.restarted_s[i] = reading.received_at.timestamp()
            return True
        both, net = passed.passages, passed.net
        self._doubts.pass_gate(i, (both + net) // 2, (both - net) // 2, at_s)
        self._columns.move(i, net, both, passed.since_s, at_s)
        return True

    def _take_queue(self, reading: QueueReading, i: int, at_s: float) -> None:
        """Cars that wait while few come in are the surest sign of a full lot that there is."""
        waits = bool(reading.queue_vehicles or reading.queue_m)
        waited_s, doubts, columns = self._doubts.wait(i, waits, at_s), self._doubts, self._columns
        if waited_s < WAITED_S or at_s - doubts.moved_s[i] > MOVES_S or doubts.in_rate[i] > FEW_IN:
            return
        if doubts.doubt[i] == Doubt.NONE and columns.has_room_below(i, NEARLY_FULL_SHARE):
            columns.fill(i)
            doubts.waited[i] = at_s  # said again after as long

    def _take_bay(self, reading: BayReading, i: int, at_s: float) -> bool:
        capacity = self._lots[i].capacity
        if not self._bays.known(reading.lot):
            self._see_each_car(reading, i)
        change = self._bays.take(reading.lot, reading.bay, at_s, taken=reading.taken, capacity=capacity)
        if change is None:
            return False
        self._columns.bound(i, change, *self._bays.bounds(reading.lot, capacity), known=self._bays.known(reading.lot))
        return True

    def _take_count(self, reading: CountReading, i: int, at_s: float) -> bool:
        # Systems of closed lots say all sorts of things, mostly 0 free; a person who looks is believed.
        if reading.source is not CountSource.PERSON and not self._hours.is_open(i, at_s):
            return False
        counted = self._counts.take(reading, at_s, self._lots[i], self._settings)
        if counted is None:
            return False
        if reading.source is CountSource.BARRIER_SYSTEM and reading.bay_class is None:
            return self._add_up(counted, i)
        if reading.source is CountSource.PERSON:
            return self._columns.correct(i, counted.taken, counted.variance, counted.at_s)
        self._doubts.look(i, counted.taken)
        if self._doubts.doubt[i] in (Doubt.CAMERA_STUCK, Doubt.ALL_EQUAL):
            return False
        return self._columns.look(i, counted.taken, counted.variance, counted.at_s)

    def _add_up(self, counted: Counted, i: int) -> bool:
        """The lot system's own count."""
        columns, doubts = self._columns, self._doubts
        change = counted.taken - float(columns.system[i]) if columns.adds_up[i] else 0.0
        over = doubts.count(i, counted.taken, change, counted.at_s)
        if doubts.doubt[i] in (Doubt.COUNT_STUCK, Doubt.ALL_EQUAL):
            return False
        if over == Doubt.COUNT_STUCK:
            self._systems.meet_again(i, counted.taken, counted.variance, counted.at_s)
            return True
        # Before the first look nobody knows who is alive, but gates that have told since the count before are.
        hears = bool(columns.watched[i]) or columns.passed_s[i] > columns.fixed_s[i]
        gates = hears and bool(columns.has_gates[i]) and doubts.doubt[i] != Doubt.GATE_STUCK
        believed = self._systems.take(i, counted.taken, counted.variance, counted.at_s, gates=gates)
        if change:
            self._systems.moved(i)
        return believed

    def _see_each_car(self, reading: GateReading | BayReading, i: int) -> None:
        self._alive.watch(self._alive.index[reading.device], i)
        if isinstance(reading, GateReading):
            self._columns.has_gates[i] = True

    def save(self) -> dict[str, object]:
        """The whole state as plain values and arrays."""
        return {name: part.save() for name, part in self._parts().items()}

    def load(self, state: Mapping[str, Any]) -> None:
        """Become what was saved, for the same lots."""
        for name, part in self._parts().items():
            part.load(state.get(name, ()) if part is self._totals else state[name])  # older states have no totals
        self._codes = b""

    def _parts(self) -> dict[str, Any]:
        return {
            "alive": self._alive,
            "clocks": self._clocks,
            "doubts": self._doubts,
            "columns": self._columns,
            "gates": self._gates,
            "totals": self._totals,
            "bays": self._bays,
            "counts": self._counts,
        }

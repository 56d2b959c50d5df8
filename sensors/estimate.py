"""How full each lot really is: a scalar Kalman filter a lot over all its sources, as columns over lots.

Gates' running totals integrate, absolute counts correct, bay sensors bound. Between readings only the variance
grows: little while gates or bay sensors see each car, much while nobody does. Late readings change nothing.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, tzinfo
from typing import Any, Final
from zoneinfo import ZoneInfo

import numpy as np
from numpy.typing import NDArray

from parking.domain.device import Device
from parking.domain.lot import Lot
from parking.domain.occupancy import QUALITIES, Quality
from parking.domain.reading import BayReading, CountReading, CountSource, GateReading, Reading, StatusReading
from parking.domain.settings import EstimateSettings
from sensors.estimate_alive import Alive
from sensors.estimate_bays import Bays
from sensors.estimate_counts import Counts
from sensors.estimate_gates import GateTotals, Restarted
from sensors.estimate_hours import OpenHours
from sensors.estimate_state import LotColumns

F64 = NDArray[np.float64]
I64 = NDArray[np.int64]
I8 = NDArray[np.int8]

CHINA: Final = ZoneInfo("Asia/Shanghai")
REASONS: Final = ("", "one_source_silent", "wide", "wide", "silent", "never_counted")
"""Codes of the text catalogues, in the order in which the later outweighs the earlier."""
QUALITY_OF: Final[I8] = np.array(
    [
        QUALITIES.index(quality)
        for quality in (
            Quality.LIVE,
            Quality.DEGRADED,
            Quality.DEGRADED,
            Quality.UNKNOWN,
            Quality.STALE,
            Quality.UNKNOWN,
        )
    ],
    dtype=np.int8,
)
"""Quality that goes with each reason."""


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
        self._gates, self._bays, self._counts = GateTotals(), Bays(), Counts()
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
        if not isinstance(reading, GateReading | BayReading | CountReading):
            return
        i = self._index.get(reading.lot)
        if i is None or reading.lot not in self._devices[reading.device].lots:
            return
        # A clock that runs ahead must not make later readings late.
        at_s = min(reading.at.timestamp(), received_s)
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
        life, columns = self._alive.life(), self._columns
        columns.pass_time(now_s, watched=life.watched_until >= now_s, closed=self._hours.closed(now))
        sd = columns.sd()
        codes = (life.worst_until < now_s).view(np.int8)
        codes[sd > columns.degraded_sd] = 2
        codes[sd > columns.unknown_sd] = 3
        codes[life.best_until < now_s] = 4
        codes[~columns.anchored] = 5
        quality = QUALITY_OF[codes]
        columns.fresh[codes >= 3] = 0
        told = codes.tobytes()
        if told != self._codes:
            self._codes, self._reasons = told, tuple(REASONS[code] for code in codes.tolist())
        return Estimates(columns.taken.copy(), sd, quality, self._reasons, life.heard, columns.fresh.copy())

    def _take_gate(self, reading: GateReading, i: int, at_s: float) -> bool:
        if not self._gates.knows(reading.device, reading.lot):
            self._see_each_car(reading, i)
        passed = self._gates.take(reading, at_s, self._columns.capacity_of(i))
        if passed is None:
            return False
        if isinstance(passed, Restarted):
            self._columns.lose(i, passed.passages)
        else:
            self._columns.move(i, passed.net, passed.passages, passed.since_s, at_s)
        return True

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
        self._columns.correct(i, counted.taken, counted.variance, counted.at_s)
        return True

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
            part.load(state[name])
        self._codes = b""

    def _parts(self) -> dict[str, Any]:
        return {
            "alive": self._alive,
            "columns": self._columns,
            "gates": self._gates,
            "bays": self._bays,
            "counts": self._counts,
        }

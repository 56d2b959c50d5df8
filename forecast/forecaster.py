"""Fill levels of every lot, minutes to a day ahead: a day-type profile plus a decaying deviation, with bands."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
from numpy.typing import ArrayLike, NDArray

from forecast.arrival import TENTH_Z, Outlook, chance
from forecast.bands import LEAST_SPREAD, LEVELS
from forecast.calendars import get_calendar
from forecast.experience import Experience, Points
from forecast.model import NAME, Model, pack_arrays, unpack_arrays
from forecast.plan import HORIZONS_MIN, between
from forecast.slots import Slots
from parking.domain.calendar import Calendar
from parking.domain.errors import NotAllowed, TooFewSlots
from parking.domain.inputs import Event

F64 = NDArray[np.float64]
I64 = NDArray[np.int64]

TENTH, HALF, NINE_TENTHS = LEVELS.index(0.1), LEVELS.index(0.5), LEVELS.index(0.9)


class Forecaster:
    """Learns slot by slot, of all lots at once; nothing it returns depends on anything later than it was asked for."""

    model = NAME

    def __init__(
        self,
        capacity: ArrayLike,
        region: Calendar | str,
        timezone: ZoneInfo | str,
        step_min: int = 5,
        lot_class: Sequence[str] | None = None,
    ) -> None:
        """Start without experience.

        Args:
            capacity: bays of each lot, shape (L,).
            region: the town's calendar, or a region code such as DE-SN.
            timezone: the town's clock.
            step_min: minutes of a slot; divides a day.
            lot_class: kind of each lot, (L,); kept, but this model learns from all lots together.

        Raises:
            NotFound: no holiday rules for the region code.
        """
        zone = ZoneInfo(timezone) if isinstance(timezone, str) else timezone
        calendar = region if isinstance(region, Calendar) else get_calendar(region, zone)
        self.capacity: F64 = np.asarray(capacity, dtype=np.float64)
        self.lot_class = None if lot_class is None else tuple(lot_class)
        self._size: F64 = np.maximum(self.capacity, 1.0)
        self._slots = Slots(calendar, step_min)
        self._experience = Experience(self._slots, len(self.capacity))
        self._newest: tuple[int, Points] | None = None
        self._outlook: tuple[int, Outlook] | None = None

    def learn(
        self,
        times: Sequence[datetime],
        occupied: ArrayLike,
        trust: ArrayLike | None = None,
        events: Sequence[Event] | None = None,
    ) -> None:
        """Learn a stretch of the past: the same as observing it slot by slot.

        Args:
            times: begins of slots, UTC, ascending, shape (T,).
            occupied: taken bays, shape (T, L); NaN is unknown.
            trust: 0..1, shape (T, L); everything known is trusted by default.
            events: planned events of that time; this model knows none and learns their days like others.
        """
        taken = np.asarray(occupied, dtype=np.float64)
        trusts = np.ones_like(taken) if trust is None else np.asarray(trust, dtype=np.float64)
        for at, row, trusted in zip(times, taken, trusts, strict=True):
            self.observe(at, row, trusted)

    def observe(self, at: datetime, occupied: ArrayLike, trust: ArrayLike | None = None) -> None:
        """Learn one slot.

        Args:
            at: any instant of it.
            occupied: taken bays, shape (L,); NaN is unknown.
            trust: 0..1, shape (L,).

        Raises:
            NotAllowed: the slot is not later than the one before.
        """
        slot, last = self._slots.number(at), self._experience.last
        if last is not None and slot <= last:
            raise NotAllowed(
                f"slot {self._slots.begins(slot)} is not later than {self._slots.begins(last)}; observe in order"
            )
        fill = np.clip(np.asarray(occupied, dtype=np.float64) / self._size, 0.0, 1.0)
        trusts = np.ones_like(fill) if trust is None else np.asarray(trust, dtype=np.float64)
        trusts = np.where(np.isnan(fill), 0.0, np.nan_to_num(trusts))
        self._newest = (slot, self._experience.observe(slot, np.nan_to_num(fill), trusts))
        self._outlook = None

    def predict(self, at: datetime, horizons_min: Sequence[int], quantiles: Sequence[float]) -> F64:
        """Taken bays at some horizons.

        Args:
            at: the origin; not earlier than the newest slot observed.
            horizons_min: minutes ahead, above 0.
            quantiles: ascending levels in 0..1.

        Returns:
            Shape (L, H, Q), ascending along Q, within 0..capacity.

        Raises:
            NotAllowed: something later than `at` has been observed.
        """
        slot = self._origin(at)
        wanted = tuple(horizons_min)
        points = self._points(slot) if wanted == HORIZONS_MIN else self._experience.points(slot, wanted)
        tracked = self._experience.plan(wanted).mix @ self._experience.bands.quantile
        levels = np.tensordot(between(quantiles, LEVELS), tracked, axes=1)
        fill = points.point + np.maximum(points.spread, LEAST_SPREAD) * levels
        taken: F64 = np.clip(fill, 0.0, 1.0).transpose(2, 1, 0) * self.capacity[:, np.newaxis, np.newaxis]
        return taken

    def p_free(self, at: datetime, arrival_min: float, spaces: int = 1) -> F64:
        """Probability of at least `spaces` free bays in so many minutes, shape (L,)."""
        lots = np.arange(len(self.capacity))
        return self.p_free_rows(at, lots, np.full(len(lots), float(arrival_min)), spaces)

    def p_free_rows(
        self,
        at: datetime,
        lot_index: I64,
        arrival_min: F64,
        spaces: int = 1,
        *,
        taken: F64 | None = None,
        sd: F64 | None = None,
    ) -> F64:
        """Probability of at least `spaces` free bays on arrival, a row for each lot and way there.

        Args:
            at: now; not earlier than the newest slot observed.
            lot_index: which lot, shape (R,).
            arrival_min: minutes until arrival, shape (R,).
            spaces: how many bays must be free.
            taken: newest estimate in bays, shape (L,); by default that of the newest slot.
            sd: its standard deviation, shape (L,).

        Returns:
            Shape (R,), unit 1.

        Raises:
            NotAllowed: something later than `at` has been observed.
        """
        outlook = self._look(self._origin(at))
        newest = outlook.middle[0] if taken is None else taken
        spread = np.zeros(len(self.capacity)) if sd is None else sd
        return chance(outlook, self.capacity, lot_index, arrival_min, spaces, newest, spread)

    def _origin(self, at: datetime) -> int:
        slot, last = self._slots.number(at), self._experience.last
        if last is not None and slot < last:
            raise NotAllowed(f"{at} is past: {self._slots.begins(last)} is known; ask from there")
        return slot

    def _points(self, slot: int) -> Points:
        if self._newest is None or self._newest[0] != slot:
            self._newest = (slot, self._experience.points(slot, HORIZONS_MIN))
        return self._newest[1]

    def _look(self, slot: int) -> Outlook:
        if self._outlook is not None and self._outlook[0] == slot:
            return self._outlook[1]
        points, quantile = self._points(slot), self._experience.bands.quantile
        scale = np.maximum(points.spread, LEAST_SPREAD) * self.capacity
        now = points.now * self.capacity
        returned = np.clip(self._experience.weights.current[1], 0.0, 1.0)
        outlook = Outlook(
            minutes=np.array((0.0, *HORIZONS_MIN)),
            middle=np.vstack([now, points.point * self.capacity + scale * quantile[HALF]]),
            above=_under(scale * (quantile[NINE_TENTHS] - quantile[HALF]) / TENTH_Z),
            below=_under(scale * (quantile[HALF] - quantile[TENTH]) / TENTH_Z),
            keep=np.vstack([np.ones_like(now), 1.0 - returned]),
        )
        self._outlook = (slot, outlook)
        return outlook

    def refit(self) -> Model:
        """Coefficients and the experience behind them, fitted from all that was learnt; changes nothing here.

        Raises:
            TooFewSlots: not a day has been learnt.
        """
        last = self._experience.last
        if last is None or float(self._experience.weights.slots.max()) < self._slots.a_day:
            raise TooFewSlots("less than a day has been learnt; learn more before fitting")
        return Model(NAME, self._slots.begins(last), pack_arrays(NAME, self._experience.to_arrays()))

    def use(self, model: Model | bytes) -> None:
        """Forecast with fitted coefficients; lots of which the model has seen more take over its experience.

        Raises:
            BadJournal: the bytes are damaged, or of another model or town.
        """
        data = model.coefficients if isinstance(model, Model) else model
        self._experience.adopt(unpack_arrays(NAME, data))
        self._newest = self._outlook = None

    def save(self) -> dict[str, Any]:
        """The whole state as plain values and arrays."""
        return self._experience.save()

    def load(self, state: Mapping[str, Any]) -> None:
        """Become what was saved, for the same lots."""
        self._experience.load(state)
        self._newest = self._outlook = None


def _under(rows: F64) -> F64:
    """The present has no spread of its own: it is the estimate's."""
    return np.vstack([np.zeros_like(rows[:1]), rows])

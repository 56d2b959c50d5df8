"""What has been learnt of all lots, and how one more slot adds to it. Shares of capacity; the last axis is the lot."""

from collections.abc import Mapping, Sequence
from typing import Any, Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from forecast.bands import GROWTH, MOST_SPREAD, WATCHES, Bands
from forecast.features import Sight, explain
from forecast.heard import NOTHING_KNOWN, Heard
from forecast.history import DAYS, FILL, HABIT, USUAL, WEIGHT, History
from forecast.plan import HORIZONS_MIN, Plan, plan_for
from forecast.profile import Profile
from forecast.slots import Slots
from forecast.weights import Weights
from parking.domain.errors import BadJournal

F64 = NDArray[np.float64]
I64 = NDArray[np.int64]

HOLD_MIN: Final = 30
"""A value stands for so long when none follows: slow sources speak every quarter or half hour."""
DRIFT_MIN: Final = 60
SOLVE_MIN: Final = 60
"""Coefficients follow what was learnt this often."""
REMEMBERED_IN: Final = 12
"""Yesterday enters the profile in so many slots after midnight: an hour, so that no tick is slow."""
PLANS: Final = 32
"""Lists of horizons that are kept prepared: callers ask for the same few."""
OUTLIER: Final = 4.0
"""An error of more spreads than this teaches less: a corrected counter is no demand."""


class Points(NamedTuple):
    """Forecasts from one origin, shape (H, L)."""

    point: F64
    spread: F64
    """Usual absolute error."""
    now: F64
    """What the lots hold at the origin, shape (L,): heard, or carried on by the same model."""


class _View(NamedTuple):
    """A plan at one origin; the first row of `usual` and `days` is the origin, the others are targets."""

    plan: Plan
    watches: I64
    usual: F64
    days: F64


class Experience:
    """Profile, rings, coefficients and bands of all lots."""

    def __init__(self, slots: Slots, lots: int) -> None:
        step_min = slots.step_s // 60
        self._slots, self._lots = slots, lots
        self._ahead: I64 = plan_for(HORIZONS_MIN, slots).ahead
        self._plans: dict[tuple[int, ...], Plan] = {}
        self._hour = DRIFT_MIN // step_min
        self._hold = HOLD_MIN // step_min
        self._solve_every = max(1, SOLVE_MIN // step_min)
        self.profile = Profile(lots, slots.a_day)
        self.history = History(int(self._ahead.max()) + slots.a_day + self._hour + 1, lots)
        self.weights = Weights(HORIZONS_MIN, lots)
        self.bands = Bands(HORIZONS_MIN, lots)
        self._issued: list[F64] = [np.full((int(ahead), lots), np.nan) for ahead in self._ahead]
        self._at_once = slots.a_day // REMEMBERED_IN
        self._remembered: int | None = None
        self._heard = Heard(lots)
        self._habit: F64 = np.zeros(lots)

    @property
    def last(self) -> int | None:
        """The newest slot heard of."""
        return self.history.last

    def observe(self, slot: int, fill: F64, trust: F64) -> Points:
        """Learn from one slot; unknown lots have trust 0 and any number as fill.

        Returns:
            The forecast at every horizon from here.
        """
        self._forget_skipped(slot)
        self._remember_yesterday(slot)
        view = self._view(HORIZONS_MIN, slot)
        self._learn(slot, fill, trust, view.usual[0], view.days[0])
        self._put(slot, fill, trust, view.usual[0], view.days[0])
        if slot % self._solve_every == 0:
            self.weights.solve()
        points = self._from(slot, view)
        for ahead, issued, point in zip(self._ahead.tolist(), self._issued, points.point, strict=True):
            issued[slot % ahead] = point
        return points

    def points(self, slot: int, horizons_min: Sequence[int]) -> Points:
        """Forecasts from an origin not earlier than the newest slot; learns nothing."""
        return self._from(slot, self._view(horizons_min, slot))

    def plan(self, horizons_min: Sequence[int]) -> Plan:
        """These horizons, prepared; those asked for again are prepared once."""
        wanted = tuple(horizons_min)
        found = self._plans.get(wanted)
        if found is None:
            if len(self._plans) >= PLANS:
                self._plans.clear()
            found = self._plans[wanted] = plan_for(wanted, self._slots)
        return found

    def _view(self, horizons_min: Sequence[int], slot: int) -> _View:
        plan = self.plan(horizons_min)
        cells = self._slots.cells([slot, *(slot + plan.ahead).tolist()])
        usual, days = self.profile.read(cells)
        return _View(plan, cells[1:] % self._slots.a_day * WATCHES // self._slots.a_day, usual, days)

    def _from(self, slot: int, view: _View) -> Points:
        plan, usual, days = view.plan, view.usual, view.days
        age = np.maximum(slot - self._heard.slot, 0.0) * self._slots.step_s / 60
        fill = self._heard.carried(age, usual[0], days[0], self._returned(age)) if age.any() else self._heard.fill
        before = self.history.row(slot - self._hour)
        features = explain(
            Sight(
                fill=fill,
                usual=usual[0],
                days=days[0],
                fill_before=before[FILL],
                usual_before=before[USUAL],
                target_usual=usual[1:],
                target_days=days[1:],
                half=plan.half,
                target_yesterday=self._deviation(slot + plan.ahead - plan.back),
                habit=self._habit,
            )
        )
        current = plan.mix @ self.weights.current
        change = (features * current).sum(axis=0) * plan.kept
        return Points(np.clip(fill + change, 0.0, 1.0), self._spread(view, age), fill)

    def _spread(self, view: _View, age_min: F64) -> F64:
        spread: F64 = np.einsum("hk,hkl->hl", view.plan.mix, self.bands.spread[view.watches])
        if not age_min.any():
            return spread
        # Errors grow with the time since the lot was heard, up to what knowing nothing of today gives.
        older = spread * (1.0 + age_min / np.array(view.plan.horizons_min)[:, np.newaxis]) ** GROWTH
        return np.where(np.isinf(age_min), NOTHING_KNOWN / 2, np.clip(older, spread, np.maximum(spread, MOST_SPREAD)))

    def _returned(self, minutes: F64) -> F64:
        """Share of a deviation that is gone after so many minutes, (L,), by each lot's own coefficients."""
        places = np.interp(minutes, (0.0, *HORIZONS_MIN), np.arange(len(HORIZONS_MIN) + 1))
        low = np.minimum(places.astype(np.int64), len(HORIZONS_MIN) - 1)
        known = np.vstack([np.zeros(self._lots), np.clip(self.weights.current[1], 0.0, 1.0)])
        lots, share = np.arange(self._lots), places - low
        returned: F64 = known[low, lots] * (1.0 - share) + known[low + 1, lots] * share
        return returned

    def _learn(self, slot: int, fill: F64, trust: F64, usual: F64, days: F64) -> None:
        plan = self.plan(HORIZONS_MIN)
        origin, before = self.history.rows(slot - plan.ahead), self.history.rows(slot - plan.ahead - self._hour)
        then = origin[:, FILL]
        issued = np.stack([ring[slot % len(ring)] for ring in self._issued])
        error = fill - issued
        known = np.where(np.isnan(then) | np.isnan(issued), 0.0, trust)
        error[known == 0.0] = 0.0
        watch = (self._slots.cell(slot) % self._slots.a_day) * WATCHES // self._slots.a_day
        sober = np.maximum(1.0, np.abs(error) / (OUTLIER * self.bands.spread[watch] + 1e-6))
        self.bands.learn(watch, error, known)
        features = explain(
            Sight(
                fill=then,
                usual=origin[:, USUAL],
                days=origin[:, DAYS],
                fill_before=before[:, FILL],
                usual_before=before[:, USUAL],
                target_usual=usual,
                target_days=days,
                half=plan.half,
                target_yesterday=self._deviation(slot - plan.back),
                habit=origin[:, HABIT],
            )
        )
        self.weights.learn(features, np.where(known > 0, fill - then, 0.0), known / sober)

    def _put(self, slot: int, fill: F64, trust: F64, usual: F64, days: F64) -> None:
        known = trust > 0
        since = slot - self._heard.slot
        held = np.where(known, fill, np.where(since <= self._hold, self._heard.fill, np.nan))
        deviation = held - usual
        self._habit = np.where(
            np.isnan(deviation), self._habit, self._habit + (deviation - self._habit) / self._slots.a_day
        )
        # A value of a slow source stands for the slots since the one before.
        weight = np.where(known, trust * np.clip(since, 1, self._hold), 0.0)
        self._heard.hear(known, slot, fill, usual, days)
        self.history.put(slot, fill=held, usual=usual, days=days, habit=self._habit, weight=weight)

    def _remember_yesterday(self, slot: int) -> None:
        """Put the days before today into the profile; today stays out, so that deviations are from what was usual."""
        today = slot - self._slots.cell(slot) % self._slots.a_day
        first = slot if self._remembered is None else max(self._remembered, slot - self.history.slots)
        self._remembered = max(first, min(today, first + self._at_once))
        for past in range(first, self._remembered):
            alive = (past - self._heard.slot <= self._slots.a_day).astype(np.float64)
            row = np.nan_to_num(self.history.row(past))
            self.profile.learn(self._slots.cell(past), row[FILL], row[WEIGHT], alive)

    def _deviation(self, slots: I64) -> F64:
        rows = self.history.rows(slots)
        deviation: F64 = rows[:, FILL] - rows[:, USUAL]
        return deviation

    def _forget_skipped(self, slot: int) -> None:
        last = self.history.last
        if last is None or slot == last + 1:
            return
        for ring in self._issued:
            ring[np.arange(max(last + 1, slot - len(ring)), slot) % len(ring)] = np.nan

    def to_arrays(self) -> dict[str, F64]:
        """What was learnt, freshly fitted, without the last days' rings."""
        fitted = Weights(HORIZONS_MIN, self._lots)
        fitted.load(self.weights.save())
        fitted.solve()
        parts = {"profile": self.profile.save(), "weights": fitted.save(), "bands": self.bands.save()}
        return {f"{part}.{name}": array for part, arrays in parts.items() for name, array in arrays.items()}

    def adopt(self, arrays: Mapping[str, F64]) -> None:
        """Take over another's coefficients, and its experience of lots it has seen more of."""
        mine, seen = self.to_arrays(), self.profile.seen()
        if arrays.keys() != mine.keys() or any(arrays[name].shape != mine[name].shape for name in mine):
            raise BadJournal("the coefficients are of other lots; fit again for this town")
        more = arrays["profile.weight"].sum(axis=0) / self._slots.a_day > seen
        for name, array in mine.items():
            array[..., more] = arrays[name][..., more]
        mine["weights.current"] = arrays["weights.current"].copy()
        for part in ("profile", "weights", "bands"):
            found = {name.removeprefix(f"{part}."): mine[name] for name in mine if name.startswith(f"{part}.")}
            self._parts()[part].load(found)

    def save(self) -> dict[str, Any]:
        """The whole state as plain values and arrays."""
        return {
            **{name: part.save() for name, part in self._parts().items()},
            "remembered": self._remembered,
            "issued": [ring.copy() for ring in self._issued],
            "habit": self._habit.copy(),
        }

    def load(self, state: Mapping[str, Any]) -> None:
        """Become what was saved."""
        for name, part in self._parts().items():
            part.load(state[name])
        self._remembered = state["remembered"]
        self._issued = [ring.copy() for ring in state["issued"]]
        self._habit = state["habit"].copy()

    def _parts(self) -> dict[str, Any]:
        return {
            "profile": self.profile,
            "history": self.history,
            "weights": self.weights,
            "bands": self.bands,
            "heard": self._heard,
        }

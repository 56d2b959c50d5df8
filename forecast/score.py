"""Forecasts against what came: the model's error beside that of "same as now", and what the band covered."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

F64 = NDArray[np.float64]

SUMS: Final = ("pairs", "error", "same_as_now", "covered")


@dataclass(frozen=True, slots=True)
class Score:
    """One horizon, over all lots and slots that could be scored."""

    horizon_min: int
    pairs: int
    mae: float
    """Mean absolute error of the point forecast, % of capacity; NaN without pairs."""
    same_as_now: float
    """That of the baseline on the same pairs."""
    covered_share: float
    """Share of truths within the band."""


class Scorer:
    """Keeps what was issued until its time comes; a slot costs the same however long it has run."""

    def __init__(self, capacity: F64, horizons_min: Sequence[int], step_min: int = 5) -> None:
        """Start empty; each horizon must be a multiple of `step_min`."""
        self._size: F64 = np.maximum(np.asarray(capacity, dtype=np.float64), 1.0)
        self._horizons = tuple(horizons_min)
        self._ahead = [minutes // step_min for minutes in self._horizons]
        lots = len(self._size)
        # Each row: the baseline, low end, point and high end of what was issued for that slot.
        self._due = [np.full((ahead, 4, lots), np.nan) for ahead in self._ahead]
        self._last: int | None = None
        self.sums: dict[str, F64] = {name: np.zeros((len(self._ahead), lots)) for name in SUMS}

    def hear(self, slot: int, taken: F64, low: F64, point: F64, high: F64) -> None:
        """One slot: score what was due, then keep what is issued now.

        Args:
            slot: its number; slots left out are not scored.
            taken: truth in bays, shape (L,), NaN unknown.
            low: lower end of the band from here, shape (L, H), bays.
            point: the forecast.
            high: upper end.
        """
        for h, (ahead, due) in enumerate(zip(self._ahead, self._due, strict=True)):
            if self._last is not None:
                due[np.arange(max(self._last + 1, slot - ahead), slot) % ahead] = np.nan
            row = due[slot % ahead]
            self._score(h, taken, *row)
            row[:] = taken, low[:, h], point[:, h], high[:, h]
        self._last = slot

    def _score(self, h: int, taken: F64, before: F64, low: F64, point: F64, high: F64) -> None:
        known = ~(np.isnan(taken) | np.isnan(before) | np.isnan(point))
        error, baseline = np.abs(taken - point) / self._size, np.abs(taken - before) / self._size
        self.sums["pairs"][h] += known
        self.sums["error"][h] += np.where(known, error, 0.0)
        self.sums["same_as_now"][h] += np.where(known, baseline, 0.0)
        self.sums["covered"][h] += known & (taken >= low) & (taken <= high)

    def scores(self) -> tuple[Score, ...]:
        """One for each horizon."""
        return tuple(self._total(h, minutes) for h, minutes in enumerate(self._horizons))

    def _total(self, h: int, horizon_min: int) -> Score:
        pairs, error, baseline, covered = (float(self.sums[name][h].sum()) for name in SUMS)
        if not pairs:
            return Score(horizon_min, 0, np.nan, np.nan, np.nan)
        return Score(horizon_min, int(pairs), 100 * error / pairs, 100 * baseline / pairs, covered / pairs)

    def save(self) -> dict[str, Any]:
        """The whole state as plain values and arrays."""
        return {"last": self._last, "due": [due.copy() for due in self._due], "sums": dict(self.sums)}

    def load(self, state: Mapping[str, Any]) -> None:
        """Become what was saved."""
        self._last = state["last"]
        self._due = [due.copy() for due in state["due"]]
        self.sums = {name: state["sums"][name].copy() for name in SUMS}

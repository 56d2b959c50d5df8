"""The filter's state: what each lot holds and how surely, as columns of shape (L,) in bays."""

from collections.abc import Mapping, Sequence
from math import isnan
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from parking.domain.settings import EstimateSettings

F64 = NDArray[np.float64]
I64 = NDArray[np.int64]
BOOLS = NDArray[np.bool_]

BAY_VARIANCE: Final = 0.01
"""What one bay's sensor adds to the variance: it is wrong about once in a hundred."""

SAVED: Final = (
    "taken",
    "variance",
    "gap",
    "anchored",
    "fresh",
    "has_gates",
    "hidden",
    "watched",
    "grown_s",
    "fixed_s",
    "gain",
)


class LotColumns:
    """Mean and variance of each lot, and how they move.

    The variance has two parts. `gap` grew while nobody saw cars come and go; it falls away when every gate is heard
    again, since running totals then tell what passed. `variance` is all else.
    """

    def __init__(self, capacity: Sequence[int]) -> None:
        count = len(capacity)
        self._capacity: F64 = np.array(capacity, dtype=np.float64)
        # Whoever knows nothing knows at least the bounds: a uniform guess.
        self._most: F64 = self._capacity**2 / 12
        self.taken: F64 = self._capacity / 2
        self.variance: F64 = self._most.copy()
        self.gap: F64 = np.zeros(count)
        self.anchored: BOOLS = np.zeros(count, dtype=bool)
        """Whether an absolute source has spoken."""
        self.fresh: I64 = np.zeros(count, dtype=np.int64)
        self.has_gates: BOOLS = np.zeros(count, dtype=bool)
        self.hidden: F64 = np.ones(count)
        """Share of bays that no bay sensor sees."""
        self.watched: BOOLS = np.zeros(count, dtype=bool)
        """Whether all that see its cars were heard at the last look."""
        self.grown_s: F64 = np.full(count, np.nan)
        """Up to when variance has grown, epoch seconds."""
        self.fixed_s: F64 = np.full(count, -np.inf)
        """Time of the last count that corrected."""
        self.gain: F64 = np.zeros(count)
        """How much that count was believed, 0..1."""
        self.configure(EstimateSettings())

    def configure(self, settings: EstimateSettings) -> None:
        """Limits and growth a second, in bays and bays² by capacity."""
        self._passage_variance = settings.passage_sd**2
        self._idle: F64 = (settings.idle_sd_per_hour_share * self._capacity) ** 2 / 3600
        self._unseen: F64 = (settings.unseen_sd_per_hour_share * self._capacity) ** 2 / 3600
        self.degraded_sd: F64 = settings.degraded_sd_share * self._capacity
        self.unknown_sd: F64 = settings.unknown_sd_share * self._capacity

    def capacity_of(self, i: int) -> float:
        """All bays of lot `i`."""
        return float(self._capacity[i])

    def pass_time(self, now_s: float, *, watched: BOOLS, closed: BOOLS | None) -> None:
        """Let variance grow up to `now_s`; a closed lot keeps what it has.

        Args:
            now_s: epoch seconds.
            watched: lots all of whose gates and bay gateways are heard, shape (L,).
            closed: lots outside their hours, shape (L,), or None.
        """
        passed = np.fmax(now_s - self.grown_s, 0.0)
        self.grown_s = np.fmax(self.grown_s, now_s)
        self.watched = watched
        if closed is not None:
            passed[closed] = 0.0
        slipped = passed * self._idle + np.where(self.has_gates, 0.0, passed * self._unseen * self.hidden**2 + self.gap)
        self.variance += np.where(watched, slipped, 0.0)
        self.gap = np.where(watched, 0.0, self.gap + passed * self._unseen)

    def sd(self) -> F64:
        """Standard deviation now, bays; nobody can know less than nothing."""
        both: F64 = np.sqrt(np.minimum(self.variance + self.gap, self._most))
        return both

    def move(self, i: int, net: float, passages: float, since_s: float, at_s: float) -> None:
        """Cars passed the gates of lot `i` between two readings."""
        fixed_s = float(self.fixed_s[i])
        if fixed_s > since_s:
            # A count within the interval has already seen the cars that passed before it.
            net *= 1.0 - float(self.gain[i]) * (min(fixed_s, at_s) - since_s) / (at_s - since_s)
        self._put(i, float(self.taken[i]) + net)
        self.variance[i] += passages * self._passage_variance

    def lose(self, i: int, passages: float) -> None:
        """A gate of lot `i` began anew: each car it saw since may have come or gone, and what passed before is lost."""
        self.variance[i] += float(self.gap[i]) + min(passages, float(self._capacity[i]))
        self.gap[i] = 0.0

    def bound(self, i: int, change: int, least: int, most: int, *, known: int) -> None:
        """A bay of lot `i` was heard of; its sensors leave so much room."""
        taken = float(self.taken[i])
        if not self.has_gates[i]:
            taken += change
        room = (most - least) ** 2 / 12 + known * BAY_VARIANCE
        self._put(i, min(max(taken, least), most))
        self.variance[i] = min(float(self.variance[i] + self.gap[i]), room)
        self.gap[i] = 0.0
        self.hidden[i] = (most - least) / max(float(self._capacity[i]), 1.0)
        self.anchored[i] = True

    def correct(self, i: int, counted: float, variance: float, at_s: float) -> None:
        """Somebody counted lot `i`: Kalman's step, the count being the less worth the older it is."""
        # What the clock has not yet let grow, since counts come between ticks and after a pause.
        grown_s = float(self.grown_s[i])
        if not grown_s >= at_s:
            growth = self._idle if self.watched[i] else self._unseen
            self.gap[i] += 0.0 if isnan(grown_s) else (at_s - grown_s) * float(growth[i])
            self.grown_s[i] = at_s
        else:
            variance += (grown_s - at_s) * float(self._unseen[i])
        before = min(float(self.variance[i] + self.gap[i]), float(self._most[i]))
        gain = before / (before + variance) if self.anchored[i] else 1.0
        self._put(i, float(self.taken[i]) + gain * (counted - float(self.taken[i])))
        self.variance[i] = before * (1.0 - gain) if self.anchored[i] else variance
        self.gap[i] = 0.0
        self.anchored[i] = True
        self.fixed_s[i], self.gain[i] = max(at_s, float(self.fixed_s[i])), gain

    def _put(self, i: int, taken: float) -> None:
        self.taken[i] = min(max(taken, 0.0), float(self._capacity[i]))

    def save(self) -> dict[str, Any]:
        """Columns by name."""
        return {name: getattr(self, name).copy() for name in SAVED}

    def load(self, state: Mapping[str, Any]) -> None:
        """Back to those columns."""
        for name in SAVED:
            setattr(self, name, state[name].copy())

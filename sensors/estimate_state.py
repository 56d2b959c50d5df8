"""The filter's state: what each lot holds and how surely, as columns of shape (L,) in bays.

Two things are unknown of each lot: what it holds, and by how much its lot system's own count is off. Such a count is no
fresh look: the system adds and takes away cars as they pass, so what it once counted wrong stays wrong. Cameras and
persons look afresh.
"""

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

RATE_GAIN: Final = 0.1
"""How much one reading of the gates changes the rate of late."""

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
    "adds_up",
    "off",
    "off_variance",
    "shared",
    "system",
    "passed_s",
    "rate",
    "odd",
    "odd_times",
    "parting",
    "apart",
    "kept_off",
    "kept_off_variance",
    "kept_taken",
    "kept_variance",
)

PLAUSIBLE_SDS: Final = 5.0
"""A count further off than this is not believed until it has been said …"""
PLAUSIBLE_BAYS: Final = 6.0
PLAUSIBLE_SHARE: Final = 0.04
TIMES: Final = 5
"""… so many times in a row."""
FULL_SD_SHARE: Final = 0.008
"""How surely a lot is full at whose gate cars wait and which lets one in when one leaves."""


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
        self.adds_up: BOOLS = np.zeros(count, dtype=bool)
        """Whether a lot system counts here, that is off by what it once counted wrong."""
        self.off: F64 = np.zeros(count)
        self.off_variance: F64 = np.zeros(count)
        self.shared: F64 = np.zeros(count)
        """Covariance of what the lot holds with what the system is off by."""
        self.system: F64 = np.full(count, np.nan)
        """The system's newest count."""
        self.passed_s: F64 = np.full(count, -np.inf)
        """Up to when the gates' newest totals tell."""
        self.rate: F64 = np.zeros(count)
        """Passages a second, of late."""
        self.odd: F64 = np.zeros(count)
        self.odd_times: I64 = np.zeros(count, dtype=np.int64)
        """By how much counts were beyond belief, and how often in a row."""
        self.parting: F64 = np.ones(count)
        """How fast gates and system part, of late; 1 is as their errors explain."""
        self.apart: F64 = np.zeros(count)
        """What has parted them while they part too fast."""
        self.kept_off: F64 = np.zeros(count)
        self.kept_off_variance: F64 = np.zeros(count)
        """The system's error when the gates last moved."""
        self.kept_taken: F64 = np.zeros(count)
        self.kept_variance: F64 = np.zeros(count)
        """What the lot held, by its gates alone, since the system's count last changed."""
        self.configure(EstimateSettings())

    def configure(self, settings: EstimateSettings) -> None:
        """Limits and growth a second, in bays and bays² by capacity."""
        self.passage_variance = settings.passage_sd**2
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
        error = passages * self.passage_variance
        fixed_s = float(self.fixed_s[i])
        self.kept_taken[i] += net
        self.kept_variance[i] += error
        if fixed_s > since_s:
            # A count within the interval has already seen the cars that passed before it.
            net *= 1.0 - float(self.gain[i]) * (min(fixed_s, at_s) - since_s) / (at_s - since_s)
        self.put(i, float(self.taken[i]) + net)
        self.variance[i] += error
        self.passed_s[i] = at_s
        self.rate[i] += RATE_GAIN * (passages / max(at_s - since_s, 1.0) - self.rate[i])
        if passages and self.adds_up[i]:
            self.off_variance[i] += error
            self.kept_off[i], self.kept_off_variance[i] = self.off[i], self.off_variance[i]

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
        self.put(i, min(max(taken, least), most))
        self.variance[i] = min(float(self.variance[i] + self.gap[i]), room)
        self.gap[i] = 0.0
        self.hidden[i] = (most - least) / max(float(self._capacity[i]), 1.0)
        self.anchored[i] = True

    def correct(self, i: int, counted: float, variance: float, at_s: float) -> bool:
        """Somebody looked at lot `i` and counted: Kalman's step, the count being the less worth the older it is.

        Returns:
            False for a count beyond belief; said often enough it is believed.
        """
        variance += self.catch_up(i, at_s)
        self._count_once(i, counted, variance, at_s)
        return True

    def look(self, i: int, counted: float, variance: float, at_s: float) -> bool:
        """As `correct`, by a machine: what cannot be true is not believed until it has been said several times."""
        age = self.catch_up(i, at_s)
        if self.anchored[i]:
            sd = float(self.variance[i] + self.gap[i] + variance + age) ** 0.5
            if self.is_odd(i, counted - float(self.taken[i]), sd):
                return False
            if self.odd_times[i] >= TIMES:
                self.variance[i] += float(self.odd[i]) ** 2
            self.odd_times[i] = 0
        self._count_once(i, counted, variance + age, at_s)
        return True

    def fill(self, i: int) -> None:
        """Lot `i` is full: cars wait, and one comes in when one leaves."""
        capacity = float(self._capacity[i])
        self._kalman(i, capacity, max(1.5, FULL_SD_SHARE * capacity) ** 2)

    def has_room_below(self, i: int, share: float) -> bool:
        """Whether lot `i` has less room than this share, as far as anybody can know."""
        room = float(self._capacity[i] - self.taken[i])
        return bool(room <= share * float(self._capacity[i]) + 2.0 * float(self.variance[i]) ** 0.5)

    def is_odd(self, i: int, y: float, sd: float) -> bool:
        """Whether a count is beyond belief, and was not yet said often enough."""
        if abs(y) <= max(PLAUSIBLE_SDS * sd, PLAUSIBLE_BAYS, PLAUSIBLE_SHARE * float(self._capacity[i])):
            self.odd_times[i] = 0
            return False
        times, before = int(self.odd_times[i]), float(self.odd[i])
        again = times and abs(y - before) <= max(PLAUSIBLE_BAYS, 0.3 * abs(before))
        self.odd[i], self.odd_times[i] = y, times + 1 if again else 1
        return int(self.odd_times[i]) < TIMES

    def catch_up(self, i: int, at_s: float) -> float:
        """Let variance grow to a count that comes between ticks; returns what an older count is off by besides."""
        grown_s = float(self.grown_s[i])
        if grown_s >= at_s:
            return (grown_s - at_s) * float(self._unseen[i])
        growth = self._idle if self.watched[i] else self._unseen
        self.gap[i] += 0.0 if isnan(grown_s) else (at_s - grown_s) * float(growth[i])
        self.grown_s[i] = at_s
        return 0.0

    def _count_once(self, i: int, counted: float, variance: float, at_s: float) -> None:
        gain = self._kalman(i, counted, variance)
        self.anchored[i] = True
        self.fixed_s[i], self.gain[i] = max(at_s, float(self.fixed_s[i])), gain

    def _kalman(self, i: int, counted: float, variance: float) -> float:
        """One look at what lot `i` holds; what is learnt of it is learnt of the system's error as well."""
        a, c = self.spread(i), float(self.shared[i])
        if not self.anchored[i]:
            self.put(i, counted)
            self.variance[i], self.gap[i] = variance, 0.0
            return 1.0
        gain, y = a / (a + variance), counted - float(self.taken[i])
        self.put(i, float(self.taken[i]) + gain * y)
        if self.adds_up[i]:
            off_gain = c / (a + variance)
            self.off[i] += off_gain * y
            self.off_variance[i] = max(float(self.off_variance[i]) - off_gain * c, 0.0)
            self.shared[i] = c * (1.0 - gain)
        self.variance[i], self.gap[i] = a * (1.0 - gain), 0.0
        return gain

    def spread(self, i: int) -> float:
        """Variance of what lot `i` holds, with what nobody saw; nobody can know less than nothing."""
        return min(float(self.variance[i] + self.gap[i]), float(self._most[i]))

    def put(self, i: int, taken: float) -> None:
        """Lot `i` holds so many, within its bounds."""
        self.taken[i] = min(max(taken, 0.0), float(self._capacity[i]))

    def save(self) -> dict[str, Any]:
        """Columns by name."""
        return {name: getattr(self, name).copy() for name in SAVED}

    def load(self, state: Mapping[str, Any]) -> None:
        """Back to those columns."""
        for name in SAVED:
            setattr(self, name, state[name].copy())

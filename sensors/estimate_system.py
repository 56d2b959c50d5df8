"""What a lot's own system counts: it adds up the cars it sees, so what it once counted wrong stays wrong.

Its error is a second unknown beside what the lot holds. Both are learnt together, and the errors of gates and system,
which come about independently, are told apart by how they part.
"""

from math import isnan
from typing import Final

from sensors.estimate_state import TIMES, LotColumns

IN_FLIGHT: Final = 0.25
"""Variance of a count against gates that were read at another second: a car is just passing."""
LEAST_VARIANCE: Final = 0.05
PARTING_GAIN: Final = 0.2
PARTING: Final = 4.0
"""Mean of the squared steps by which gates and system part, as a multiple of what their errors explain."""
KEPT_APART: Final = 0.98
FORGOTTEN: Final = 0.9
SHARE_APART: Final = 0.6
"""What has parted them so far may be the fault of either: each may be off by more than half of it."""
UNREAD_S: Final = 60.0
"""Longest time that gates are taken to have passages they have not told."""


class SystemCounts:
    """Counts of lot systems, put into the columns."""

    def __init__(self, columns: LotColumns) -> None:
        self._columns = columns

    def take(self, i: int, counted: float, variance: float, at_s: float, *, gates: bool) -> bool:
        """The system of lot `i` has counted.

        Args:
            i: the lot.
            counted: cars inside, by the system.
            variance: how far off it may be when it is heard first, bays².
            at_s: epoch seconds.
            gates: whether its gates tell each car; else the changes of the count itself do.

        Returns:
            False for a count beyond belief; said often enough it is taken as a new beginning of the system's.
        """
        c = self._columns
        age = c.catch_up(i, at_s)
        before, c.system[i] = float(c.system[i]), counted
        if not c.anchored[i]:
            self._begin(i, counted, variance, at_s)
            return True
        if not c.adds_up[i]:
            c.adds_up[i], c.off_variance[i] = True, variance
            self.moved(i)
        if not gates and not isnan(before):
            if c.is_odd(i, counted - before, c.spread(i) ** 0.5):
                c.system[i] = before
                return False
            self._follow(i, counted - before, at_s)
        return self._learn(i, counted, variance, at_s, age + (self._unread(i, at_s) if gates else 0.0))

    def _unread(self, i: int, at_s: float) -> float:
        """Variance of what has passed since the gates told last."""
        c = self._columns
        cars = float(c.rate[i]) * min(max(at_s - float(c.passed_s[i]), 0.0), UNREAD_S)
        return cars + (0.3 * cars) ** 2

    def _learn(self, i: int, counted: float, variance: float, at_s: float, noise: float) -> bool:
        """Kalman's step in two unknowns: what the lot holds, and what the system is off by."""
        c = self._columns
        y = counted - float(c.taken[i] + c.off[i])
        holds, off, both = c.spread(i), float(c.off_variance[i]), float(c.shared[i])
        total = max(holds + 2 * both + off, 0.0) + IN_FLIGHT + noise
        if c.is_odd(i, y, total**0.5):
            return False
        if c.odd_times[i] >= TIMES:
            # It was set anew or has lost its way: from now on it is off by something else.
            c.off[i] += y
            c.off_variance[i], c.shared[i], c.odd_times[i] = off + variance, 0.0, 0
            return True
        c.parting[i] += PARTING_GAIN * (y * y / total - float(c.parting[i]))
        is_parting = bool(c.parting[i] > PARTING)
        if is_parting:
            # Gates and system part faster than their usual errors tell: one of them is wrong, and nobody knows which.
            holds, off, total = holds + y * y, off + y * y, total + 2.0 * y * y
        c.apart[i] = (KEPT_APART if is_parting else FORGOTTEN) * float(c.apart[i]) + (y if is_parting else 0.0)
        gain, off_gain = (holds + both) / total, (off + both) / total
        c.put(i, float(c.taken[i]) + gain * y)
        c.off[i] += off_gain * y
        least = max((SHARE_APART * float(c.apart[i])) ** 2, LEAST_VARIANCE)
        c.variance[i], c.gap[i] = max(holds - gain * (holds + both), least), 0.0
        c.off_variance[i] = max(off - off_gain * (off + both), 0.0)
        c.shared[i] = both - gain * (off + both)
        c.fixed_s[i], c.gain[i] = max(at_s, float(c.fixed_s[i])), gain
        return True

    def moved(self, i: int) -> None:
        """The system's count has changed: from here on its gates are counted beside it."""
        c = self._columns
        c.kept_taken[i], c.kept_variance[i] = c.taken[i], c.variance[i]

    def meet_again(self, i: int, counted: float, variance: float, at_s: float) -> None:
        """The system of lot `i` counts again after it hung: as before, or with what it has missed."""
        c = self._columns
        y = counted - float(c.taken[i] + c.off[i])
        c.system[i] = counted
        spread = float(c.variance[i] + c.off_variance[i] + 2.0 * c.shared[i]) + IN_FLIGHT
        if abs(y) > 3.0 * max(spread, 1.0) ** 0.5:
            c.off[i] += y
            c.off_variance[i], c.shared[i] = float(c.off_variance[i]) + variance, 0.0
        c.fixed_s[i] = max(at_s, float(c.fixed_s[i]))
        self.moved(i)

    def leave_gates(self, i: int) -> None:
        """The gates of lot `i` have not told what passed since they last moved: go by the system since then."""
        c = self._columns
        if isnan(float(c.system[i])):
            return
        c.put(i, float(c.system[i] - c.kept_off[i]))
        c.off[i], c.off_variance[i] = c.kept_off[i], c.kept_off_variance[i]
        c.variance[i], c.shared[i], c.gap[i] = c.off_variance[i] + 1.0, -c.off_variance[i], 0.0

    def leave_system(self, i: int) -> None:
        """The system of lot `i` has told the same since its count last changed: go by the gates since then."""
        c = self._columns
        c.put(i, float(c.kept_taken[i]))
        c.variance[i], c.shared[i], c.gap[i] = c.kept_variance[i], 0.0, 0.0

    def _begin(self, i: int, counted: float, variance: float, at_s: float) -> None:
        """The first thing that is ever heard of lot `i`: whatever the system is off by, the lot is taken to be."""
        c = self._columns
        c.put(i, counted)
        c.variance[i], c.off[i], c.off_variance[i], c.shared[i] = variance, 0.0, variance, -variance
        c.anchored[i], c.adds_up[i] = True, True
        c.gap[i] = 0.0
        c.fixed_s[i], c.gain[i] = max(at_s, float(c.fixed_s[i])), 1.0
        self.moved(i)

    def _follow(self, i: int, change: float, at_s: float) -> None:
        """Nobody at the gates tells: the system's own steps are what passed, as far as anybody knows."""
        c = self._columns
        c.put(i, float(c.taken[i]) + change)
        error = 2.0 * abs(change) * c.passage_variance
        c.variance[i] += error
        c.off_variance[i] += error
        c.gap[i] = 0.0
        c.fixed_s[i], c.gain[i] = max(at_s, float(c.fixed_s[i])), 1.0

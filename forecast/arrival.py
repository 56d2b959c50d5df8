"""The chance of a free bay on arrival, between what is known now and what is forecast."""

from dataclasses import dataclass
from statistics import NormalDist
from typing import Final

import numpy as np
from numpy.typing import NDArray

F64 = NDArray[np.float64]
I64 = NDArray[np.int64]

_Z: Final[F64] = np.linspace(-6.0, 6.0, 1201)
_PHI: Final[F64] = np.array([NormalDist().cdf(z) for z in _Z.tolist()])
TENTH_Z: Final = 1.2816
"""Standard deviations between a normal's median and its 0.9 quantile."""
LEAST_SD: Final = 0.3
"""Bays: nobody parks a fraction of a car."""


@dataclass(frozen=True, slots=True)
class Outlook:
    """A refresh, ready to be asked for any arrival; the first row is the present. Shapes (1 + H, L), bays."""

    minutes: F64
    """(1 + H,), ascending from 0."""
    middle: F64
    above: F64
    """Standard deviation upwards."""
    below: F64
    keep: F64
    """What is left of a deviation by then, 0..1."""


def chance(outlook: Outlook, capacity: F64, lot: I64, arrival_min: F64, spaces: int, taken: F64, sd: F64) -> F64:
    """Probability of at least `spaces` free bays on arrival; between horizons everything is linear.

    Args:
        outlook: the newest refresh.
        capacity: bays, (L,).
        lot: which lot each row asks for, (R,).
        arrival_min: minutes until its arrival, (R,).
        spaces: how many bays must be free.
        taken: newest estimate, (L,), bays: what it says beyond the refresh fades with the deviation.
        sd: its standard deviation, (L,), bays.

    Returns:
        Shape (R,), unit 1.
    """
    place = np.interp(arrival_min, outlook.minutes, np.arange(len(outlook.minutes)))
    low = np.minimum(place.astype(np.int64), len(outlook.minutes) - 2)
    share = place - low

    def at_arrival(rows: F64) -> F64:
        between: F64 = rows[low, lot] * (1.0 - share) + rows[low + 1, lot] * share
        return between

    keep = at_arrival(outlook.keep)
    middle = at_arrival(outlook.middle) + keep * (taken - outlook.middle[0])[lot]
    room = capacity[lot] - spaces + 0.5 - middle
    side = np.where(room >= 0, at_arrival(outlook.above), at_arrival(outlook.below))
    spread = np.sqrt(side**2 + (keep * sd[lot]) ** 2 + LEAST_SD**2)
    found: F64 = np.interp(room / spread, _Z, _PHI)
    return found

"""A list of horizons, prepared once: where its targets lie, and how what was learnt at other horizons is mixed."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from forecast.features import half_believed
from forecast.slots import Slots

F64 = NDArray[np.float64]
I64 = NDArray[np.int64]

HORIZONS_MIN: Final = (5, 15, 30, 60, 120, 360, 1440)
"""Horizons at which is learnt; others lie between."""
PLAIN_MIN: Final = 15.0
"""Below it forecasts go towards "same as now": within minutes most lots do not change by a car."""


@dataclass(frozen=True, slots=True)
class Plan:
    """Columns of shape (H,), and (H, 1) where they meet lots."""

    horizons_min: tuple[int, ...]
    ahead: I64
    """Slots to the target."""
    back: I64
    """Slots from the target back to the same time of the last day that is known at the origin."""
    half: F64
    """Days at which the profile is believed by half, (H, 1)."""
    kept: F64
    """Share of a change that is kept, (H, 1)."""
    mix: F64
    """Shares of the horizons at which is learnt, (H, len(HORIZONS_MIN))."""


def plan_for(horizons_min: Sequence[int], slots: Slots) -> Plan:
    """Prepare horizons, minutes above 0; each falls into the slot that holds it, at least the next one."""
    minutes = np.array(horizons_min, dtype=np.float64)
    ahead = np.maximum(1, np.array(horizons_min, dtype=np.int64) * 60 // slots.step_s)
    return Plan(
        horizons_min=tuple(horizons_min),
        ahead=ahead,
        back=slots.a_day * -(-ahead // slots.a_day),
        half=half_believed(minutes)[:, np.newaxis],
        kept=np.minimum(1.0, minutes / PLAIN_MIN)[:, np.newaxis],
        mix=between(np.log(minutes).tolist(), np.log(HORIZONS_MIN).tolist()),
    )


def between(wanted: Sequence[float], known: Sequence[float]) -> F64:
    """Weights that give values at wanted places from those at known ones, ascending: linear, constant outside.

    Returns:
        Shape (wanted, known); rows sum to 1.
    """
    weights: F64 = np.stack([np.interp(wanted, known, unit) for unit in np.eye(len(known))], axis=1)
    return weights

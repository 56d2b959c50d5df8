"""What a change of fill is explained by: the profile's own change, and what remains of today's deviation."""

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from forecast.weights import FEATURES

F64 = NDArray[np.float64]

HALF_AT_15: Final = 4.0
LEAST_HALF: Final = 0.5
MOST_HALF: Final = 8.0


@dataclass(frozen=True, slots=True)
class Sight:
    """What is known at an origin, in shares of capacity; arrays broadcast to (H, L)."""

    fill: F64
    usual: F64
    """The profile at the origin."""
    days: F64
    """How many days that rests on."""
    fill_before: F64
    """An hour earlier; NaN if unknown."""
    usual_before: F64
    target_usual: F64
    """The profile at the target."""
    target_days: F64
    half: F64
    """Days at which the profile is believed by half, by horizon."""
    target_yesterday: F64
    """Deviation at the target's time on the last day known; NaN if unknown."""
    habit: F64
    """Mean deviation of the day before the origin."""


def explain(sight: Sight) -> F64:
    """Features of the change from origin to target, shape (FEATURES, H, L); what is unknown explains nothing.

    Without a believed profile all but the last hour's drift vanish: the forecast is then "same as now".
    """
    belief = believed(np.minimum(sight.days, sight.target_days), sight.half)
    drift = (sight.fill - sight.fill_before) - belief * (sight.usual - sight.usual_before)
    features: F64 = np.empty((FEATURES, *belief.shape))
    features[0] = belief * (sight.target_usual - sight.usual)
    features[1] = belief * (sight.usual - sight.fill)
    features[2] = drift
    features[3] = belief * sight.target_yesterday
    features[4] = belief * sight.habit
    features[np.isnan(features)] = 0.0
    return features


def half_believed(horizons_min: F64) -> F64:
    """Days at which a profile is believed by half.

    What one day did within minutes was mostly chance and needs many days to tell; what it did within hours comes back.
    """
    half: F64 = np.clip(HALF_AT_15 * np.sqrt(15.0 / horizons_min), LEAST_HALF, MOST_HALF)
    return half


def believed(days: F64, half: F64) -> F64:
    """Share by which a profile of so many days is believed."""
    share: F64 = days / (days + half)
    return share

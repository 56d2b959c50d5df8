"""How a lot comes back to its profile: shrunk least squares a lot and horizon, from running moments."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

F64 = NDArray[np.float64]

FEATURES: Final = 5
"""Change of the profile, deviation, its last hour, yesterday's at the target's time, its mean of a day."""
RETURN_MIN: Final = 480.0
"""Before anything is learnt a deviation fades with this time constant."""
POOLED_RUNS: Final = 20.0
"""What the first guess weighs against all lots together, in runs as long as the horizon: within one errors repeat."""
OWN_SLOTS: Final = 3000.0
"""What all lots together weigh against a lot's own slots: ten days, since neighbouring slots repeat each other."""
FIRST_SCALE: Final = 0.1
"""Share of capacity by which features usually differ from 0, for the first guess."""
FORGET: Final = 0.9999
"""A slot's weight at the next: half is forgotten in 24 days."""


class Weights:
    """Moments of features and targets, and the coefficients that follow: `current` (FEATURES, H, L)."""

    def __init__(self, horizons_min: Sequence[int], lots: int) -> None:
        shape = (len(horizons_min), lots)
        self.first = first_guess(horizons_min)
        self._guess_slots: F64 = POOLED_RUNS * np.maximum(15.0, np.array(horizons_min))
        self.square: F64 = np.zeros((FEATURES, FEATURES, *shape))
        self.product: F64 = np.zeros((FEATURES, *shape))
        self.slots: F64 = np.zeros(shape)
        self.current: F64 = np.repeat(self.first[:, :, np.newaxis], lots, axis=2)

    def learn(self, features: F64, change: F64, weight: F64) -> None:
        """One slot's pairs: features (FEATURES, H, L), what the fill changed by (H, L), trust 0..1 (H, L)."""
        weighted = features * weight
        self.square *= FORGET
        self.product *= FORGET
        self.slots *= FORGET
        self.square += weighted[:, np.newaxis] * features[np.newaxis]
        self.product += weighted * change
        self.slots += weight

    def solve(self) -> None:
        """Fit `current` anew: each lot's shrunk towards all lots', those towards the first guess."""
        square = np.moveaxis(self.square, (0, 1), (2, 3))
        product = np.moveaxis(self.product, 0, 2)
        prior = self._guess_slots[:, np.newaxis, np.newaxis] * FIRST_SCALE**2 * np.eye(FEATURES)
        all_square = square.sum(axis=1) + prior
        first = self.first.T[:, :, np.newaxis]
        pooled = np.linalg.solve(all_square, product.sum(axis=1)[:, :, np.newaxis] + prior @ first)
        share = OWN_SLOTS / (self.slots.sum(axis=1) + self._guess_slots)
        shrink = share[:, np.newaxis, np.newaxis] * all_square
        own = np.linalg.solve(
            square + shrink[:, np.newaxis], product[..., np.newaxis] + (shrink @ pooled)[:, np.newaxis]
        )
        self.current = np.ascontiguousarray(np.moveaxis(own[..., 0], 2, 0))

    def save(self) -> dict[str, Any]:
        """Arrays by name."""
        return {name: getattr(self, name).copy() for name in ("square", "product", "slots", "current")}

    def load(self, state: Mapping[str, Any]) -> None:
        """Back to those arrays."""
        self.square, self.product = state["square"].copy(), state["product"].copy()
        self.slots, self.current = state["slots"].copy(), state["current"].copy()


def first_guess(horizons_min: Sequence[int]) -> F64:
    """Coefficients before anything is learnt, shape (FEATURES, H): the profile's change, and a slow return to it."""
    guess = np.zeros((FEATURES, len(horizons_min)))
    guess[0] = 1.0
    guess[1] = 1.0 - np.exp(-np.array(horizons_min) / RETURN_MIN)
    return guess

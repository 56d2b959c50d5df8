"""Panels of areas: an area's number is the sum of its trusted open lots, as these lots are told to people."""

from collections.abc import Sequence
from typing import Final

import numpy as np

from signage.states import CLOSED, FULL, I8, I64, Seen

ALWAYS_FRESH: Final = np.iinfo(np.int64).max
"""An area waits for no readings of its own: its lots have waited for theirs."""


class Areas:
    """Which lots each area row sums up: rows (A,), lots by index."""

    def __init__(self, lots_of: Sequence[Sequence[int]]) -> None:
        self.count = len(lots_of)
        self.row: I64 = np.array([row for row, lots in enumerate(lots_of) for _ in lots], dtype=np.int64)
        self.lot: I64 = np.array([lot for lots in lots_of for lot in lots], dtype=np.int64)
        self.size: I64 = np.bincount(self.row, minlength=self.count)

    def seen(self, word: I8, number: I64, capacity: I64) -> Seen:
        """The areas as their lots' own words and numbers tell; all columns of shape (L,).

        Lots without trust and closed lots count neither with their bays nor with their capacity. An area is closed
        when all its lots are, and without trust when none of the open ones has any.
        """
        counted = word <= FULL
        known = self._sum(counted)
        return Seen(
            free=np.where(known > 0, self._sum(np.where(counted, number, 0)), -1),
            capacity=self._sum(np.where(counted, capacity, 0)),
            closed=(self._sum(word == CLOSED) == self.size) & (self.size > 0),
            fresh=np.full(self.count, ALWAYS_FRESH),
            p_free=np.ones(self.count),
        )

    def _sum(self, column: np.ndarray) -> I64:
        summed = np.bincount(self.row, weights=column[self.lot], minlength=self.count)
        return summed.astype(np.int64)

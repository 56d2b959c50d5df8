"""Rows that remember: state words turned forward only where something new is seen or a hold time runs."""

from typing import Any

import numpy as np

from parking.domain.settings import SignSettings
from signage.states import BOOLS, F64, FULL, I64, LIMITED, Seen, Words, first_words, next_words


class Rows:
    """Columns of shape (R,). On a quiet tick they cost one comparison."""

    def __init__(self, count: int) -> None:
        self.words = first_words(count)
        self.seen: Seen | None = None
        self.waiting: BOOLS = np.zeros(count, dtype=np.bool_)

    def advance(self, now_s: float, seen: Seen, limits: SignSettings) -> bool:
        """Take over what is seen now; whether any word or number may have changed."""
        index = np.flatnonzero(self._touched(seen))
        self.seen = seen
        if not index.size:
            return False
        after, waiting = next_words(now_s, self.words.pick(index), seen.pick(index), limits)
        self.words.put(index, after)
        self.waiting[index] = waiting
        return True

    def _touched(self, seen: Seen) -> BOOLS:
        if self.seen is None:
            return np.ones(len(self.waiting), dtype=np.bool_)
        touched = self.waiting.copy()
        for new, old in zip(seen, self.seen, strict=True):
            touched |= new != old
        return touched

    def numbers(self) -> I64:
        """Free bays told with each word, within 0..capacity: 0 with FULL, -1 where there is no number."""
        if self.seen is None:
            return np.full(len(self.waiting), -1, dtype=np.int64)
        told = np.minimum(self.seen.free, self.seen.capacity)
        return np.where(self.words.word <= LIMITED, told, np.where(self.words.word == FULL, 0, -1))

    def forget_seen(self) -> None:
        """Look at every row again on the next turn: limits have changed."""
        self.seen = None

    def save(self) -> dict[str, Any]:
        """Words, times, and what was seen last."""
        seen = None if self.seen is None else list(self.seen)
        return {"words": list(self.words), "seen": seen, "waiting": self.waiting}

    def load(self, state: dict[str, Any]) -> None:
        """Back to what was saved."""
        self.words = Words(*(np.array(column) for column in state["words"]))
        self.seen = None if state["seen"] is None else Seen(*(np.array(column) for column in state["seen"]))
        self.waiting = np.array(state["waiting"], dtype=np.bool_)


def lots_as_seen(free: I64, capacity: I64, trusted: BOOLS, closed: BOOLS, fresh: I64, p_free: F64) -> Seen:
    """Rows of single lots; a chance nobody can tell (NaN) counts as certain, so only counts decide."""
    return Seen(np.where(trusted, free, -1), capacity, closed, fresh, np.where(np.isnan(p_free), 1.0, p_free))

"""State words of many rows at once: two thresholds each, hold times, and never a word that lies.

A row is one lot as one panel sees it, one lot as it sees itself, or one area. Everything here is pure: the words
before, what is seen, the time, the limits; out come the words now.
"""

from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from parking.domain.guidance import STATES, State
from parking.domain.settings import SignSettings

F64 = NDArray[np.float64]
I64 = NDArray[np.int64]
I8 = NDArray[np.int8]
BOOLS = NDArray[np.bool_]

FREE: Final = STATES.index(State.FREE)
LIMITED: Final = STATES.index(State.LIMITED)
FULL: Final = STATES.index(State.FULL)
CLOSED: Final = STATES.index(State.CLOSED)
UNKNOWN: Final = STATES.index(State.UNKNOWN)


class Words(NamedTuple):
    """What rows say and since when. Columns of shape (R,); times in seconds since 1970."""

    word: I8
    changed_s: F64
    """When the word was taken up; -inf at the beginning."""
    before_s: F64
    """When the word before it was taken up."""
    good_since_s: F64
    """Since when the row is fit to leave FULL; inf when it is not."""

    def pick(self, rows: I64) -> "Words":
        """Some of the rows."""
        return Words(self.word[rows], self.changed_s[rows], self.before_s[rows], self.good_since_s[rows])

    def put(self, rows: I64, new: "Words") -> None:
        """Overwrite some of the rows."""
        self.word[rows], self.changed_s[rows] = new.word, new.changed_s
        self.before_s[rows], self.good_since_s[rows] = new.before_s, new.good_since_s


class Seen(NamedTuple):
    """What is known of the rows now. Columns of shape (R,)."""

    free: I64
    """Free bays; -1 when they cannot be trusted."""
    capacity: I64
    closed: BOOLS
    fresh: I64
    """Trusted readings since the row last had none."""
    p_free: F64
    """Chance of a free bay on arrival, unit 1."""

    def pick(self, rows: I64) -> "Seen":
        """Some of the rows."""
        return Seen(self.free[rows], self.capacity[rows], self.closed[rows], self.fresh[rows], self.p_free[rows])


def first_words(count: int) -> Words:
    """Rows that have never said anything."""
    never = np.full(count, -np.inf)
    return Words(np.full(count, UNKNOWN, dtype=np.int8), never, never.copy(), np.full(count, np.inf))


def full_limits(capacity: I64, limits: SignSettings) -> tuple[F64, F64]:
    """Free bays at which FULL appears, and from which it may go; the second is larger and never above capacity."""
    leave = np.maximum(limits.full_leave_bays, limits.full_leave_share * capacity)
    leave = np.minimum(leave, np.maximum(capacity, 1))
    enter = np.maximum(limits.full_enter_bays, limits.full_enter_share * capacity)
    return np.minimum(enter, leave - 1), leave


def next_words(now_s: float, before: Words, seen: Seen, limits: SignSettings) -> tuple[Words, BOOLS]:
    """The words now, and which rows wait: only those may change while what is seen stays the same."""
    enter, leave = full_limits(seen.capacity, limits)
    early = limits.early_full_below_p
    good = (seen.free >= leave) & (seen.p_free >= early)
    good_since_s = np.where(good, np.minimum(before.good_since_s, now_s), np.inf)
    was_full = before.word == FULL
    full = (seen.free <= enter) | (seen.p_free < early) | (was_full & ~good)
    wish = np.where(full, FULL, _light(before.word, seen, limits)).astype(np.int8)

    far = (seen.free >= limits.clear_of_limit_factor * leave) & (seen.p_free >= (1 + early) / 2)
    patient = _patient(now_s, before, good_since_s, far, wish, limits)
    word = np.where(patient, wish, before.word)
    unknown = (seen.free < 0) | ((before.word == UNKNOWN) & (seen.fresh < limits.fresh_readings_to_return))
    word = np.where(unknown, UNKNOWN, word)
    word = np.where(seen.closed, CLOSED, word).astype(np.int8)

    changes = word != before.word
    after = Words(
        word,
        np.where(changes, now_s, before.changed_s),
        np.where(changes, before.changed_s, before.before_s),
        good_since_s,
    )
    return after, (wish != word) & ~unknown & ~seen.closed


def _light(word: I8, seen: Seen, limits: SignSettings) -> I8:
    """FREE or LIMITED by the share of free bays; between its two limits FREE stays FREE, all else is LIMITED."""
    share = seen.free / np.maximum(seen.capacity, 1)
    free = (share >= limits.free_enter_share) | ((share >= limits.free_leave_share) & (word == FREE))
    return np.where(free, FREE, LIMITED).astype(np.int8)


def _patient(now_s: float, before: Words, good_since_s: F64, far: BOOLS, wish: I8, limits: SignSettings) -> BOOLS:
    """Which rows have waited long enough for what they wish to say; FULL never waits.

    A series that swings around one limit changes a word at most twice in `calm_s`: FREE and LIMITED change places
    only if fewer than two changes lie within it, and FULL goes near its limit only `calm_s` after it came.
    """
    rested = now_s - before.changed_s >= limits.least_between_changes_s
    calm = now_s - before.changed_s >= limits.calm_s
    settled = now_s - before.before_s >= limits.calm_s
    held = now_s - good_since_s >= limits.full_leave_hold_s
    ready = np.where(before.word == FULL, held & (calm | far), (before.word > FULL) | settled)
    patient: BOOLS = (wish == FULL) | (rested & ready)
    return patient

"""What cannot be true of a lot: counters that stand still while cars pass, entrances nobody comes through any more.

Two sources that watch the same cars judge each other; one alone is judged by how busy it was a moment ago. Columns of
shape (L,); judged twice a minute.
"""

from collections.abc import Mapping
from math import exp, log, pi
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

F64 = NDArray[np.float64]
I64 = NDArray[np.int64]
I8 = NDArray[np.int8]
BOOLS = NDArray[np.bool_]

JUDGE_S: Final = 30.0
BUSY_S: Final = 900.0
"""How busy a gate is of late: exponential memory."""
STILL_S: Final = 150.0
"""A gate tells every few seconds while cars pass: lost and late messages are over by then."""
HANGS_S: Final = 180.0
MOVED: Final = 4.0
"""Cars by which the other source must have moved."""
MOVED_SHARE: Final = 0.008
LEAST_TOLD: Final = 2
"""A count that hangs was told so often against what the gates add up to."""
SURPRISE: Final = 9.0
"""One chance in 8,000, at one lot, at one time."""
SURPRISE_OF_EYES: Final = 12.5
"""One chance in 270,000: a camera looks once a minute."""
LOOK_GAIN: Final = 0.05
LEAST_SPREAD: Final = 0.5
"""A camera that hardly errs may well tell the same for an hour."""
MANY: Final = 5
MOST_SHARE: Final = 0.8
OFF_SHARE: Final = 0.05
"""So many lots, and such a share of all, that tell the same number, most of them off by so much: it is the feed's."""
FULL_SHARE: Final = 0.97
"""In a full lot one comes when one goes, and the count stands still."""
COUNT_S: Final = 60.0
"""Passages of so long may be told by one and not yet by the other."""
EXPECTED_EACH: Final = 6.0
"""A gate alone stands still when so many should have come by now, and as many gone: one chance in 160,000."""
EXPECTED_IN: Final = 11.0
EXPECTED_IN_SEEN: Final = 8.0
"""Where cars are seen waiting besides."""
BLOCKED_S: Final = 300.0
ENDS_S: Final = 900.0
"""Arrivals that end for another reason end more slowly than this."""
ROOM_SHARE: Final = 0.05
"""Entries that stop with less room than this mean a full lot."""
RESTART_S: Final = 600.0
"""How long a restart is told."""


class Doubt:
    """What is wrong with a lot's sources, none or one: codes of the column, plain numbers since each reading asks."""

    NONE: Final = 0
    GATE_STUCK: Final = 1
    COUNT_STUCK: Final = 2
    BLOCKED: Final = 3
    CAMERA_STUCK: Final = 4
    ALL_EQUAL: Final = 5


DOUBTS: Final = ("", "gate_stuck", "count_stuck", "blocked", "camera_stuck", "all_equal")
"""Their codes in the text catalogues."""

NEVER: Final = -np.inf

SAVED: Final = (
    "doubt",
    "since_s",
    "in_rate",
    "in_was",
    "rate",
    "rate_s",
    "in_s",
    "out_s",
    "moved_s",
    "system_s",
    "system_moved",
    "net",
    "passed",
    "surprise",
    "counted",
    "spread",
    "gate_told",
    "system_told",
    "told",
    "restarted_s",
    "waiting_s",
    "waited",
)


class Doubts:
    """Suspicions about each lot's sources."""

    def __init__(self, capacity: F64) -> None:
        count = len(capacity)
        self._capacity = capacity
        self._least = np.maximum(MOVED, MOVED_SHARE * capacity)
        self.doubt: I8 = np.zeros(count, dtype=np.int8)
        self.since_s: F64 = np.full(count, np.nan)
        self.in_rate, self.rate = np.zeros(count), np.zeros(count)
        """Entries, and passages either way, a second at `rate_s`; they fade with time."""
        self.in_was: F64 = np.zeros(count)
        """Entries a second as of the last one."""
        self.rate_s: F64 = np.full(count, np.nan)
        self.in_s, self.out_s, self.moved_s = (np.full(count, NEVER) for _ in range(3))
        """When a car last came in, left, passed at all, by the gates."""
        self.system_s: F64 = np.full(count, NEVER)
        """When the system's count last changed."""
        self.system_moved: F64 = np.zeros(count)
        """Cars by which it has changed since the gates last moved."""
        self.net: F64 = np.zeros(count)
        """What the gates add up to since the count last changed."""
        self.passed: F64 = np.zeros(count)
        """Passages since the count was told last."""
        self.surprise: F64 = np.zeros(count)
        """How little chance a sound system has to tell the same so often while cars pass, as a logarithm."""
        self.counted: F64 = np.full(count, np.nan)
        """The newest count of each lot, whoever made it."""
        self.spread: F64 = np.zeros(count)
        """Mean squared step of a camera's counts."""
        self.gate_told: BOOLS = np.zeros(count, dtype=bool)
        self.system_told: BOOLS = np.zeros(count, dtype=bool)
        """Whether the gates have told since the system did, and the other way round."""
        self.told: I64 = np.zeros(count, dtype=np.int64)
        """How often in a row the same count has been told against the gates."""
        self.restarted_s: F64 = np.full(count, NEVER)
        self.waiting_s: F64 = np.full(count, NEVER)
        """When cars were last seen waiting …"""
        self.waited: F64 = np.full(count, NEVER)
        """… and since when without a break."""
        self._judged_s = NEVER

    def pass_gate(self, i: int, entered: int, left: int, at_s: float) -> int:
        """Cars have passed; returns the doubt that this ends."""
        if not entered and not left:
            return Doubt.NONE
        before = float(self.rate_s[i])
        if at_s > before or before != before:
            fade = 0.0 if before != before else exp((before - at_s) / BUSY_S)
            self.rate[i], self.in_rate[i] = self.rate[i] * fade, self.in_rate[i] * fade
            self.rate_s[i] = at_s
        self.rate[i] += (entered + left) / BUSY_S
        self.in_rate[i] += entered / BUSY_S
        self.moved_s[i] = max(at_s, float(self.moved_s[i]))
        if entered:
            self.in_s[i], self.in_was[i] = self.moved_s[i], self.in_rate[i]
        if left:
            self.out_s[i] = self.moved_s[i]
        self.system_moved[i], self.gate_told[i] = 0.0, True
        if self.system_told[i]:
            # It may tell of cars that the count has seen already.
            self.system_told[i] = False
        else:
            self.net[i] += entered - left
            self.passed[i] += entered + left
        over = int(self.doubt[i])
        if over == Doubt.GATE_STUCK or (over == Doubt.BLOCKED and entered):
            self._end(i)
            return over
        return Doubt.NONE

    def count(self, i: int, counted: float, change: float, at_s: float) -> int:
        """The system has told its count; returns the doubt that this ends."""
        passed, self.passed[i] = float(self.passed[i]), 0.0
        self.counted[i] = counted
        if not change:
            self.gate_told[i] = False
            if passed:
                # With so many passages as many come as go, by chance, once in sqrt(pi n / 2).
                self.surprise[i] += 0.5 * log(1.5708 * passed)
            # And what the gates add up to is off by more than may just be passing.
            apart = float(self.net[i]) ** 2 / (2.0 * (1.0 + float(self.rate[i]) * COUNT_S))
            self.told[i] = self.told[i] + 1 if float(self.surprise[i]) + apart >= SURPRISE else 0
            return Doubt.NONE
        self.system_s[i] = max(at_s, float(self.system_s[i]))
        if self.gate_told[i]:
            # It may have seen cars that the gates have told already.
            self.gate_told[i] = False
        else:
            self.system_moved[i] += abs(change)
        self.net[i], self.surprise[i], self.system_told[i], self.told[i] = 0.0, 0.0, True, 0
        if self.doubt[i] == Doubt.COUNT_STUCK:
            self._end(i)
            return Doubt.COUNT_STUCK
        return Doubt.NONE

    def look(self, i: int, counted: float) -> int:
        """A camera has counted; returns the doubt that this ends. Its eyes never see quite the same twice."""
        step = counted - float(self.counted[i])
        self.counted[i] = counted
        if step:
            if step == step:
                self.spread[i] += LOOK_GAIN * (step * step - self.spread[i])
            self.surprise[i] = 0.0
            if self.doubt[i] == Doubt.CAMERA_STUCK:
                self._end(i)
                return Doubt.CAMERA_STUCK
        elif self.spread[i] > LEAST_SPREAD and 0.0 < counted < FULL_SHARE * self._capacity[i]:
            self.surprise[i] += 0.5 * log(2.0 * pi * float(self.spread[i]))
        return Doubt.NONE

    def wait(self, i: int, waiting: bool, at_s: float) -> float:
        """Cars wait at the entrance, or none does; returns for how long they have waited without a break."""
        if not waiting:
            self.waited[i] = NEVER
            return 0.0
        if self.waited[i] == NEVER:
            self.waited[i] = at_s
        self.waiting_s[i] = at_s
        return at_s - float(self.waited[i])

    def judge(self, now_s: float, taken: F64, sd: F64, gates: BOOLS, systems: BOOLS, alive: BOOLS) -> I64:
        """Look at all lots; returns those of which something new is doubted.

        Args:
            now_s: epoch seconds.
            taken: what each holds, bays.
            sd: its standard deviation.
            gates: lots with gates.
            systems: lots whose system adds up cars.
            alive: lots whose gates give proof of life.
        """
        if now_s - self._judged_s < JUDGE_S:
            return np.zeros(0, dtype=np.int64)
        self._judged_s = now_s
        still_s = now_s - self.moved_s
        both = gates & systems
        fade = np.exp(-np.nan_to_num(np.maximum(self.moved_s - self.rate_s, 0.0)) / BUSY_S)
        due = self.rate * fade * BUSY_S * (1 - np.exp(-np.maximum(still_s, 0.0) / BUSY_S))
        # Nobody comes to a full lot, and nobody leaves one that has just filled: both must have been lively.
        both_ways = np.minimum(self.in_rate, self.rate - self.in_rate) / np.maximum(self.rate, 1e-9)
        alone = gates & ~systems & (due * both_ways >= EXPECTED_EACH) & (still_s >= 2 * STILL_S)
        seen_by_other = both & (self.system_moved >= self._least) & (still_s >= STILL_S)
        gate_stuck = alive & (self.doubt == Doubt.NONE) & (alone | seen_by_other)
        hangs_s = now_s - self.system_s
        hangs = (self.told >= LEAST_TOLD) & (taken < FULL_SHARE * self._capacity)
        count_stuck = both & (self.doubt == Doubt.NONE) & hangs & (hangs_s >= HANGS_S)
        since_in = np.minimum(now_s - self.in_s, 1e9)
        due_in = self.in_was * BUSY_S * (1 - np.exp(-np.maximum(since_in, 0.0) / BUSY_S))
        room = self._capacity - taken - 2 * sd
        others = ((self.out_s > self.in_s) & (now_s - self.out_s <= STILL_S)) | (self.waiting_s > self.in_s)
        enough = np.where(self.waiting_s > self.in_s, EXPECTED_IN_SEEN, EXPECTED_IN)
        abrupt = (due_in >= enough) & (since_in >= BLOCKED_S) & (since_in <= ENDS_S)
        blocked = alive & gates & (self.doubt == Doubt.NONE) & ~gate_stuck & others & abrupt
        blocked &= room >= ROOM_SHARE * self._capacity
        camera_stuck = (self.doubt == Doubt.NONE) & ~systems & (self.surprise >= SURPRISE_OF_EYES)
        alike = self._equal(taken)
        self.doubt[(self.doubt == Doubt.ALL_EQUAL) & ~alike] = Doubt.NONE
        equal = alike & (self.doubt == Doubt.NONE)
        found = {
            Doubt.CAMERA_STUCK: camera_stuck, Doubt.ALL_EQUAL: equal, Doubt.GATE_STUCK: gate_stuck,
            Doubt.COUNT_STUCK: count_stuck, Doubt.BLOCKED: blocked,
        }  # fmt: skip
        for doubt, which in found.items():
            self.doubt[which] = doubt
        new: I64 = np.flatnonzero(gate_stuck | count_stuck | blocked | camera_stuck | equal)
        self.since_s[new] = now_s
        return new

    def _equal(self, taken: F64) -> BOOLS:
        """Lots of which the same number is told as of most others, and which it does not fit."""
        same = np.zeros(len(taken), dtype=bool)
        told = self.counted[~np.isnan(self.counted)]
        if len(told) < MANY:
            return same
        values, times = np.unique(told, return_counts=True)
        most = int(times.argmax())
        if times[most] < max(MANY, MOST_SHARE * len(told)):
            return same
        off = np.abs(self.counted - taken) > np.maximum(MOVED, OFF_SHARE * self._capacity)
        alike = self.counted == values[most]
        return alike if np.count_nonzero(alike & off) * 2 >= np.count_nonzero(alike) else same

    def restarted(self, now_s: float) -> BOOLS:
        """Lots of which a gate began anew a moment ago."""
        found: BOOLS = now_s - self.restarted_s < RESTART_S
        return found

    def _end(self, i: int) -> None:
        self.doubt[i], self.since_s[i] = Doubt.NONE, np.nan

    def save(self) -> dict[str, Any]:
        """Columns by name."""
        return {name: getattr(self, name).copy() for name in SAVED} | {"judged_s": self._judged_s}

    def load(self, state: Mapping[str, Any]) -> None:
        """Back to those columns."""
        for name in SAVED:
            setattr(self, name, state[name].copy())
        self._judged_s = state["judged_s"]

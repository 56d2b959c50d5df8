"""Plays a recording through the engine: play, pause, step, seek, at any speed. No clock inside: `now_s` is an argument.

It has no wires and no stores, so it can touch no live sign, alert or case. A terminal and a page use the same player.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from hashlib import sha256
from math import inf
from typing import Any, Final

from parking.codec import encode
from parking.domain.errors import BadRecording
from parking.domain.inputs import Input
from parking.engine import Engine
from parking.recording.nouns import Line, Turned
from parking.recording.otherwise import Otherwise
from parking.recording.run import RecordedRun

SPEEDS: Final = (1.0, 2.0, 5.0, 10.0, 20.0, 60.0, 120.0, 300.0, 600.0, 1200.0, 3600.0, inf)
"""Steps of faster and slower; the last is as fast as it goes."""
INSTANT: Final = timedelta(microseconds=1)


class Player:
    """One recording and one engine of its own.

    Args:
        run: what is played.
        changes: thresholds by name instead of the recorded ones, as `read_changes` gives them.
        begins: where to stand at first: at the last snapshot before it, or at the beginning. Other thresholds hold
            from there.
    """

    def __init__(
        self, run: RecordedRun, changes: Mapping[str, Any] | None = None, begins: datetime | None = None
    ) -> None:
        self.run, self._changes = run, dict(changes or {})
        self.is_playing = False
        self.speed = inf
        self.inputs: Sequence[Input] = ()
        """What the last tick took."""
        self._at: datetime | None = None
        self._next: Line | None = None
        self._lines: Iterator[Line] = iter(())
        self._origin: datetime | None = None
        self._otherwise: Otherwise | None = None
        self._anchor: tuple[float, datetime] = (0.0, run.begins)
        self._start(None if begins is None else run.snapshot_before(begins - INSTANT))

    @property
    def at(self) -> datetime:
        """Where it stands: the last tick, or just before the first."""
        return self._at or self.run.begins - INSTANT

    @property
    def is_over(self) -> bool:
        """Whether the last recorded tick is decided."""
        return self._next is None

    @property
    def next_at(self) -> datetime | None:
        """The tick that `step` would decide."""
        return None if self._next is None else self._next.at

    def step(self) -> Turned | None:
        """Decide the next recorded tick; None when there is none."""
        if (line := self._next) is None:
            return None
        self.inputs = line.inputs if self._otherwise is None else self._otherwise.inputs(line)
        self.engine.take(self.inputs)
        decisions = self.engine.decide(line.at)
        if self._otherwise is not None:
            self._otherwise.hear(line, decisions)
        self._at, self._next = line.at, next(self._lines, None)
        encoded = encode(decisions)
        return Turned(line, decisions, encoded, sha256(encoded).hexdigest() == line.sha256)

    def seek(self, at: datetime) -> None:
        """Stand where an uninterrupted run stood after its last tick not later than `at`; that tick is decided.

        From the nearest snapshot, or from here when that is nearer. Under other thresholds there are no snapshots:
        back means from the beginning.
        """
        snapshot = None if self._changes else self.run.snapshot_before(at)
        if self._at is None or at < self._at or (snapshot is not None and snapshot > self._at):
            self._start(snapshot if not self._changes else self._origin)
        while (line := self._next) is not None and line.at <= at:
            self.step()
        self.pause()

    def play(self, now_s: float) -> None:
        """Go on from here; `now_s` is any clock of the caller that grows by the second."""
        self.is_playing = True
        self._anchor = (now_s, self.at)

    def pause(self) -> None:
        """Stand still."""
        self.is_playing = False

    def set_speed(self, speed: float, now_s: float) -> None:
        """Street seconds in a second, `inf` for as fast as it goes; takes effect from here."""
        if not speed > 0:
            raise BadRecording(f"speed {speed}: give a number above 0, or max")
        self.speed = speed
        self._anchor = (now_s, self.at)

    def faster(self, now_s: float) -> None:
        """The next step of speed."""
        self.set_speed(next((one for one in SPEEDS if one > self.speed), self.speed), now_s)

    def slower(self, now_s: float) -> None:
        """The step of speed before."""
        self.set_speed(next((one for one in reversed(SPEEDS) if one < self.speed), self.speed), now_s)

    def waits_s(self, now_s: float) -> float | None:
        """Seconds until the next tick is due, 0 when it is; None while nothing will be."""
        if not self.is_playing or self._next is None:
            return None
        if self.speed == inf:
            return 0.0
        since_s, since = self._anchor
        return max(0.0, since_s + (self._next.at - since).total_seconds() / self.speed - now_s)

    def _start(self, snapshot: datetime | None) -> None:
        """The engine as it was at that snapshot, or at the beginning."""
        self._origin = snapshot
        header = self.run.header
        self._otherwise = Otherwise(self._changes) if self._changes else None
        settings = header.settings if self._otherwise is None else self._otherwise.settings(header.settings)
        self.engine = Engine(self.run.town, settings)
        if snapshot is None:
            snapshot = self.run.snapshot_before(self.run.begins - INSTANT)
        if snapshot is not None:
            self.engine.load(self.run.state(snapshot))
        if self._otherwise is not None and snapshot is not None:
            self._otherwise.begin(self.engine.picture())
            self.engine.take((self._otherwise.settings(self.engine.settings),))
        self._at, self._lines = snapshot, self.run.lines(snapshot)
        self._next = next(self._lines, None)
        self.is_playing = False

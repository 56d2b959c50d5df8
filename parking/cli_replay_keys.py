"""A recording played on a terminal: keys and a status line. Elsewhere the same without keys."""

import os
import select
import sys
import termios
import time
import tty
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import inf
from typing import Final

from parking.domain.guidance import State
from parking.recording.again import Checked
from parking.recording.player import INSTANT, Player
from parking.recording.recorder import Recorder

TOLD_S: Final = 0.1
"""Machine seconds between two looks at keys and two status lines."""
JUMP: Final = timedelta(minutes=1)
LONG_JUMP: Final = timedelta(minutes=30)
HELP: Final = (
    "空格 播放/暂停 play/pause  . 单步 step  ←→ 一分钟 1 min  ↑↓ 半小时 30 min"
    "  +- 快慢 faster/slower  m 最快 max  q 结束 quit"
)
ESCAPE: Final = "\x1b"
ARROWS: Final = {"[C": "right", "[D": "left", "[A": "up", "[B": "down"}
"""What follows the escape of an arrow key."""


@dataclass(frozen=True, slots=True)
class Keys:
    """Where keys come from: a terminal that gives each at once, or nobody."""

    source: int | None
    shows: bool
    """Whether a status line is wanted."""

    def wait(self, longest_s: float) -> str:
        """The next key, or nothing when none came in that time."""
        if self.source is None:
            if longest_s > 0:
                time.sleep(longest_s)
            return ""
        if not select.select([self.source], [], [], longest_s)[0]:
            return ""
        first = os.read(self.source, 1).decode(errors="replace")
        if first != ESCAPE or not select.select([self.source], [], [], 0)[0]:
            return first
        return ARROWS.get(os.read(self.source, 2).decode(errors="replace"), "")


@contextmanager
def terminal(*, quiet: bool) -> Iterator[Keys]:
    """Keys of a terminal, which is left as it was found."""
    if quiet or not (sys.stdin.isatty() and sys.stderr.isatty()):
        yield Keys(None, not quiet and sys.stderr.isatty())
        return
    source = sys.stdin.fileno()
    before = termios.tcgetattr(source)
    try:
        tty.setcbreak(source)
        print(HELP, file=sys.stderr)
        yield Keys(source, shows=True)
    finally:
        termios.tcsetattr(source, termios.TCSADRAIN, before)


class Watcher:
    """Plays [begins, ends) to its end, or to `q`; keeps account of every tick it decides."""

    def __init__(
        self,
        player: Player,
        checked: Checked,
        begins: datetime,
        ends: datetime,
        keys: Keys,
        recorder: Recorder | None = None,
    ) -> None:
        self._player, self._checked, self._keys, self._recorder = player, checked, keys, recorder
        self._begins, self._ends = begins, ends
        self._told_s = -inf
        self._acts: Mapping[str, Callable[[float], object]] = {
            " ": self._play_or_pause,
            ".": lambda _now: self._step(),
            "right": lambda _now: self._jump(JUMP),
            "left": lambda _now: self._jump(-JUMP),
            "up": lambda _now: self._jump(LONG_JUMP),
            "down": lambda _now: self._jump(-LONG_JUMP),
            "+": player.faster,
            "=": player.faster,
            "-": player.slower,
            "m": lambda now: player.set_speed(inf, now),
        }
        if recorder is not None:
            # What is written must be one run without gaps or repeats.
            self._acts = {key: self._acts[key] for key in (" ", ".", "+", "=", "-", "m")}

    def run(self, speed: float) -> None:
        """Begin to play at once."""
        begun = time.perf_counter()
        self._player.set_speed(speed, time.monotonic())
        self._player.play(time.monotonic())
        key = ""
        while key != "q" and not self._is_done():
            self._turn_what_is_due()
            now = time.monotonic()
            self._tell(now)
            key = self._keys.wait(self._pause_s(now))
            if act := self._acts.get(key):
                act(time.monotonic())
        self._checked.wall_s = time.perf_counter() - begun
        self._tell(inf)
        if self._keys.shows:
            print(file=sys.stderr)

    def _is_done(self) -> bool:
        """At its end; who looks on by keys may stop there and go back."""
        at = self._player.next_at
        return (at is None or at >= self._ends) and (self._player.is_playing or self._keys.source is None)

    def _turn_what_is_due(self) -> None:
        until = time.monotonic() + TOLD_S
        while self._player.waits_s(now := time.monotonic()) == 0.0 and now < until and not self._is_done():
            self._step()

    def _step(self) -> None:
        at = self._player.next_at
        if at is None or at >= self._ends:
            return
        turned = self._player.step()
        assert turned is not None  # noqa: S101 -- there is a next tick
        self._checked.hear(turned)
        if self._recorder is not None:
            self._recorder.hear(self._player.engine, self._player.inputs, turned.decisions)

    def _play_or_pause(self, now_s: float) -> None:
        if self._player.is_playing:
            self._player.pause()
        else:
            self._player.play(now_s)

    def _jump(self, by: timedelta) -> None:
        playing = self._player.is_playing
        target = min(max(self._player.at + by, self._begins), self._ends - INSTANT)
        self._player.seek(target)
        if playing:
            self._player.play(time.monotonic())

    def _pause_s(self, now: float) -> float:
        waits = self._player.waits_s(now)
        return TOLD_S if waits is None else min(TOLD_S, waits)

    def _tell(self, now: float) -> None:
        if not self._keys.shows or now - self._told_s < TOLD_S:
            return
        self._told_s = now
        print(f"\r\x1b[K{status(self._player, self._checked)}", end="", file=sys.stderr, flush=True)


def status(player: Player, checked: Checked) -> str:
    """One line: whether it plays, when it is on the town's clock, how fast, and what stands."""
    picture = player.engine.picture()
    full = sum(lot.state is State.FULL for lot in picture.lots) if picture else 0
    alerts = len(picture.alerts) if picture else 0
    local = player.run.town.calendar.local(player.at)
    speed = "max" if player.speed == inf else f"{player.speed:g}"
    same = f"不同 different {checked.different}" if checked.different else "相同 identical"
    return (
        f"{'▶' if player.is_playing else '‖'} {local:%m-%d %H:%M:%S} ×{speed:<4}  满 full {full}  报警 alerts {alerts}"
        f"  变字 changes {checked.account.report.sign_changes}  {same}"
    )

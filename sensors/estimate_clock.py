"""Devices whose clock is wrong: by how much, as the time between what they say and its arrival tells.

Messages that are late come with all sorts of delays; a backlog comes at once. A clock that is off makes every message
late, or early, by about as much.
"""

from collections.abc import Iterable
from typing import Any, Final, NamedTuple

from parking.domain.ids import DeviceId

WRONG_S: Final = 60.0
"""A delay of less is a delay."""
AHEAD_S: Final = 5.0
TIMES: Final = 4
"""So many messages in a row must be off by as much …"""
WITHIN_S: Final = 20.0
"""… give or take this …"""
APART_S: Final = 45.0
"""… over at least this long: a backlog comes within seconds."""


class Lag(NamedTuple):
    """What a device's messages in a row were late by."""

    off_s: float
    """What its clock is taken to be behind by now."""
    seen_s: float
    """Delay of the first of the row."""
    since_s: float
    """When that one arrived."""
    times: int
    wrong_s: float = 0.0
    """When its clock was found to be off."""


SOUND: Final = Lag(0.0, 0.0, 0.0, 0)


class Clocks:
    """What each device's clock is off by."""

    def __init__(self) -> None:
        self._lags: dict[DeviceId, Lag] = {}

    def at(self, device: DeviceId, at_s: float, received_s: float) -> float:
        """When it really was, as far as anybody can tell; never later than its arrival."""
        late = received_s - at_s
        lag = self._lags.get(device, SOUND)
        if -AHEAD_S <= late - lag.off_s <= WRONG_S:
            if lag.times:
                self._lags[device] = lag._replace(times=0)
            return min(at_s + lag.off_s, received_s)
        self._lags[device] = lag = self._again(lag, late, received_s)
        return min(at_s + lag.off_s, received_s)

    def wrong(self) -> Iterable[tuple[DeviceId, float, float]]:
        """Devices whose clock is off: since when, epoch seconds, and by how many seconds they are behind."""
        return [(device, lag.wrong_s, lag.off_s) for device, lag in self._lags.items() if lag.off_s]

    @staticmethod
    def _again(lag: Lag, late: float, received_s: float) -> Lag:
        if not lag.times or abs(late - lag.seen_s) > WITHIN_S:
            return Lag(lag.off_s, late, received_s, 1)
        if lag.times + 1 < TIMES or received_s - lag.since_s < APART_S:
            return lag._replace(times=lag.times + 1)
        settled = 0.0 if -AHEAD_S <= late <= WRONG_S else late
        return Lag(settled, 0.0, 0.0, 0, received_s)

    def save(self) -> list[list[Any]]:
        """Plain rows."""
        return [[device, *lag] for device, lag in self._lags.items()]

    def load(self, rows: list[list[Any]]) -> None:
        """Back to those rows."""
        self._lags = {DeviceId(row[0]): Lag(*row[1:]) for row in rows}

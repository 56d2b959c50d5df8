"""Lots watched from above or below: a sensor under each bay, or a camera that counts with an error."""

from typing import Final

import numpy as np

from sim.hardware import HEARTBEAT_S, Mouth
from sim.street import Street
from sim.wire import Message, stamp

CAMERA_SHARE_SD: Final = 0.025
"""A camera's count is off by this share of what it sees …"""
CAMERA_CARS_SD: Final = 0.7
"""… and by this many cars besides."""


class BayGateway:
    """Each bay at once when it changes; all of them once in a period."""

    every_s = 1

    def __init__(self, mouth: Mouth, lot: int, phase: int) -> None:
        self.mouth, self._lot, self.phase = mouth, lot, phase
        self._said: bytes | None = None

    def observe(self, street: Street, at: int) -> list[Message]:
        """Changes of this second, or everything."""
        park = street.carparks[self._lot]
        now, before = bytes(park.bays), self._said
        is_full_round = before is None or (at - self.phase) % int(self.mouth.period_s) == 0
        if not is_full_round and now == before:
            return self.mouth.say(at, [])
        self._said = now
        which = range(len(now)) if before is None or is_full_round else _changes(before, now)
        when = stamp(at)
        return self.mouth.say(
            at,
            [
                self.mouth.reading("bay", when, lot=park.lot.id, bay=f"{bay + 1:03d}", taken=bool(now[bay]))
                for bay in which
            ],
        )


def _changes(before: bytes, now: bytes) -> list[int]:
    return [bay for bay, (was, is_) in enumerate(zip(before, now, strict=True)) if was != is_]


class CountingCamera:
    """Counts cars in a picture of the whole lot."""

    every_s = HEARTBEAT_S

    def __init__(self, mouth: Mouth, lot: int, phase: int, chance: np.random.Generator) -> None:
        self.mouth, self._lot, self.phase, self._chance = mouth, lot, phase, chance

    def observe(self, street: Street, at: int) -> list[Message]:
        """The count, each period."""
        if (at - self.phase) % int(self.mouth.period_s):
            return self.mouth.say(at, [])
        park = street.carparks[self._lot]
        share, cars = self._chance.standard_normal(2).tolist()
        seen = round(park.taken * (1 + CAMERA_SHARE_SD * share) + CAMERA_CARS_SD * cars)
        taken = min(park.capacity, max(0, seen))
        return self.mouth.say(
            at, [self.mouth.reading("count", stamp(at), lot=park.lot.id, taken=taken, source="camera")]
        )

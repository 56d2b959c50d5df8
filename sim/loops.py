"""Loops of a section: vehicles that passed, their mean speed, and how long a loop was covered."""

from math import floor
from typing import Final

import numpy as np

from sim.hardware import HEARTBEAT_S, Mouth
from sim.street import Street
from sim.wire import Message, stamp

SPEED_SD_SHARE: Final = 0.04
COVERED_M: Final = 6.5
"""A car and a loop together: what covers the loop of one kilometre of lane."""


class Loop:
    """The loops of one section over one interval, which is the device's period."""

    every_s = HEARTBEAT_S

    def __init__(self, mouth: Mouth, section: int, phase: int, chance: np.random.Generator) -> None:
        self.mouth, self._section, self.phase, self._chance = mouth, section, phase, chance
        self._passed: int | None = None

    def observe(self, street: Street, at: int) -> list[Message]:
        """What passed since the last interval; the first interval only begins to count."""
        if (at - self.phase) % int(self.mouth.period_s):
            return self.mouth.say(at, [])
        passed, before = floor(street.traffic.passed[self._section] + 1e-9), self._passed
        self._passed = passed
        return self.mouth.say(at, [] if before is None else [self._reading(street, at, passed - before)])

    def _reading(self, street: Street, at: int, vehicles: int) -> dict[str, object]:
        noise = 1 + SPEED_SD_SHARE * float(self._chance.standard_normal())
        speed = round(max(0.5, street.traffic.speed_kmh[self._section] * noise), 1)
        covered = min(1.0, street.traffic.density(self._section) * COVERED_M / 1000)
        return self.mouth.reading(
            "traffic",
            stamp(at),
            section=street.town.sections[self._section].id,
            vehicles=vehicles,
            speed_kmh=speed if vehicles else None,
            loop_occupancy_share=round(covered, 3),
            interval_s=self.mouth.period_s,
        )

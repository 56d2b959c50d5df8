"""Barrier lots: the gate counter with its queue camera, and the barrier system that counts what it let in."""

from typing import Final

from sim.carpark import CarPark
from sim.hardware import HEARTBEAT_S, Mouth
from sim.street import Street
from sim.wire import Message, stamp

TOTALS_S: Final = 15
"""Passages are told together, at most this often."""
QUEUE_S: Final = 30


class Gate:
    """Running totals since its boot, when they changed; cars waiting outside, always."""

    every_s = TOTALS_S

    def __init__(self, mouth: Mouth, lot: int, street: Street, phase: int) -> None:
        park = street.carparks[lot]
        self.mouth, self._lot, self.phase = mouth, lot, phase
        self._entered_0, self._left_0 = park.entered, park.left
        self._said: tuple[int, int] | None = None

    def observe(self, street: Street, at: int) -> list[Message]:
        """Totals and queue when due."""
        park = street.carparks[self._lot]
        readings = []
        totals = (park.entered - self._entered_0, park.left - self._left_0)
        if totals != self._said:
            self._said = totals
            readings.append(self._reading("gate", park, at, entered=totals[0], left=totals[1]))
        if (at - self.phase) % QUEUE_S == 0:
            readings.append(self._reading("queue", park, at, queue_vehicles=park.waiting))
        return self.mouth.say(at, readings)

    def _reading(self, kind: str, park: CarPark, at: int, **fields: int) -> dict[str, object]:
        return self.mouth.reading(kind, stamp(at), lot=park.lot.id, **fields)


class BarrierSystem:
    """The lot system's own count of cars inside."""

    every_s = HEARTBEAT_S

    def __init__(self, mouth: Mouth, lot: int, phase: int) -> None:
        self.mouth, self._lot, self.phase = mouth, lot, phase

    def observe(self, street: Street, at: int) -> list[Message]:
        """The count, each period."""
        if (at - self.phase) % int(self.mouth.period_s):
            return self.mouth.say(at, [])
        park = street.carparks[self._lot]
        reading = self.mouth.reading("count", stamp(at), lot=park.lot.id, taken=park.taken, source="barrier_system")
        return self.mouth.say(at, [reading])

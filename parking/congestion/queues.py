"""Cars waiting at the entrances of lots."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from parking.codec import decode, encode
from parking.domain.device import LEAST_STALE_AFTER
from parking.domain.ids import LotId
from parking.domain.lot import Lot
from parking.domain.reading import QueueReading


@dataclass(frozen=True, slots=True)
class Queue:
    """A queue at a lot's entrance, in cars and in metres."""

    lot: Lot
    vehicles: float
    metres: float

    @property
    def overflows(self) -> bool:
        """Whether cars stand on the road behind the access road."""
        return self.vehicles > self.lot.queue_room


class Queues:
    """The newest count of every entrance; a count that is not repeated in time is nobody's knowledge any more."""

    def __init__(self, lots: Sequence[Lot]) -> None:
        self._lots = {lot.id: lot for lot in lots}
        self._newest: dict[LotId, QueueReading] = {}

    def take(self, reading: QueueReading) -> None:
        """What a device counted or measured; late readings and lots nobody knows change nothing."""
        before = self._newest.get(reading.lot)
        if reading.lot in self._lots and (before is None or reading.at > before.at):
            self._newest[reading.lot] = reading

    def overflowing(self, now: datetime, metres_per_car: float) -> tuple[Queue, ...]:
        """Queues that stand beyond their access roads, in the order they were first heard of."""
        fresh = (reading for reading in self._newest.values() if now - reading.received_at <= LEAST_STALE_AFTER)
        queues = (_queue(self._lots[reading.lot], reading, metres_per_car) for reading in fresh if _is_any(reading))
        return tuple(queue for queue in queues if queue.overflows)

    def save(self) -> str:
        """The newest counts as JSON."""
        return encode(tuple(self._newest.values())).decode()

    def load(self, state: str) -> None:
        """Back to what was saved."""
        self._newest = {reading.lot: reading for reading in decode(state, tuple[QueueReading, ...])}


def _is_any(reading: QueueReading) -> bool:
    return bool(reading.queue_vehicles or reading.queue_m)


def _queue(lot: Lot, reading: QueueReading, metres_per_car: float) -> Queue:
    """Cars where they were counted, metres where they were measured, the other by the length of a car."""
    metres, vehicles = reading.queue_m, reading.queue_vehicles
    return Queue(
        lot,
        float(vehicles) if vehicles is not None else (metres or 0.0) / metres_per_car,
        float(metres) if metres is not None else (vehicles or 0) * float(metres_per_car),
    )

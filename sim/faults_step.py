"""What every step from the street to the wire has in common."""

from abc import ABC, abstractmethod
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Protocol, TypeAlias

from sim.street import Street
from sim.wire import Message, reading_message

Dated: TypeAlias = tuple[float, Message]
"""When a message arrives, and the message."""
Reading: TypeAlias = Mapping[str, Any]


class Step(Protocol):
    """One fault of one device."""

    def change(self, street: Street, at: float, message: Message) -> Iterable[Dated]:
        """What becomes of a message said at that second of street time, and when."""
        ...


class Altering(ABC):
    """A fault that changes readings one by one, and neither loses nor holds any."""

    def change(self, street: Street, at: float, message: Message) -> Iterable[Dated]:
        """The same message with other numbers; what is no reading passes."""
        if message.topic.endswith("/reading"):
            readings = [self.alter(street, at, one) for one in readings_of(message)]
            message = reading_message(message.device, readings)
        yield at, message

    @abstractmethod
    def alter(self, street: Street, at: float, reading: Reading) -> Reading:
        """The reading as the faulty device makes it."""


def readings_of(message: Message) -> Sequence[Reading]:
    """One reading or several, as a sequence."""
    return [message.payload] if isinstance(message.payload, Mapping) else message.payload

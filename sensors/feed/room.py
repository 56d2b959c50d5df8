"""The bounded room between paho's thread and the event loop: one lock, no copies, no message ever above the bound."""

import threading
from collections import deque
from dataclasses import dataclass
from typing import NamedTuple

from sensors.native import Packet


class Heard(NamedTuple):
    """A packet, and what acknowledging it needs."""

    packet: Packet
    mid: bytes
    """Packet identifier, two bytes; empty when the sender wants no acknowledgement."""
    connection: int
    """Number of the connection it came on: an acknowledgement belongs there alone."""


@dataclass(frozen=True, slots=True)
class Size:
    """How much may be in memory."""

    messages: int = 10_000
    """Half a minute of a county at full speech; the broker keeps the rest."""
    payload_bytes: int = 64 * 1024 * 1024
    """Against a few thousand messages of 10 MB each."""
    batch_messages: int = 5_000
    """A COPY gains nothing from more, and a commit should not keep its senders waiting."""
    batch_bytes: int = 1024 * 1024
    """About 10,000 readings when they come in arrays: some 50 ms of the event loop."""


class Room:
    """First in, first out. Many may ask; one thread puts, one takes."""

    def __init__(self, size: Size) -> None:
        self._size = size
        self._heard: deque[Heard] = deque()
        self._bytes = 0
        self._lock = threading.Lock()

    def __len__(self) -> int:
        return len(self._heard)

    def left(self) -> int:
        """Messages that may still enter; 0 also when their bytes are too many."""
        if self._bytes >= self._size.payload_bytes:
            return 0
        return self._size.messages - len(self._heard)

    def put(self, heard: list[Heard]) -> None:
        """Let these in; the caller has asked `left`."""
        with self._lock:
            self._heard.extend(heard)
            self._bytes += sum(len(one.packet.payload) for one in heard)

    def take(self) -> list[Heard]:
        """What has queued, oldest first, up to one batch; at least one message unless empty."""
        taken: list[Heard] = []
        held = 0
        with self._lock:
            while self._heard and len(taken) < self._size.batch_messages and held < self._size.batch_bytes:
                one = self._heard.popleft()
                held += len(one.packet.payload)
                taken.append(one)
            self._bytes -= held
        return taken

"""Live events for many pages at once: numbered, kept for a while, bundled, and never waiting for the slowest.

One bundle at most every `gap_s`: a thing that changes ten times in between is told once, newest. Each client has a
bounded room; who does not keep up is given a snapshot instead of a queue.
"""

import asyncio
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from itertools import islice
from typing import Final

from parking.flow.present import Change, Present, What
from parking.web.run import WebLimits

Render = Callable[[Change], bytes | None]
"""The JSON of what is to be told now; None when there is nothing to tell."""

CLOCK: Final = Change(What.CLOCK, "")


@dataclass(frozen=True, slots=True)
class Event:
    """One event as it goes over the wire."""

    n: int
    frame: bytes


class Client:
    """What waits for one page."""

    def __init__(self, room: int) -> None:
        self._room = room
        self._waiting: list[Event] = []
        self._woken = asyncio.Event()
        self.needs_snapshot = False

    def offer(self, events: list[Event]) -> None:
        """Never blocks; past the room everything waiting is dropped for a snapshot."""
        if not self.needs_snapshot:
            self._waiting.extend(events)
            if len(self._waiting) > self._room:
                self.ask_snapshot()
        self._woken.set()

    def ask_snapshot(self) -> None:
        """Forget what waits: the next thing sent is the whole present."""
        self._waiting.clear()
        self.needs_snapshot = True
        self._woken.set()

    def wake(self) -> None:
        """Look up: the stream ends."""
        self._woken.set()

    async def wait(self, at_most_s: float) -> bool:
        """Whether something waits, at once or within that time."""
        try:
            async with asyncio.timeout(at_most_s):
                await self._woken.wait()
        except TimeoutError:
            return False
        self._woken.clear()
        return True

    def take(self) -> list[Event]:
        """Everything that waits, oldest first; its room is free again."""
        taken, self._waiting = self._waiting, []
        self.needs_snapshot = False
        return taken


class Stream:
    """The one source of events of a process."""

    def __init__(
        self, present: Present, render: Render, snapshot: Callable[[], bytes], boot: str, limits: WebLimits
    ) -> None:
        self._present = present
        self._render = render
        self._snapshot = snapshot
        self._boot = boot
        self._limits = limits
        self._changed: dict[Change, None] = {}
        self._woken = asyncio.Event()
        self._ring: deque[Event] = deque(maxlen=limits.stream_ring)
        self._drawn: tuple[float, int, bytes] = (0.0, -1, b"")
        """Machine time, number and bytes of the newest snapshot."""
        self.clients: set[Client] = set()
        self._open = True
        self.last = 0
        """Number of the newest event."""
        self.snapshots = 0
        """Snapshots sent since the start."""

    async def run(self) -> None:
        """Tell for ever; a quiet street still hears the clock."""
        stop = self._present.listen(self.note)
        try:
            while True:
                await self._wait()
                self.flush()
                await asyncio.sleep(self._limits.stream_gap_s)
        finally:
            stop()

    def note(self, change: Change) -> None:
        """Something is new; told with the next bundle."""
        self._changed[change] = None
        self._woken.set()

    def flush(self) -> None:
        """Number and hand out everything noted."""
        changed, self._changed = self._changed, {}
        self._woken.clear()
        bodies = ((change, self._render(change)) for change in changed)
        events = [self._number(change.what.value, body) for change, body in bodies if body is not None]
        self._ring.extend(events)
        if events:
            for client in self.clients:
                client.offer(events)

    def join(self, last_event_id: str) -> Client:
        """A new client. It hears what it missed, or first of all the whole present."""
        client = Client(self._limits.stream_room)
        missed = self._missed(last_event_id)
        if missed is None:
            client.ask_snapshot()
        elif missed:
            client.offer(missed)
        self.clients.add(client)
        return client

    def snapshot(self) -> bytes:
        """The whole present as an event; drawn once for all who ask within one gap."""
        now, (drawn_at, number, drawn) = asyncio.get_running_loop().time(), self._drawn
        if number != self.last or now - drawn_at > self._limits.stream_gap_s:
            drawn = frame(f"{self._boot}.{self.last}", "snapshot", self._snapshot())
            self._drawn = (now, self.last, drawn)
        self.snapshots += 1
        return drawn

    def leave(self, client: Client) -> None:
        """This page has gone."""
        self.clients.discard(client)

    def is_open(self) -> bool:
        """Whether there will be more to tell."""
        return self._open

    def close(self) -> None:
        """End every stream now, so that the process can."""
        self._open = False
        for client in self.clients:
            client.wake()

    def _number(self, name: str, body: bytes) -> Event:
        self.last += 1
        return Event(self.last, frame(f"{self._boot}.{self.last}", name, body))

    def _missed(self, last_event_id: str) -> list[Event] | None:
        """Events after that one; None when it is not ours or too old."""
        boot, _, number = last_event_id.partition(".")
        if boot != self._boot or not (number.isascii() and number.isdigit() and len(number) < 16):
            return None
        n = int(number)
        first = self._ring[0].n if self._ring else self.last + 1
        if not first - 1 <= n <= self.last:
            return None
        return list(islice(self._ring, n - first + 1, None))

    async def _wait(self) -> None:
        try:
            async with asyncio.timeout(self._limits.stream_beat_s):
                await self._woken.wait()
        except TimeoutError:
            self.note(CLOCK)


def frame(event_id: str, name: str, body: bytes) -> bytes:
    """One server-sent event; `body` is JSON and so has no line break."""
    return b"id: %b\nevent: %b\ndata: %b\n\n" % (event_id.encode(), name.encode(), body)

"""EDGE. The inbound wire: MQTT messages in batches, acknowledged only when their owner says that they are kept.

`room` bounds what waits in memory, `line` and `swift` speak MQTT through paho, `turn` is the thread that turns them.
"""

import asyncio
import logging
from collections.abc import AsyncIterator, Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Protocol, Self

from parking.address import parse_address
from parking.ports import Arrivals, Clock
from sensors.feed.line import Line
from sensors.feed.room import Heard, Room, Size
from sensors.feed.swift import SwiftLine, fits
from sensors.feed.turn import Turn
from sensors.native import Decoded, Packet

log = logging.getLogger(__name__)

GATHER_S = 0.01
"""How long a first message waits for company: a commit costs the same for one and for a hundred."""

OnState = Callable[[bool, str], None]
"""Whether the broker answers, and why not; called in the event loop."""


@dataclass(frozen=True, slots=True)
class Ticket:
    """Which messages a batch was, and on which connection they came."""

    connection: int
    mids: tuple[bytes, ...]


class Decoder(Protocol):
    """Understands packets: `Native` our own wire, `Dispatch` devices with profiles as well."""

    @property
    def subscriptions(self) -> tuple[str, ...]:
        """Topics it understands beyond those of our own wire."""
        ...

    def decode(self, packets: Iterable[Packet]) -> Decoded:
        """Everything the packets say, in their order; never raises."""
        ...


def topics(root: str, share: str = "", others: Sequence[str] = ()) -> tuple[str, ...]:
    """What devices and signs say; with `share` the collectors of that group divide it among themselves (MQTT 5)."""
    prefix = f"$share/{share}/" if share else ""
    own = (f"{root}/{what}" for what in ("devices/+/reading", "devices/+/status", "signs/+/shown"))
    return tuple(f"{prefix}{topic}" for topic in (*own, *others))


class MqttFeed:
    """The Feed of the service. Enter it, iterate `batches`, acknowledge each when it is committed."""

    def __init__(
        self,
        url: str,
        decoder: Decoder,
        clock: Clock,
        *,
        root: str = "parking/v1",
        client_id: str = "parking-collect",
        share: str = "",
        version: int = 5,
        size: Size | None = None,
        on_state: OnState | None = None,
        swift: bool | None = None,
    ) -> None:
        """`client_id` is the name of the broker's session: fixed, and of one collector alone."""
        self._decoder = decoder
        self._size = size or Size()
        self._on_state = on_state
        self._room = Room(self._size)
        chosen = SwiftLine if (fits() if swift is None else swift) else Line
        line = chosen(parse_address(url), client_id, self._room, clock.now, version=version)
        self._turn = Turn(
            line,
            client_id,
            topics(root, share, decoder.subscriptions),
            self._room,
            self._heard,
            self._told,
            self._broken,
        )
        self._waiting = asyncio.Event()
        self._signalled = False
        self._closed = False
        self._bug: BaseException | None = None
        self._loop: asyncio.AbstractEventLoop | None = None

    @property
    def queued(self) -> int:
        """Messages read off the wire that no batch has taken yet; never above the bound."""
        return len(self._room)

    async def __aenter__(self) -> Self:
        """Begin to connect; does not wait for the broker."""
        self._loop = asyncio.get_running_loop()
        self._turn.start()
        return self

    async def __aexit__(self, *_: object) -> None:
        """Say goodbye; the broker keeps what was not acknowledged."""
        self._closed = True
        self._waiting.set()
        await asyncio.to_thread(self._turn.stop)

    async def batches(self) -> AsyncIterator[Arrivals]:
        """Batches of what has queued, at least one message each, until closed. A bug in the line's thread ends it."""
        while not self._closed:
            await self._waiting.wait()
            self._waiting.clear()
            if self._bug is not None:
                raise RuntimeError("the feed's thread has ended with a bug") from self._bug
            await asyncio.sleep(GATHER_S)
            while heard := self._room.take():
                self._turn.made_room()
                yield self._arrivals(heard)

    async def acknowledge(self, arrivals: Arrivals) -> None:
        """Tell the sender that these are kept. Only after the commit."""
        ticket = arrivals.ticket
        if isinstance(ticket, Ticket) and ticket.mids:
            self._turn.acknowledge(ticket.connection, ticket.mids)

    def _arrivals(self, heard: Sequence[Heard]) -> Arrivals:
        said = self._decoder.decode(one.packet for one in heard)
        newest = heard[-1].connection
        mids = tuple(one.mid for one in heard if one.mid and one.connection == newest)
        return Arrivals(tuple(said.readings), tuple(said.shown), tuple(said.doubts), Ticket(newest, mids), len(heard))

    def _heard(self) -> None:
        """In the line's thread: one wake-up for however much has queued."""
        if not self._signalled and self._loop is not None:
            self._signalled = True
            self._loop.call_soon_threadsafe(self._wake)

    def _broken(self, bug: BaseException) -> None:
        """In the line's thread, at its end."""
        self._bug = bug
        if self._loop is not None:
            self._loop.call_soon_threadsafe(self._waiting.set)

    def _wake(self) -> None:
        self._signalled = False
        self._waiting.set()

    def _told(self, up: bool, detail: str) -> None:
        if self._loop is not None:
            self._loop.call_soon_threadsafe(self._tell, up, detail)

    def _tell(self, up: bool, detail: str) -> None:
        level = logging.INFO if up or self._closed else logging.WARNING
        log.log(level, "broker %s %s", "up" if up else "down:", detail)
        if self._on_state is not None:
            self._on_state(up, detail)

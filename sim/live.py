"""Hardware over wires: any street and its devices, turned by street time until told to end."""

import asyncio
import contextlib
import os
import signal
from collections.abc import Callable, Coroutine, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final, Protocol, TypeVar

from parking.address import parse_address
from parking.streetclock import StreetClock, StreetTime
from sim.board import Board, Lit
from sim.hardware import Device, Hardware
from sim.line import Line, Lines
from sim.wire import Message

NAP_S: Final = 0.05
"""Machine seconds between two looks at the clock."""
BREATH: Final = 20
"""Seconds of street time after which lines get a turn while the street catches up."""
TEND_S: Final = 1.0
RETRY_NAP_S: Final = 0.2
"""Machine seconds between looks at broken lines while none stands."""
GOODBYE_S: Final = 0.3
"""Machine seconds for last messages to leave."""


class Ground(Lit, Protocol):
    """A street that can be moved on."""

    now: float
    """Street time, seconds since 1970."""

    def advance(self, until: float) -> None:
        """Let everything happen up to and including `until`."""
        ...


G = TypeVar("G", bound=Ground)
G_contra = TypeVar("G_contra", bound=Ground, contravariant=True)


class Witness(Protocol[G_contra]):
    """Somebody who writes down what a run over wires was."""

    def look(self, street: G_contra, second: int, said: Iterable[Message]) -> None:
        """The street after that second, and what its hardware said."""
        ...

    def hear(self, sign: str, payload: bytes, at: float) -> None:
        """An order has reached a sign."""
        ...


@dataclass(frozen=True, slots=True)
class Wires:
    """Where hardware speaks, and by which clock."""

    broker_url: str
    root: str
    time: StreetTime
    until: datetime | None = None
    """Street time at which it ends by itself."""
    passwords: Mapping[str, str] = field(default_factory=dict)
    """Device to password; the URL's credentials for devices that have none."""


def run_hardware(be: Callable[[asyncio.Event], Coroutine[Any, Any, None]], *, ends_with_parent: bool) -> None:
    """Be hardware until it ends, SIGINT or SIGTERM, or until the process that started this one has ended; blocks."""
    asyncio.run(_until_told(be, ends_with_parent=ends_with_parent))


async def _until_told(be: Callable[[asyncio.Event], Coroutine[Any, Any, None]], *, ends_with_parent: bool) -> None:
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stop.set)
    parent = os.getppid()
    street = asyncio.create_task(be(stop))
    while not street.done():
        await asyncio.wait([street], timeout=1.0)
        if ends_with_parent and os.getppid() != parent:
            stop.set()
    await street


async def be_hardware(
    wires: Wires, street: G, hardware: Hardware[G], stop: asyncio.Event, witness: "Witness[G] | None" = None
) -> None:
    """Turn street and hardware until `stop` is set or `until` has come; says goodbye on every way out."""
    lines = Lines({device.mouth.device: _line(wires, device, street, witness) for device in hardware.devices})
    tending = asyncio.create_task(_tend(lines))
    try:
        await _live(wires, street, hardware, lines, stop, witness)
    finally:
        tending.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await tending
        lines.send(device.mouth.status(street.now, online=False) for device in hardware.devices)
        await asyncio.sleep(GOODBYE_S)
        lines.hang_up()


async def _live(
    wires: Wires,
    street: G,
    hardware: Hardware[G],
    lines: Lines,
    stop: asyncio.Event,
    witness: "Witness[G] | None",
) -> None:
    clock, second = StreetClock(wires.time), int(street.now)
    last = None if wires.until is None else wires.until.timestamp()
    while not stop.is_set() and (last is None or second < last):
        now = clock.now().timestamp()
        behind = range(second + 1, int(now if last is None else min(now, last)) + 1)
        for second in behind:
            street.advance(second)
            said = hardware.observe(street, second)
            if witness is not None:
                witness.look(street, second, said)
            lines.send(said)
            if second % BREATH == 0:
                await asyncio.sleep(0)
            if stop.is_set():
                return
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(stop.wait(), NAP_S)


def _line(wires: Wires, device: Device[G], street: G, witness: "Witness[G] | None") -> Line:
    mouth = device.mouth
    return Line(
        parse_address(wires.broker_url),
        wires.root,
        mouth.device,
        will=lambda: mouth.will(street.now),
        greet=lambda: mouth.greeting(street.now),
        heard=_ear(device, street, witness) if isinstance(device, Board) else None,
        password=wires.passwords.get(mouth.device),
    )


def _ear(board: Board, street: G, witness: "Witness[G] | None") -> Callable[[bytes], None]:
    def heard(payload: bytes) -> None:
        if witness is not None:
            witness.hear(board.sign, payload, street.now)
        board.take(payload, street.now)

    return heard


async def _tend(lines: Lines) -> None:
    while True:
        lines.connect()
        lines.tend()
        await asyncio.sleep(TEND_S if lines.up else RETRY_NAP_S)

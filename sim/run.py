"""The street as a process: truth, hardware and wires turned by street time."""

import asyncio
import contextlib
import logging
import os
import signal
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from parking.address import BrokerAddress, parse_address
from parking.domain.town import Town
from parking.streetclock import StreetClock, StreetTime
from sim.board import Board
from sim.fitting import fit_out
from sim.hardware import Device, Hardware
from sim.line import Line, Lines
from sim.scenario import Scenario
from sim.street import Street, make_street

log = logging.getLogger(__name__)

NAP_S: Final = 0.05
"""Machine seconds between two looks at the clock."""
BREATH: Final = 20
"""Seconds of street time after which lines get a turn while the street catches up."""
TEND_S: Final = 1.0
RETRY_NAP_S: Final = 0.2
"""Machine seconds between looks at broken lines while none stands."""
GOODBYE_S: Final = 0.3
"""Machine seconds for last messages to leave."""


@dataclass(frozen=True, slots=True)
class Run:
    """All that a run over wires depends on."""

    broker_url: str
    root: str
    town: Town
    scenario: Scenario
    time: StreetTime
    seed: int = 1
    until: datetime | None = None
    """Street time at which it ends by itself."""
    passwords: Mapping[str, str] = field(default_factory=dict)
    """Device to password; the URL's credentials for devices that have none."""


def run_street(
    broker_url: str,
    root: str,
    town: Town,
    scenario: Scenario,
    t0: datetime,
    m0: float,
    speed: float,
    seed: int = 1,
    until: datetime | None = None,
    *,
    passwords: Mapping[str, str] | None = None,
    ends_with_parent: bool = False,
) -> None:
    """Be the street until `until`, SIGINT or SIGTERM; blocks. Street time is t0 + speed × (machine time − m0)."""
    run = Run(broker_url, root, town, scenario, StreetTime(t0, m0, speed), seed, until, passwords or {})
    asyncio.run(_until_told(run, ends_with_parent=ends_with_parent))


async def _until_told(run: Run, *, ends_with_parent: bool) -> None:
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stop.set)
    parent = os.getppid()
    street = asyncio.create_task(be_street(run, stop))
    while not street.done():
        await asyncio.wait([street], timeout=1.0)
        if ends_with_parent and os.getppid() != parent:
            stop.set()
    await street


async def be_street(run: Run, stop: asyncio.Event) -> None:
    """Be the street until `stop` is set or `until` has come; says goodbye on every way out."""
    street = make_street(run.town, run.scenario, run.seed, run.time.t0)
    boot = int(run.time.t0.timestamp())
    hardware = fit_out(run.town, street, run.seed, boot=boot, speed=run.time.speed)
    lines = Lines(
        {device.mouth.device: _line(parse_address(run.broker_url), run, device, street) for device in hardware.devices}
    )
    log.info("the street begins: %s, %d devices", run.scenario.name, len(hardware.devices))
    tending = asyncio.create_task(_tend(lines))
    try:
        await _live(run, street, hardware, lines, stop)
    finally:
        tending.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await tending
        lines.send(device.mouth.status(street.now, online=False) for device in hardware.devices)
        await asyncio.sleep(GOODBYE_S)
        lines.hang_up()


async def _live(run: Run, street: Street, hardware: Hardware, lines: Lines, stop: asyncio.Event) -> None:
    clock, second = StreetClock(run.time), int(street.now)
    last = None if run.until is None else run.until.timestamp()
    while not stop.is_set() and (last is None or second < last):
        now = clock.now().timestamp()
        behind = range(second + 1, int(now if last is None else min(now, last)) + 1)
        for second in behind:
            street.advance(second)
            lines.send(hardware.observe(street, second))
            if second % BREATH == 0:
                await asyncio.sleep(0)
            if stop.is_set():
                return
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(stop.wait(), NAP_S)


def _line(address: BrokerAddress, run: Run, device: Device, street: Street) -> Line:
    mouth = device.mouth
    heard = (lambda payload: device.take(payload, street.now)) if isinstance(device, Board) else None
    return Line(
        address,
        run.root,
        mouth.device,
        will=lambda: mouth.will(street.now),
        greet=lambda: mouth.status(street.now),
        heard=heard,
        password=run.passwords.get(mouth.device),
    )


async def _tend(lines: Lines) -> None:
    while True:
        lines.connect()
        lines.tend()
        await asyncio.sleep(TEND_S if lines.up else RETRY_NAP_S)

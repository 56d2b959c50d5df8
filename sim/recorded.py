"""A recording as hardware: its devices say over the wire what they counted then, its signs obey and confirm.

They get it as a tape, which holds the stretch to be told and nothing else, so that this process is up at once.
"""

import asyncio
import json
import logging
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from parking.domain.device import DeviceKind
from parking.domain.reading import CountReading
from parking.domain.town import Town
from sim.board import Board
from sim.hardware import Device, Hardware, Mouth
from sim.live import Wires, be_hardware
from sim.wire import Message, reading_message, stamp

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class TapedDevice:
    """One lot's counting system and what it counted."""

    device: str
    lot: str
    period_s: float
    rows: tuple[tuple[int, int], ...]
    """Seconds since 1970 and taken bays, oldest first."""


@dataclass(frozen=True, slots=True)
class TapedSign:
    """One sign's controller."""

    sign: str
    lines: int
    period_s: float


@dataclass(frozen=True, slots=True)
class Tape:
    """A stretch of a recording, as its hardware needs it."""

    devices: tuple[TapedDevice, ...]
    signs: tuple[TapedSign, ...]


def tape_of(town: Town, readings: Iterable[CountReading]) -> Tape:
    """The tape on which this town's devices say these readings, oldest first."""
    rows: dict[str, list[tuple[int, int]]] = {}
    for reading in readings:
        rows.setdefault(reading.device, []).append((int(reading.at.timestamp()), reading.taken))
    lines = {str(sign.id): len(sign.panels) for sign in town.signs}
    signs = [one for one in town.devices if one.kind is DeviceKind.SIGN]
    return Tape(
        tuple(
            TapedDevice(one.id, next(iter(one.lots)), one.period.total_seconds(), tuple(rows.get(one.id, ())))
            for one in town.devices
            if one.lots
        ),
        tuple(TapedSign(one.id, lines[one.id], one.period.total_seconds()) for one in signs),
    )


def write_tape(tape: Tape, file: Path) -> None:
    """Put it into a file, JSON."""
    file.write_text(json.dumps(asdict(tape)), encoding="utf-8")


def read_tape(file: Path) -> Tape:
    """As it was written."""
    parts = json.loads(file.read_text(encoding="utf-8"))
    devices = (
        TapedDevice(**one | {"rows": tuple((at, taken) for at, taken in one["rows"])}) for one in parts["devices"]
    )
    return Tape(tuple(devices), tuple(TapedSign(**one) for one in parts["signs"]))


class Teller:
    """Says each row at its time, stamped with it. A hole in the recording is a silence, so it has no heartbeat."""

    every_s = 1
    phase = 0

    def __init__(self, mouth: Mouth, lot: str, rows: Sequence[tuple[int, int]]) -> None:
        self.mouth, self._lot, self._rows = mouth, lot, rows
        self._next = 0

    def observe(self, street: object, at: int) -> list[Message]:
        """Rows that have come due since the last look."""
        del street  # it says what was counted then, whatever it sees now
        first = self._next
        while self._next < len(self._rows) and self._rows[self._next][0] <= at:
            self._next += 1
        readings = [self._reading(*row) for row in self._rows[first : self._next]]
        return [reading_message(self.mouth.device, readings)] if readings else []

    def _reading(self, at: int, taken: int) -> dict[str, object]:
        return self.mouth.reading("count", stamp(at), lot=self._lot, taken=taken, source="barrier_system")


class RecordedStreet:
    """A street of which only the numbers are known."""

    def __init__(self, begins: float, signs: Sequence[TapedSign]) -> None:
        self.now = begins
        """Street time, seconds since 1970."""
        self.lamps: list[tuple[str, ...]] = [("",) * sign.lines for sign in signs]
        """What each sign spells, a text a line."""

    def advance(self, until: float) -> None:
        """What happens is on the tape; only time passes."""
        self.now = until


def fit_tape(tape: Tape, *, boot: int, speed: float) -> Hardware[RecordedStreet]:
    """Every device and sign of the tape, in its order."""
    devices: list[Device[RecordedStreet]] = [
        Teller(Mouth(one.device, one.period_s, boot), one.lot, one.rows) for one in tape.devices
    ]
    devices += [Board(Mouth(one.sign, one.period_s, boot), nth, one.lines, speed) for nth, one in enumerate(tape.signs)]
    return Hardware(devices)


async def be_recorded(wires: Wires, tape: Tape, stop: asyncio.Event) -> None:
    """Be the recorded hardware until `stop` is set or `until` has come; says goodbye on every way out."""
    begins = wires.time.t0.timestamp()
    street = RecordedStreet(begins, tape.signs)
    hardware = fit_tape(tape, boot=int(begins), speed=wires.time.speed)
    log.info("the recording begins: %d devices, %d signs", len(tape.devices), len(tape.signs))
    await be_hardware(wires, street, hardware, stop)

"""What a run over wires can be held against: its truth and readings as digests, and every order its signs were given.

Signs obey when an order reaches them, and when that is depends on the machine. Everything else does not: with the same
orders at the same seconds the same street comes about again without wires, to the bit.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from typing import Final, TypeAlias

import msgspec

from parking.domain.errors import BadReading
from sim.board import Board
from sim.faults_stage import with_faults
from sim.fitting import fit_out
from sim.ground import Ground, faults_on
from sim.hardware import Hardware
from sim.scenario import Scenario
from sim.street import Street, make_street
from sim.wire import Message

LOOK_S: Final = 5
"""The truth is looked at on this grid."""


Changes: TypeAlias = Mapping[str, str | float | int]
"""What was said instead of a scenario's own, by the name of its option."""


@dataclass(frozen=True, slots=True)
class Order:
    """What a sign was told, and the second of street time after which it was."""

    after: int
    sign: str
    payload: str


@dataclass(frozen=True, slots=True)
class Deed:
    """One run over wires."""

    scenario: str
    seed: int
    begins: datetime
    speed: float
    seconds: int
    """Of street time, from the beginning."""
    truth_sha256: str
    readings_sha256: str
    orders: tuple[Order, ...] = ()
    changes: Changes = field(default_factory=dict)


class Notary:
    """Looks at each second, and hears each order."""

    def __init__(self, scenario: str, seed: int, begins: datetime, speed: float, changes: Changes) -> None:
        self._about, self._changes = (scenario, seed, begins, speed), changes
        self._seconds = 0
        self._truth, self._readings = sha256(), sha256()
        self._orders: list[Order] = []

    def hear(self, sign: str, payload: bytes, at: float) -> None:
        """An order has reached a sign."""
        self._orders.append(Order(int(at), sign, payload.decode("utf-8", "replace")))

    def look(self, street: Street, second: int, said: Iterable[Message]) -> None:
        """The street after that second, and what its hardware said."""
        self._seconds += 1
        self._readings.update(words_of(said))
        if second % LOOK_S == 0:
            self._truth.update(fingerprint(street))

    def deed(self) -> Deed:
        """Everything so far."""
        digests = self._truth.hexdigest(), self._readings.hexdigest()
        return Deed(*self._about, self._seconds, *digests, tuple(self._orders), self._changes)


def fingerprint(street: Street) -> bytes:
    """Everything that can be seen of the street now."""
    lots = [(park.taken, park.entered, park.left, park.waiting) for park in street.carparks]
    traffic = street.traffic
    return msgspec.json.encode((street.now, lots, traffic.ours, traffic.others, traffic.passed, traffic.speed_kmh))


def words_of(said: Iterable[Message]) -> bytes:
    """Topics and payloads, in their order."""
    return msgspec.json.encode([(one.topic, one.payload) for one in said])


def greet(hardware: Hardware[Street], at: int) -> None:
    """Every device has its first status ready when the run begins; each connection says it, or the newest, again."""
    for device in hardware.devices:
        device.mouth.status(at)


def again(ground: Ground, scenario: Scenario, deed: Deed) -> Deed:
    """The same run once more, without wires: the same orders reach the same signs after the same seconds."""
    town = ground.town
    street = make_street(town, scenario, deed.seed, deed.begins, ground.demand, ground.zones)
    boot = int(deed.begins.timestamp())
    sound = fit_out(town, street, deed.seed, boot=boot, speed=deed.speed)
    hardware = with_faults(sound, faults_on(ground, scenario), town, deed.seed, deed.begins)
    greet(hardware, boot)
    boards = {one.mouth.device: one for one in hardware.devices if isinstance(one, Board)}
    notary, orders = (
        Notary(scenario.name, deed.seed, deed.begins, deed.speed, deed.changes),
        list(reversed(deed.orders)),
    )
    for second in range(boot, boot + deed.seconds + 1):
        if second > boot:
            street.advance(second)
            notary.look(street, second, hardware.observe(street, second))
        while orders and orders[-1].after <= second:
            order = orders.pop()
            notary.hear(order.sign, order.payload.encode(), second)
            boards[order.sign].take(order.payload.encode(), second)
    return notary.deed()


def write_deed(path: Path, deed: Deed) -> None:
    """Keep it as a JSON file."""
    path.write_bytes(msgspec.json.format(msgspec.json.encode(deed), indent=1) + b"\n")


def read_deed(path: Path) -> Deed:
    """The deed of that file. Raises BadReading when it holds none."""
    try:
        return msgspec.json.decode(path.read_bytes(), type=Deed)
    except (OSError, msgspec.MsgspecError) as trouble:
        raise BadReading(f"{path}: {trouble}; give a file that `parking sim street --deed` has written") from trouble

"""The stage between hardware and wire on which faults happen. Pure: the same seed gives the same messages.

Each fault of each device draws from a stream of its own, so street, drivers and all other devices meet every setting
of faults unchanged. The truth is touched by one fault alone: a lot that shuts its entrance.
"""

import heapq
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Final

import numpy as np

from parking.domain.errors import BadTown
from parking.domain.town import Town
from sim.board import Board
from sim.faults import Fault, FaultKind, Window
from sim.faults_count import CounterReset, Drift, Miscount, Stuck, Wrap
from sim.faults_device import Away, Mute, WrongClock
from sim.faults_line import Cut, Disorder, Dropped, Duplicated, Late, Offline
from sim.faults_pick import pattern_of, picked
from sim.faults_step import Dated, Step
from sim.faults_switch import Switch, switches_of_line, switches_of_lot, switches_of_sign
from sim.hardware import Device, Hardware
from sim.streams import Purpose, stream
from sim.street import Street
from sim.wire import Message

STEPS: Final[Mapping[FaultKind, Callable[[Fault, Window, np.random.Generator], Step]]] = {
    FaultKind.MISCOUNT: Miscount,
    FaultKind.DRIFT: Drift,
    FaultKind.STUCK: Stuck,
    FaultKind.COUNTER_RESET: CounterReset,
    FaultKind.WRAP: Wrap,
    FaultKind.BATTERY_DEATH: Away,
    FaultKind.GATEWAY_RESTART: Away,
    FaultKind.CLOCK_SKEW: WrongClock,
    FaultKind.CLOCK_JUMP: WrongClock,
    FaultKind.SIGN_MUTE: Mute,
    FaultKind.SIGN_OFFLINE: Offline,
    FaultKind.DROPPED: Dropped,
    FaultKind.LATE: Late,
    FaultKind.DISORDER: Disorder,
    FaultKind.DUPLICATED: Duplicated,
    FaultKind.LINE_CUT: Cut,
    FaultKind.BROKER_GONE: Cut,
}

FROM_AFAR: Final = frozenset({FaultKind.BROKER_GONE})
"""What nobody at the device can put right."""


def with_faults(
    hardware: Hardware[Street], faults: Sequence[Fault], town: Town, seed: int, begins: datetime
) -> Hardware[Street]:
    """This hardware with these faults; without any it is the very same.

    Raises:
        BadTown: a fault names what the town does not have, or what it cannot befall.
    """
    return Faulty(hardware, faults, town, seed, begins) if faults else hardware


class Faulty(Hardware[Street]):
    """Hardware that misbehaves."""

    def __init__(
        self, hardware: Hardware[Street], faults: Sequence[Fault], town: Town, seed: int, begins: datetime
    ) -> None:
        super().__init__(hardware.devices)
        if problems := tuple(_strangers(faults, town)):
            raise BadTown(problems)
        self._town, self._seed, self._begins = town, seed, begins
        self._steps: dict[str, list[Step]] = {device.mouth.device: [] for device in hardware.devices}
        self._switches: list[tuple[float, int, Switch, Window]] = []
        self._windows: dict[str, list[Window]] = {device.mouth.device: [] for device in hardware.devices}
        """Of faults that somebody at the device can put right."""
        self._under_way: list[tuple[float, int, Message]] = []
        self._numbers = 0
        for fault, nth in _in_order(picked(faults, town, seed)):
            self._put_up(fault, nth)

    def observe(self, street: Street, at: int) -> list[Message]:
        """What arrives at this second: some of what is said now, and what was held up."""
        while self._switches and self._switches[0][0] <= at:
            for message in heapq.heappop(self._switches)[2](street, at):
                self._send(at, message)
        for message in super().observe(street, at):
            for due, one in self._through(street, at, message):
                self._send(due, one)
        arrived = []
        while self._under_way and self._under_way[0][0] <= at:
            arrived.append(heapq.heappop(self._under_way)[2])
        return arrived

    def is_broken(self, device: str, at: float) -> bool:
        """Whether a fault of it holds now that somebody at the device can put right."""
        return any(window.holds(at) for window in self._windows[device])

    def mend(self, device: str, at: float) -> int:
        """End every such fault now; what would happen at its end happens at the next look."""
        mended = [window for window in self._windows[device] if window.holds(at)]
        for window in mended:
            self._switches = list(_drawn_forward(self._switches, window, at))
            held = [
                (at if due == window.ends and one.device == device else due, n, one) for due, n, one in self._under_way
            ]
            self._under_way = held
            window.ends = at
        heapq.heapify(self._switches)
        heapq.heapify(self._under_way)
        return len(mended)

    def _through(self, street: Street, at: int, message: Message) -> Sequence[Dated]:
        dated: list[Dated] = [(at, message)]
        for step in self._steps[message.device]:
            dated = [after for due, one in dated for after in step.change(street, due, one)]
        return dated

    def _send(self, due: float, message: Message) -> None:
        heapq.heappush(self._under_way, (due, self._next(), message))

    def _next(self) -> int:
        self._numbers += 1
        return self._numbers

    def _put_up(self, fault: Fault, nth: int) -> None:
        for number, lot in enumerate(self._town.lots):
            if fault.befalls(lot.id):
                window = fault.window(self._begins, self._town.calendar, self._chance(fault, nth, lot.id))
                self._switch(switches_of_lot(number, window), window)
        kinds = {str(one.id): one.kind for one in self._town.devices}
        for device in self.devices:
            name = device.mouth.device
            if fault.befalls(name, kinds[name]):
                self._befall(fault, device, self._chance(fault, nth, name))

    def _befall(self, fault: Fault, device: Device[Street], chance: np.random.Generator) -> None:
        window = fault.window(self._begins, self._town.calendar, chance)
        if fault.kind in STEPS:
            self._steps[device.mouth.device].append(STEPS[fault.kind](fault, window, chance))
        if fault.kind not in FROM_AFAR:
            self._windows[device.mouth.device].append(window)
        if isinstance(device, Board):
            self._switch(switches_of_sign(device, fault, window), window)
        self._switch(switches_of_line(device.mouth, fault, window, self._begins.timestamp()), window)

    def _switch(self, switches: Iterable[tuple[float, Switch]], window: Window) -> None:
        for at, switch in switches:
            heapq.heappush(self._switches, (at, self._next(), switch, window))

    def _chance(self, fault: Fault, nth: int, name: str) -> np.random.Generator:
        return stream(self._seed, Purpose.FAULTS, fault.kind.value, nth, fault.seed, name)


def _in_order(faults: Sequence[Fault]) -> Iterator[tuple[Fault, int]]:
    """From the street to the wire, each with its number among those of its kind."""
    for kind in FaultKind:
        yield from ((fault, nth) for nth, fault in enumerate(one for one in faults if one.kind is kind))


def _drawn_forward(
    switches: Iterable[tuple[float, int, Switch, Window]], ended: Window, at: float
) -> Iterator[tuple[float, int, Switch, Window]]:
    """The same, with the window's end now; what would have happened in the rest of it does not."""
    for due, number, switch, window in switches:
        if window is not ended or due >= window.ends:
            yield (at if window is ended else due), number, switch, window


def fits(fault: Fault, who: str, town: Town) -> bool:
    """Whether the town has something of that name, or of that pattern, that this can befall."""
    alone = Fault(fault.kind, (pattern_of(who),))
    by_name = any(alone.befalls(str(one.id), one.kind) for one in town.devices)
    return by_name or any(alone.befalls(lot.id) for lot in town.lots)


def fitting(faults: Iterable[Fault], town: Town) -> tuple[Fault, ...]:
    """These faults, as far as the town has what they befall."""
    kept = (replace(one, who=tuple(who for who in one.who if fits(one, who, town))) for one in faults)
    return tuple(one for one in kept if one.who)


def _strangers(faults: Sequence[Fault], town: Town) -> Iterator[str]:
    for fault in faults:
        for name in fault.who:
            if not fits(fault, name, town):
                yield f"fault {fault.kind}: {name!r} fits nothing in {town.id} that this can befall; mend the name"

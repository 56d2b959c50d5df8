"""Faults of the device itself: without power, without its memory, with a wrong clock; a sign that does not confirm."""

from collections.abc import Iterable, Mapping
from dataclasses import replace

import numpy as np

from sim.faults import Fault, FaultKind, Window
from sim.faults_count import Totals
from sim.faults_step import Dated, readings_of
from sim.street import Street
from sim.wire import Message, reading_message, seconds_of, stamp


class Away:
    """Says nothing in the window. Back again, a gate's totals begin at zero; its mouth has another boot then."""

    def __init__(self, fault: Fault, window: Window, chance: np.random.Generator) -> None:
        del chance  # its window is all that chance has to say
        self._window, self._totals = window, Totals()
        self._warns_s = fault.number("warns_min") * 60 if fault.kind is FaultKind.BATTERY_DEATH else 0.0

    def change(self, street: Street, at: float, message: Message) -> Iterable[Dated]:
        """Nothing while it is away."""
        del street
        is_reading = message.topic.endswith("/reading")
        if at < self._window.ends:
            for one in readings_of(message) if is_reading else ():
                self._totals.see(one)
            if at < self._window.begins:
                yield at, self._warned(at, message)
        elif is_reading:
            yield at, reading_message(message.device, [self._totals.since(one) for one in readings_of(message)])
        else:
            yield at, message

    def _warned(self, at: float, message: Message) -> Message:
        left_s = self._window.begins - at
        if not message.topic.endswith("/status") or left_s > self._warns_s or not isinstance(message.payload, Mapping):
            return message
        return replace(message, payload={**message.payload, "battery_share": round(left_s / self._warns_s, 3)})


class WrongClock:
    """Every time it tells is off: ever more, or by as much from the first instant. Set right at the end."""

    def __init__(self, fault: Fault, window: Window, chance: np.random.Generator) -> None:
        del chance  # a quartz is steady
        self._window = window
        skews = fault.kind is FaultKind.CLOCK_SKEW
        self._per_s = fault.number("s_per_h") / 3600 if skews else 0.0
        self._offset_s = 0.0 if skews else fault.number("offset_s")

    def change(self, street: Street, at: float, message: Message) -> Iterable[Dated]:
        """The same, stamped with its own clock."""
        del street
        if self._window.holds(at):
            off_s = round(self._offset_s + self._per_s * (at - self._window.begins), 3)
            told = [{**one, "at": stamp(seconds_of(one["at"]) + off_s)} for one in readings_of(message)]
            message = replace(message, payload=told[0] if isinstance(message.payload, Mapping) else told)
        yield at, message


class Mute:
    """A sign that obeys, lives, and never says what it shows."""

    def __init__(self, fault: Fault, window: Window, chance: np.random.Generator) -> None:
        del fault, chance  # the window says all
        self._window = window

    def change(self, street: Street, at: float, message: Message) -> Iterable[Dated]:
        """Everything but confirmations."""
        del street
        if not (self._window.holds(at) and message.topic.endswith("/shown")):
            yield at, message

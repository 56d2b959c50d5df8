"""Faults of the line: messages that are lost, late, behind others, twice, or all at once when the line is mended."""

from collections.abc import Iterable

import numpy as np

from sim.faults import Fault, Window
from sim.faults_step import Dated
from sim.street import Street
from sim.wire import Message


class _Chancy:
    """A fault that befalls a share of the window's messages."""

    def __init__(self, fault: Fault, window: Window, chance: np.random.Generator) -> None:
        self._share = fault.number("share")
        self._window, self._chance = window, chance

    def _befalls(self, at: float) -> bool:
        return self._window.holds(at) and float(self._chance.random()) < self._share


class Dropped(_Chancy):
    """Lost for ever, as with QoS 0 or a full gateway."""

    def change(self, street: Street, at: float, message: Message) -> Iterable[Dated]:
        """The message, or nothing."""
        del street
        return [] if self._befalls(at) else [(at, message)]


class Late(_Chancy):
    """Held up on the way, each by its own time, so that younger ones overtake it."""

    def __init__(self, fault: Fault, window: Window, chance: np.random.Generator) -> None:
        super().__init__(fault, window, chance)
        self._least_s, self._most_s = fault.number("least_s"), fault.number("most_s")

    def change(self, street: Street, at: float, message: Message) -> Iterable[Dated]:
        """The same message, perhaps later."""
        del street
        late_s = float(self._chance.uniform(self._least_s, self._most_s))
        return [(at + late_s, message)] if self._befalls(at) else [(at, message)]


class Disorder(_Chancy):
    """Changes places with the device's next one."""

    _waiting: Message | None = None

    def change(self, street: Street, at: float, message: Message) -> Iterable[Dated]:
        """The message and, behind it, who waited; or nothing yet."""
        del street
        if self._waiting is not None:
            waited, self._waiting = self._waiting, None
            return [(at, message), (at, waited)]
        if self._befalls(at):
            self._waiting = message
            return []
        return [(at, message)]


class Duplicated(_Chancy):
    """Sent again although it had arrived, as QoS 1 may."""

    def change(self, street: Street, at: float, message: Message) -> Iterable[Dated]:
        """Once or twice."""
        del street
        return [(at, message)] * (2 if self._befalls(at) else 1)


class Cut:
    """A broken line: the device keeps all it says, and tells it in its order when the line stands again."""

    def __init__(self, fault: Fault, window: Window, chance: np.random.Generator) -> None:
        del fault, chance  # the window says all
        self._window = window

    def change(self, street: Street, at: float, message: Message) -> Iterable[Dated]:
        """Now, or at the end of the window."""
        del street
        return [(self._window.ends if self._window.holds(at) else at, message)]


class Offline:
    """No line at all: what it says in the window nobody ever hears."""

    def __init__(self, fault: Fault, window: Window, chance: np.random.Generator) -> None:
        del fault, chance  # the window says all
        self._window = window

    def change(self, street: Street, at: float, message: Message) -> Iterable[Dated]:
        """Nothing in the window."""
        del street
        return [] if self._window.holds(at) else [(at, message)]

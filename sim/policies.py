"""What signs can be made to say: nothing, the count, the count with a margin, or what somebody says who knows all.

The engine is one more policy; it is put together where the command line is, because the street knows no engine.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final, Protocol, TypeAlias

from parking.domain.guidance import State
from parking.domain.sign import Panel
from parking.domain.town import Town
from sim.board import NEUTRAL
from sim.plain import PlainCounts
from sim.street import Street
from sim.verdict import Alarm
from sim.wire import Message, Show

FULL_BELOW: Final = 0.03
"""Share of bays below which the margin rule says FULL …"""
FREE_ABOVE: Final = 0.06
"""… and above which it says a number again."""
RESERVE: Final = 0.04
"""Share of bays that perfect knowledge keeps for drivers who read no sign."""
VALID_S: Final = 180
RENEW_S: Final = 60
"""An order is given anew before it ends, even when nothing changed."""
FULL_TEXT: Final = "满"
CLOSED_TEXT: Final = "关闭"

Free: TypeAlias = int | State
"""Free bays to be told, or the word that stands instead."""


@dataclass(frozen=True, slots=True)
class Order:
    """What a sign is told, and the state word of each line."""

    sign: str
    show: Show
    words: tuple[State, ...]


class Policy(Protocol):
    """Something that decides what signs say. A fresh one for each run."""

    def hear(self, said: Sequence[Message], at: int) -> None:
        """What the hardware said at this second."""
        ...

    def decide(self, street: Street, at: int) -> Sequence[Order]:
        """Orders for signs, on each instant of the grid; only perfect knowledge may look at the street."""
        ...

    def believes(self) -> Sequence[float | None]:
        """Taken bays of each lot as far as it knows; None where it does not, nothing at all when it never asks."""
        ...

    def alarms(self) -> Sequence[Alarm] | None:
        """What it has told people of; None when it never does."""
        ...


class Silence:
    """`none`: signs stay neutral."""

    def hear(self, said: Sequence[Message], at: int) -> None:
        """Nobody listens."""

    def decide(self, street: Street, at: int) -> Sequence[Order]:
        """Nothing to say."""
        return ()

    def believes(self) -> Sequence[float | None]:
        """Nothing is believed."""
        return ()

    def alarms(self) -> Sequence[Alarm] | None:
        """It tells nobody."""
        return None


class Writer:
    """Turns numbers and words of panels into orders: at once when a text changes, and anew before they end."""

    def __init__(self, town: Town) -> None:
        self._town = town
        self._last: dict[str, Order] = {}

    def write(self, rows: Mapping[str, Sequence[Free]], at: int) -> list[Order]:
        """Orders that are due; `rows` by sign, a value a line."""
        orders = [self._order(sign, values, at) for sign, values in rows.items()]
        due = [one for one in orders if self._is_due(one)]
        self._last |= {one.sign: one for one in due}
        return due

    def _order(self, sign: str, values: Sequence[Free], at: int) -> Order:
        last = self._last.get(sign)
        sequence = last.show.sequence + 1 if last else 1
        texts = tuple(_text(value) for value in values)
        words = tuple(value if isinstance(value, State) else State.FREE for value in values)
        return Order(sign, Show(1, sequence, at, at + VALID_S, VALID_S, texts), words)

    def _is_due(self, order: Order) -> bool:
        last = self._last.get(order.sign)
        return last is None or order.show.texts != last.show.texts or order.show.at - last.show.at >= RENEW_S


class Counting:
    """`count` and `margin`: plain counts on signs; FULL below one share of free bays, until it is above another."""

    def __init__(self, town: Town, full_below: float = 0.0, free_above: float = 0.0) -> None:
        self._town, self._full_below, self._free_above = town, full_below, free_above
        self._counts = PlainCounts(town)
        self._is_full = [False] * len(town.lots)
        self._index = {lot.id: nth for nth, lot in enumerate(town.lots)}
        self._writer = Writer(town)

    def hear(self, said: Sequence[Message], at: int) -> None:
        """Count."""
        self._counts.hear(said)

    def decide(self, street: Street, at: int) -> Sequence[Order]:
        """Each lot's number or word, and areas as the sum of theirs."""
        lots = [self._tell(nth, at) for nth in range(len(self._town.lots))]
        rows = {
            str(sign.id): [total(lots[self._index[lot]] for lot in panel.lots) for panel in sign.panels]
            for sign in self._town.signs
        }
        return self._writer.write(rows, at)

    def believes(self) -> Sequence[float | None]:
        """The plain counts."""
        return self._counts.taken

    def alarms(self) -> Sequence[Alarm] | None:
        """It tells nobody."""
        return None

    def _tell(self, lot: int, at: int) -> Free:
        taken, capacity = self._counts.taken[lot], self._town.lots[lot].capacity
        if not self._is_open(lot, at):
            return State.CLOSED
        if taken is None:
            return State.UNKNOWN
        free = min(capacity, max(0, capacity - taken))
        if self._is_full[lot]:
            self._is_full[lot] = free <= self._free_above * capacity
        else:
            self._is_full[lot] = free == 0 or free < self._full_below * capacity
        return State.FULL if self._is_full[lot] else free

    def _is_open(self, lot: int, at: int) -> bool:
        """By the hours at its entrance, which whoever sets up a sign knows; of other closures nobody tells it."""
        hours, calendar = self._town.lots[lot].hours, self._town.calendar
        return hours is None or hours.is_open(calendar.local(datetime.fromtimestamp(at, UTC)).time())


class Oracle:
    """`oracle`: knows every car. A panel's number is what will be free when its reader arrives, less a reserve."""

    def __init__(self, town: Town, reserve: float = RESERVE) -> None:
        self._town, self._reserve = town, reserve
        self._index = {lot.id: nth for nth, lot in enumerate(town.lots)}
        self._writer = Writer(town)

    def hear(self, said: Sequence[Message], at: int) -> None:
        """It needs no sensors."""

    def decide(self, street: Street, at: int) -> Sequence[Order]:
        """Each panel for its own readers."""
        rows = {str(sign.id): [self._panel(street, panel, at) for panel in sign.panels] for sign in self._town.signs}
        return self._writer.write(rows, at)

    def believes(self) -> Sequence[float | None]:
        """It does not believe: it knows."""
        return ()

    def alarms(self) -> Sequence[Alarm] | None:
        """It tells nobody."""
        return None

    def _panel(self, street: Street, panel: Panel, at: int) -> Free:
        return total(self._on_arrival(street, self._index[lot], at + panel.travel_s) for lot in panel.lots)

    def _on_arrival(self, street: Street, lot: int, then: float) -> Free:
        park = street.carparks[lot]
        if not park.is_open(then):
            return State.CLOSED
        room = park.capacity - park.taken - park.waiting + park.leaving_by(then) - street.coming(lot, then)
        free = int(room - self._reserve * park.capacity)
        return free if free > 0 else State.FULL


def total(lots: Iterable[Free]) -> Free:
    """One number for several lots; without any number the most hopeful word among theirs."""
    values = list(lots)
    numbers = [value for value in values if not isinstance(value, State)]
    if numbers:
        return sum(numbers)
    return next(word for word in (State.UNKNOWN, State.FULL, State.CLOSED) if word in values)


def _text(value: Free) -> str:
    if isinstance(value, State):
        return {State.FULL: FULL_TEXT, State.CLOSED: CLOSED_TEXT}.get(value, NEUTRAL)
    return str(value)

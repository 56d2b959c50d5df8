"""A sign at the road: obeys the newest order until it ends, lights its lamps, and says what they spell."""

from typing import Final, Protocol

from sim.hardware import Mouth
from sim.wire import Message, Show, show_of, shown_message

NEUTRAL: Final = "--"
SWITCH_S: Final = 1
"""From an order's arrival to its lamps."""
REPEAT_S: Final = 60


class Texts(Protocol):
    """A text a line for each sign."""

    def __setitem__(self, sign: int, texts: tuple[str, ...], /) -> None:
        """Let the sign of that number spell this."""
        ...


class Lit(Protocol):
    """Where lamps are."""

    @property
    def lamps(self) -> Texts:
        """What each sign spells."""
        ...


class Board:
    """One sign's controller and lamps."""

    every_s = 1

    def __init__(self, mouth: Mouth, sign: int, lines: int, speed: float) -> None:
        self.mouth, self._sign, self._lines, self.phase = mouth, sign, lines, 0
        self._neutral = (NEUTRAL,) * lines
        self._speed = speed
        """Street seconds in a machine second: `valid_s` runs on the machine's stopwatch."""
        self._order: Show | None = None
        self._ends = float("-inf")
        self._shows: tuple[str, ...] = ()
        self._due: float | None = None
        self._said_at = float("-inf")
        self.refused = 0
        """Orders that could not be read or were older than what is shown."""
        self._jammed: tuple[str, ...] | None = None
        self._confirms_orders = False
        self._is_deaf = False
        self._kept: Show | None = None

    @property
    def sign(self) -> str:
        """The sign's id, which is also its controller's."""
        return self.mouth.device

    def take(self, payload: bytes, at: float) -> None:
        """An order has arrived at this street time; empty bytes end nothing."""
        if not payload:
            return
        self.obey(show_of(payload), at)

    def obey(self, order: Show | None, at: float) -> None:
        """An order that was read already; None when it could not be."""
        if self._is_deaf:
            self._kept = order
            return
        if order is None or len(order.texts) != self._lines or self._is_old(order):
            self.refused += 1
            return
        self._order = order
        self._ends = min(order.until, at + order.valid_s * self._speed) if order.until > order.at else at
        self._due = at + SWITCH_S

    def go_deaf(self) -> None:
        """Its line is cut: orders stay at the broker, which keeps the newest."""
        self._is_deaf = True

    def hear_again(self, at: float) -> None:
        """Its line stands again, and the broker hands over what it kept."""
        kept, self._kept, self._is_deaf = self._kept, None, False
        if kept is not None:
            self.obey(kept, at)

    def jam(self, text: str, *, confirms_orders: bool) -> None:
        """Spell this on every line, or what it spells now, whatever is ordered.

        It confirms what its lamps spell or, as simple controllers do, what was ordered.
        """
        self._jammed = (text,) * self._lines if text else self._shows or self._neutral
        self._confirms_orders = confirms_orders

    def free(self) -> None:
        """Lamps obey again."""
        self._jammed, self._confirms_orders = None, False

    def observe(self, street: Lit, at: int) -> list[Message]:
        """Switch lamps when it is time; confirm after each order, each change by itself, and each minute."""
        shows = self._texts(at)
        messages = self.mouth.say(at, [])
        if shows != self._shows or (self._due is not None and at >= self._due) or at - self._said_at >= REPEAT_S:
            street.lamps[self._sign] = self._shows = shows
            if self._due is not None and at >= self._due:
                self._due = None
            self._said_at = at
            messages.append(self._confirm(at))
        return messages

    def _texts(self, at: int) -> tuple[str, ...]:
        return self._ordered(at) if self._jammed is None else self._jammed

    def _ordered(self, at: int) -> tuple[str, ...]:
        if self._order is None or at >= self._ends:
            return self._neutral
        if self._due is not None and at < self._due:
            return self._shows
        return self._order.texts

    def _confirm(self, at: int) -> Message:
        epoch, sequence = (self._order.epoch, self._order.sequence) if self._order else (0, 0)
        rows = self._ordered(at) if self._confirms_orders else self._shows
        return shown_message(self.sign, epoch, sequence, at, rows)

    def _is_old(self, order: Show) -> bool:
        last = self._order
        return last is not None and (order.epoch, order.sequence) < (last.epoch, last.sequence)

"""An operator's hand on signs: each ends by itself, and the sign returns to auto."""

from collections.abc import Collection, Sequence
from datetime import datetime

from parking.codec import decode, encode
from parking.domain.ids import SignId
from parking.domain.inputs import Override, OverrideMode


class Overrides:
    """The newest hand on each sign, by the sign's index."""

    def __init__(self, signs: Sequence[SignId]) -> None:
        self._index = {sign: i for i, sign in enumerate(signs)}
        self._by_sign: dict[int, Override] = {}

    @property
    def signs(self) -> Collection[int]:
        """Signs under somebody's hand."""
        return self._by_sign.keys()

    def take(self, command: Override) -> int | None:
        """Hold or give back the sign; its index, or None for a sign nobody knows."""
        sign = self._index.get(command.sign)
        if sign is None:
            return None
        if command.mode is OverrideMode.AUTO:
            self._by_sign.pop(sign, None)
        else:
            self._by_sign[sign] = command
        return sign

    def end(self, now: datetime) -> tuple[int, ...]:
        """Give back the signs whose time is over; their indices."""
        over = tuple(sign for sign, command in self._by_sign.items() if command.until <= now)
        for sign in over:
            del self._by_sign[sign]
        return over

    def of(self, sign: int) -> Override | None:
        """Whose hand is on that sign."""
        return self._by_sign.get(sign)

    def save(self) -> list[str]:
        """Each hand as JSON, in the order taken."""
        return [encode(command).decode() for command in self._by_sign.values()]

    def load(self, state: list[str]) -> None:
        """Back to what was saved."""
        self._by_sign = {}
        for text in state:
            self.take(decode(text, Override))

"""What signs spell, as drivers read it: texts for whoever looks on, numbers for the law."""

from collections.abc import Iterator
from typing import Final

from parking.domain.town import Town
from sim.core.fields import LAMP_FULL, LAMP_NEUTRAL
from sim.ledger import Ledger

SAYS_FULL: Final = frozenset({"满", "关闭"})


class Lamps:
    """A text a line for each sign; setting one changes what drivers read."""

    def __init__(self, town: Town, ledger: Ledger) -> None:
        self._texts: list[tuple[str, ...]] = [("",) * len(sign.panels) for sign in town.signs]
        self._first, at = [], 0
        for sign in town.signs:
            self._first.append(at)
            at += len(sign.panels)
        self._ledger = ledger

    def __getitem__(self, sign: int) -> tuple[str, ...]:
        return self._texts[sign]

    def __setitem__(self, sign: int, texts: tuple[str, ...]) -> None:
        self._texts[sign] = texts
        for line, text in enumerate(texts):
            self._ledger.state.lamp[self._first[sign] + line] = code_of(text)

    def __iter__(self) -> Iterator[tuple[str, ...]]:
        return iter(self._texts)

    def __len__(self) -> int:
        return len(self._texts)

    def __eq__(self, other: object) -> bool:
        return self._texts == (other._texts if isinstance(other, Lamps) else other)

    __hash__ = None  # type: ignore[assignment]  # it changes


def code_of(text: str) -> int:
    """A number as itself, full and closed as no bay at all, anything else as nothing said."""
    if text in SAYS_FULL:
        return LAMP_FULL
    return int(text) if text.isdecimal() else LAMP_NEUTRAL

"""What lamps spell and in which colour, for a state word and its number."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from parking.domain.guidance import Colour, Guidance, Row, State
from parking.domain.inputs import Override, OverrideMode

COLOURS: Final[Mapping[State, Colour]] = MappingProxyType(
    {
        State.FREE: Colour.GREEN,
        State.LIMITED: Colour.YELLOW,
        State.FULL: Colour.RED,
        State.CLOSED: Colour.RED,
        State.UNKNOWN: Colour.OFF,
    }
)
TEXTS: Final[Mapping[State, str]] = MappingProxyType({State.FULL: "满", State.CLOSED: "关闭", State.UNKNOWN: "--"})
"""Words that stand instead of a number."""

ALL_LAMPS: Final = "8888"
"""Lights every segment of a number panel; yellow lights the red and the green lamps of a dot."""


def row(line: int, state: State, free: int | None) -> Row:
    """One panel: the number where the word has one, else the word."""
    if state in TEXTS:
        return Row(line, state, 0 if state is State.FULL else None, TEXTS[state], COLOURS[state])
    return Row(line, state, free, str(free), COLOURS[state])


def neutral_row(line: int) -> Row:
    """A panel that says nothing about free bays."""
    return row(line, State.UNKNOWN, None)


def override_row(line: int, place: int, command: Override) -> Row:
    """One panel under an operator's hand; `place` counts the sign's panels from 0."""
    if command.mode is OverrideMode.FULL:
        return row(line, State.FULL, None)
    if command.mode is OverrideMode.CLOSED:
        return row(line, State.CLOSED, None)
    if command.mode is OverrideMode.TEST:
        return Row(line, State.UNKNOWN, None, ALL_LAMPS, Colour.YELLOW)
    text = command.texts[place] if command.mode is OverrideMode.MESSAGE and place < len(command.texts) else ""
    return Row(line, State.UNKNOWN, None, text, Colour.YELLOW if text else Colour.OFF)


def texts(guidance: Guidance) -> tuple[str, ...]:
    """What the sign should show, in the order of its lines: as it will confirm it."""
    return tuple(one.text for one in guidance.rows)

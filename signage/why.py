"""Why a panel says what it says: a rule's code and the numbers it looked at, as data for people and for the record."""

from typing import Final

from parking.domain.guidance import STATES, State, Why
from parking.domain.settings import SignSettings
from signage.states import CLOSED, FULL, UNKNOWN, Seen, full_limits

AREA_RULES: Final = {
    State.FREE: "area_number",
    State.LIMITED: "area_number",
    State.FULL: "area_full",
    State.CLOSED: "area_closed",
    State.UNKNOWN: "area_unknown",
}


def why_lot(line: int, word: int, seen: Seen, row: int, travel_s: float, limits: SignSettings) -> Why:
    """The reason of a panel of one lot; `row` picks it from the columns."""
    numbers = _numbers(seen, row) | {"p_free": round(float(seen.p_free[row]), 3), "travel_s": travel_s}
    return Why(line, _lot_rule(word, seen, row, limits), numbers)


def why_area(line: int, word: int, seen: Seen, row: int) -> Why:
    """The reason of a panel of an area."""
    return Why(line, AREA_RULES[STATES[word]], _numbers(seen, row))


def _numbers(seen: Seen, row: int) -> dict[str, float]:
    known = {"capacity": float(seen.capacity[row])}
    return known if seen.free[row] < 0 else known | {"free": float(seen.free[row])}


def _lot_rule(word: int, seen: Seen, row: int, limits: SignSettings) -> str:
    if word == CLOSED:
        return "closed"
    if word == UNKNOWN:
        return "stale" if seen.free[row] < 0 else "returning"
    if word == FULL:
        return _full_rule(seen, row, limits)
    return "number"


def _full_rule(seen: Seen, row: int, limits: SignSettings) -> str:
    enter, _ = full_limits(seen.capacity[row : row + 1], limits)
    if seen.free[row] <= enter[0]:
        return "full_by_count"
    return "full_on_arrival" if seen.p_free[row] < limits.early_full_below_p else "full_held"

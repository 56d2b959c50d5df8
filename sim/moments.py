"""Times and names in the tables of a scenario's file: what is wrong with them, what they mean, where they stand."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import time
from difflib import get_close_matches
from math import inf
from typing import Any, Final, TypeGuard

from sim.faults import Moment

DAY_MIN: Final = 24 * 60
LONGEST_MIN: Final = 31 * DAY_MIN
WINDOW_KEYS: Final = ("begins", "begins_min", "ends", "ends_min", "lasts_min")

Problem = tuple[str, str]
"""A key, and what is wrong with it and how to mend it."""


def wrong_window(table: Mapping[str, Any], *, needs_end: bool) -> Iterator[Problem]:
    """What is wrong with the time from which, until which or for how long something is there."""
    for keys in (("begins", "begins_min"), ("ends", "ends_min", "lasts_min")):
        given = [key for key in keys if key in table]
        if len(given) > 1:
            yield given[1], f"{' and '.join(given)} say the same twice; keep one"
    for key in ("begins", "ends"):
        if key in table and not isinstance(table[key], time):
            yield key, f"{key} is a time of the town's clock; give for example {key} = 10:30:00, or {key}_min"
    for key, least in (("begins_min", -DAY_MIN), ("ends_min", 0), ("lasts_min", 0)):
        if key in table and not (is_number(table[key]) and least <= table[key] <= LONGEST_MIN):
            yield key, f"{key} is {table[key]!r}; give minutes from {least} to {LONGEST_MIN}"
    yield from _wrong_end(table, needs_end=needs_end)


def _wrong_end(table: Mapping[str, Any], *, needs_end: bool) -> Iterator[Problem]:
    begins, ends, lasts = table.get("begins_min", 0), table.get("ends_min"), table.get("lasts_min")
    if needs_end and not any(key in table for key in ("ends", "ends_min", "lasts_min")):
        yield "kind", f"{table.get('kind', 'it')} has no end; give lasts_min, ends_min or ends"
    if "begins" not in table and is_number(begins) and is_number(ends) and ends <= begins:
        yield "ends_min", "it ends before it begins; give a later ends_min"
    if is_number(lasts) and lasts == 0:
        yield "lasts_min", "it lasts no time; give more minutes"
    if is_number(lasts) and lasts > DAY_MIN and "begins" in table:
        yield "lasts_min", f"from a time of day it lasts at most {DAY_MIN} minutes; give begins_min for more"


def begin_of(table: Mapping[str, Any]) -> Moment:
    """When it begins: a time of day, or minutes after the run's begin."""
    begins: Moment = table.get("begins", float(table.get("begins_min", 0.0)))
    return begins


def end_of(table: Mapping[str, Any]) -> Moment:
    """When it ends; infinite when nobody said."""
    begins = begin_of(table)
    if "lasts_min" not in table:
        end: Moment = table.get("ends", float(table.get("ends_min", inf)))
        return end
    lasts = float(table["lasts_min"])
    if not isinstance(begins, time):
        return begins + lasts
    second = round(begins.hour * 3600 + begins.minute * 60 + begins.second + lasts * 60) % (DAY_MIN * 60)
    return time(second // 3600, second // 60 % 60, second % 60)


def is_number(given: object) -> TypeGuard[float]:
    """Whether that is a number, and not true or false."""
    return isinstance(given, int | float) and not isinstance(given, bool)


def like(name: str, known: Sequence[str]) -> str:
    """The known name that looks like it, or all of them when there are few."""
    near = get_close_matches(name, known, 1)
    if near:
        return repr(str(near[0]))
    return f"one of {', '.join(known[:MOST_NAMES])}{', …' if len(known) > MOST_NAMES else ''}"


MOST_NAMES: Final = 24
"""Names that a message lists at the most."""


def line_of(text: str, head: str, nth: int, key: str) -> int:
    """The line of a key in the nth table with that head (`[[fault]]`; empty for what stands before all tables).

    The table's own line when the key is not there.
    """
    lines = [line.strip() for line in text.splitlines()]
    heads = [n for n, line in enumerate(lines, start=1) if line.startswith(head)] if head else [1]
    if nth >= len(heads):
        return 1
    first = heads[nth] if not head else heads[nth] + 1
    ends = next((n for n in range(first, len(lines) + 1) if lines[n - 1].startswith("[")), len(lines) + 1)
    keyed = (n for n in range(first, ends) if lines[n - 1].partition("=")[0].strip() == key)
    return next(keyed, heads[nth])

"""`[[fault]]` tables of a scenario's file as faults: every error at once, each with its line and remedy."""

import tomllib
from collections.abc import Iterator, Mapping, Sequence
from datetime import time
from difflib import get_close_matches
from math import inf
from typing import Any, Final, TypeGuard

from sim.faults import LAWS, Fault, FaultKind, Law, Moment, Span, Value

COMMON: Final = ("kind", "devices", "lots", "begins", "begins_min", "ends", "ends_min", "lasts_min")
COMMON_TOO: Final = ("spread_min", "seed")
DAY_MIN: Final = 24 * 60
WEEK_MIN: Final = 7 * DAY_MIN


def faults_of(text: str, file: str) -> tuple[tuple[Fault, ...], tuple[str, ...]]:
    """The faults in this TOML text, and what is wrong with the others."""
    document, faults, problems = tomllib.loads(text), [], []
    if "faults" in document:
        problems.append(f"{file}:1: 'faults' is not read; write [[fault]] above each")
    tables = document.get("fault", [])
    for nth, table in enumerate(tables if isinstance(tables, list) else [tables]):
        found = list(_wrong(table))
        problems += [f"{file}:{_line(text, nth, key)}: fault {nth + 1}: {what}" for key, what in found]
        if not found:
            faults.append(_fault(table))
    return tuple(faults), tuple(problems)


def _wrong(table: object) -> Iterator[tuple[str, str]]:
    """Key and what is wrong with it."""
    if not isinstance(table, Mapping):
        yield "", "is no table; write [[fault]] above it"
        return
    kind = table.get("kind")
    if kind not in tuple(FaultKind):
        yield "kind", f"there is no kind {kind!r}; give {_like(str(kind), tuple(FaultKind))}"
        return
    law = LAWS[FaultKind(kind)]
    known = (*COMMON, *COMMON_TOO, *law.parameters)
    for key in table:
        if key not in known:
            yield key, f"{kind} has no {key!r}; give {_like(key, known)}"
    yield from _wrong_names(table, law)
    yield from _wrong_window(table, law)
    for key, span in law.parameters.items():
        if what := _wrong_parameter(table.get(key), key, span):
            yield key, what
    if kind == FaultKind.LATE and not _delays_fit(table):
        yield "most_s", "most_s is less than least_s; give it at least as much"


def _delays_fit(table: Mapping[str, Any]) -> bool:
    """Whether the longest delay is no shorter than the shortest, as far as both are numbers."""
    least, most = table.get("least_s", 5.0), table.get("most_s", 90.0)
    return not (_is_number(least) and _is_number(most)) or least <= most


def _wrong_names(table: Mapping[str, Any], law: Law) -> Iterator[tuple[str, str]]:
    right, other = ("devices", "lots") if law.befalls else ("lots", "devices")
    if other in table:
        yield other, f"{table['kind']} befalls {right}; name them under {right!r}"
    names = table.get(right, ["*"] if table["kind"] == FaultKind.BROKER_GONE else None)
    if not isinstance(names, list) or not names or not all(isinstance(one, str) for one in names):
        yield right, f'{right!r} is missing or no list of names; give for example {right} = ["*"]'


def _wrong_window(table: Mapping[str, Any], law: Law) -> Iterator[tuple[str, str]]:
    for keys in (("begins", "begins_min"), ("ends", "ends_min", "lasts_min")):
        given = [key for key in keys if key in table]
        if len(given) > 1:
            yield given[1], f"{' and '.join(given)} say the same twice; keep one"
    for key in ("begins", "ends"):
        if key in table and not isinstance(table[key], time):
            yield key, f"{key} is a time of the town's clock; give for example {key} = 10:30:00, or {key}_min"
    for key, least in (("begins_min", -DAY_MIN), ("ends_min", 0), ("lasts_min", 0), ("spread_min", 0)):
        if key in table and not (_is_number(table[key]) and least <= table[key] <= WEEK_MIN):
            yield key, f"{key} is {table[key]!r}; give minutes from {least} to {WEEK_MIN}"
    seed = table.get("seed", 0)
    if not isinstance(seed, int) or isinstance(seed, bool) or seed < 0:
        yield "seed", f"seed is {seed!r}; give a whole number from 0 on"
    yield from _wrong_end(table, law)


def _wrong_end(table: Mapping[str, Any], law: Law) -> Iterator[tuple[str, str]]:
    begins, ends, lasts = table.get("begins_min", 0), table.get("ends_min"), table.get("lasts_min")
    if law.needs_end and not any(key in table for key in ("ends", "ends_min", "lasts_min")):
        yield "kind", f"{table['kind']} has no end; give lasts_min, ends_min or ends"
    if "begins" not in table and _is_number(begins) and _is_number(ends) and ends <= begins:
        yield "ends_min", "it ends before it begins; give a later ends_min"
    if _is_number(lasts) and lasts == 0:
        yield "lasts_min", "it lasts no time; give more minutes"
    if _is_number(lasts) and lasts > DAY_MIN and "begins" in table:
        yield "lasts_min", f"from a time of day it lasts at most {DAY_MIN} minutes; give begins_min for more"


def _wrong_parameter(given: object, key: str, span: Span | bool | str) -> str:
    if isinstance(span, Span):
        if given is None:
            return "" if span.default is not None else f"{key} is missing; give {span.least:g} to {span.most:g}"
        is_right = _is_number(given) and span.least <= given <= span.most
        return "" if is_right else f"{key} is {given!r}; give {span.least:g} to {span.most:g}"
    if given is None or type(given) is type(span):
        return ""
    return f"{key} is {given!r}; give {'true or false' if isinstance(span, bool) else 'a text'}"


def _fault(table: Mapping[str, Any]) -> Fault:
    kind = FaultKind(table["kind"])
    begins: Moment = table.get("begins", float(table.get("begins_min", 0.0)))
    return Fault(
        kind=kind,
        who=tuple(table.get("devices") or table.get("lots") or ["*"]),
        begins=begins,
        ends=_end(table, begins),
        spread_min=float(table.get("spread_min", 0.0)),
        seed=table.get("seed", 0),
        parameters={key: _value(table[key]) for key in LAWS[kind].parameters if key in table},
    )


def _end(table: Mapping[str, Any], begins: Moment) -> Moment:
    if "lasts_min" not in table:
        end: Moment = table.get("ends", float(table.get("ends_min", inf)))
        return end
    lasts = float(table["lasts_min"])
    if not isinstance(begins, time):
        return begins + lasts
    second = round(begins.hour * 3600 + begins.minute * 60 + begins.second + lasts * 60) % (DAY_MIN * 60)
    return time(second // 3600, second // 60 % 60, second % 60)


def _value(given: Any) -> Value:  # noqa: ANN401 -- a TOML value whose type was checked
    value: Value = given if isinstance(given, bool | str) else float(given)
    return value


def _is_number(given: object) -> TypeGuard[float]:
    return isinstance(given, int | float) and not isinstance(given, bool)


def _like(name: str, known: Sequence[str]) -> str:
    near = get_close_matches(name, known, 1)
    return repr(str(near[0])) if near else f"one of {', '.join(known)}"


def _line(text: str, nth: int, key: str) -> int:
    """The line of the nth table's key, or of the table when it is not there."""
    lines = [line.strip() for line in text.splitlines()]
    heads = [n for n, line in enumerate(lines, start=1) if line.startswith("[[fault]]")]
    if nth >= len(heads):
        return 1
    ends = heads[nth + 1] if nth + 1 < len(heads) else len(lines) + 1
    keyed = (n for n in range(heads[nth] + 1, ends) if lines[n - 1].partition("=")[0].strip() == key)
    return next(keyed, heads[nth])

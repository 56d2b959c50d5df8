"""`[[fault]]` tables of a scenario's file as faults: every error at once, each with its line and remedy."""

import tomllib
from collections.abc import Iterator, Mapping
from typing import Any, Final

from sim.faults import LAWS, Fault, FaultKind, Law, Span, Value
from sim.moments import LONGEST_MIN, WINDOW_KEYS, begin_of, end_of, is_number, like, line_of, wrong_window

COMMON: Final = ("kind", "devices", "lots", *WINDOW_KEYS)
COMMON_TOO: Final = ("spread_min", "seed")


def faults_of(text: str, file: str) -> tuple[tuple[Fault, ...], tuple[str, ...]]:
    """The faults in this TOML text, and what is wrong with the others."""
    document, faults, problems = tomllib.loads(text), [], []
    if "faults" in document:
        problems.append(f"{file}:1: 'faults' is not read; write [[fault]] above each")
    tables = document.get("fault", [])
    for nth, table in enumerate(tables if isinstance(tables, list) else [tables]):
        found = list(_wrong(table))
        problems += [f"{file}:{line_of(text, '[[fault]]', nth, key)}: fault {nth + 1}: {what}" for key, what in found]
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
        yield "kind", f"there is no kind {kind!r}; give {like(str(kind), tuple(FaultKind))}"
        return
    law = LAWS[FaultKind(kind)]
    known = (*COMMON, *COMMON_TOO, *law.parameters)
    for key in table:
        if key not in known:
            yield key, f"{kind} has no {key!r}; give {like(key, known)}"
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
    return not (is_number(least) and is_number(most)) or least <= most


def _wrong_names(table: Mapping[str, Any], law: Law) -> Iterator[tuple[str, str]]:
    right, other = ("devices", "lots") if law.befalls else ("lots", "devices")
    if other in table:
        yield other, f"{table['kind']} befalls {right}; name them under {right!r}"
    names = table.get(right, ["*"] if table["kind"] == FaultKind.BROKER_GONE else None)
    if not isinstance(names, list) or not names or not all(isinstance(one, str) for one in names):
        yield right, f'{right!r} is missing or no list of names; give for example {right} = ["*"]'


def _wrong_window(table: Mapping[str, Any], law: Law) -> Iterator[tuple[str, str]]:
    yield from wrong_window(table, needs_end=law.needs_end)
    spread, seed = table.get("spread_min", 0), table.get("seed", 0)
    if not (is_number(spread) and 0 <= spread <= LONGEST_MIN):
        yield "spread_min", f"spread_min is {spread!r}; give minutes from 0 to {LONGEST_MIN}"
    if not isinstance(seed, int) or isinstance(seed, bool) or seed < 0:
        yield "seed", f"seed is {seed!r}; give a whole number from 0 on"


def _wrong_parameter(given: object, key: str, span: Span | bool | str) -> str:
    if isinstance(span, Span):
        if given is None:
            return "" if span.default is not None else f"{key} is missing; give {span.least:g} to {span.most:g}"
        is_right = is_number(given) and span.least <= given <= span.most
        return "" if is_right else f"{key} is {given!r}; give {span.least:g} to {span.most:g}"
    if given is None or type(given) is type(span):
        return ""
    return f"{key} is {given!r}; give {'true or false' if isinstance(span, bool) else 'a text'}"


def _fault(table: Mapping[str, Any]) -> Fault:
    kind = FaultKind(table["kind"])
    return Fault(
        kind=kind,
        who=tuple(table.get("devices") or table.get("lots") or ["*"]),
        begins=begin_of(table),
        ends=end_of(table),
        spread_min=float(table.get("spread_min", 0.0)),
        seed=table.get("seed", 0),
        parameters={key: _value(table[key]) for key in LAWS[kind].parameters if key in table},
    )


def _value(given: Any) -> Value:  # noqa: ANN401 -- a TOML value whose type was checked
    value: Value = given if isinstance(given, bool | str) else float(given)
    return value

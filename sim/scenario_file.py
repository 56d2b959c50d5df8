"""A scenario's TOML text as a `Scenario`: every error at once, each with its line and remedy."""

import tomllib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from parking.domain.town import Town
from sim.builder import MOST_LOTS
from sim.faults_file import faults_of
from sim.moments import WINDOW_KEYS, Problem, begin_of, end_of, is_number, like, line_of, wrong_window
from sim.scenario import BUILT, Closing, Demand, Gathering, Incident, IncidentKind, Scenario

Check = Callable[[object], str]
"""What is wrong with a value and how to mend it; empty when nothing is."""


def _text(given: object) -> str:
    return "" if isinstance(given, str) and given else f"is {given!r}; give a text"


def _number(least: float, most: float) -> Check:
    def check(given: object) -> str:
        return "" if is_number(given) and least <= given <= most else f"is {given!r}; give {least:g} to {most:g}"

    return check


def _time(given: object) -> str:
    if isinstance(given, datetime) and given.tzinfo is not None:
        return ""
    return f"is {given!r}; give a time with its zone, such as 2026-05-02T10:00:00+08:00"


def _truth(given: object) -> str:
    return "" if isinstance(given, bool) else f"is {given!r}; give true or false"


def _shares(given: object) -> str:
    if isinstance(given, Mapping) and given and all(is_number(one) and one >= 0 for one in given.values()):
        return ""
    return f"is {given!r}; give shares by name, such as {{ west = 0.6, east = 0.4 }}"


HEAD: Final[Mapping[str, Check]] = {
    "name": _text,
    "title": _text,
    "title_en": _text,
    "demand": _text,
    "begins": _time,
    "warm_up_h": _number(0, 48),
    "compliance": _number(0, 1),
}


def _whole(given: object) -> str:
    is_right = isinstance(given, int) and not isinstance(given, bool) and 1 <= given <= MOST_LOTS
    return "" if is_right else f"is {given!r}; give a whole number from 1 to {MOST_LOTS}"


HEAD_TOO: Final[Mapping[str, Check]] = {"lots": _whole, "hours": _number(0.01, 31 * 24), "scale": _number(0.01, 100)}
TABLES: Final = ("factors", "fault", "incident", "closing", "gathering")


@dataclass(frozen=True, slots=True)
class Shape:
    """What a kind of table must and may say, besides when."""

    must: Mapping[str, Check]
    may: Mapping[str, Check]
    names: Mapping[str, Callable[[Town, Demand], Sequence[str]]]
    """Keys whose value is the name of something there has to be."""


def _sections(town: Town, _demand: Demand) -> Sequence[str]:
    return [str(one.id) for one in town.sections]


def _subjects(town: Town, _demand: Demand) -> Sequence[str]:
    return [*(str(one.id) for one in town.lots), *(str(one.id) for one in town.sections)]


def _kinds(_town: Town, _demand: Demand) -> Sequence[str]:
    return tuple(IncidentKind)


SHAPES: Final[Mapping[str, Shape]] = {
    "incident": Shape(
        {"section": _text, "kind": _text, "blocked_share": _number(0.01, 1)},
        {},
        {"section": _sections, "kind": _kinds},
    ),
    "closing": Shape({"subject": _text}, {"is_told": _truth}, {"subject": _subjects}),
    "gathering": Shape(
        {"name": _text, "destination": _text, "reason": _text, "cars": _number(1, 100_000), "origins": _shares},
        {"is_told": _truth},
        {
            "destination": lambda _town, demand: [one.id for one in demand.destinations],
            "reason": lambda _town, demand: sorted(demand.reasons),
            "origins": lambda _town, demand: [one.id for one in demand.portals],
        },
    ),
}


def demand_named_in(text: str) -> str:
    """The name of the demand that a scenario's text asks for, as far as it can be read; empty otherwise."""
    try:
        given = tomllib.loads(text).get("demand")
    except tomllib.TOMLDecodeError:
        return ""
    return given if isinstance(given, str) else ""


def scenario_of(text: str, file: str, town: Town, demand: Demand) -> tuple[Scenario | None, tuple[str, ...]]:
    """The scenario in this TOML text, or None with everything that is wrong with it."""
    try:
        document = tomllib.loads(text)
    except tomllib.TOMLDecodeError as trouble:
        return None, (f"{file}: {trouble}; mend that line",)
    problems = [f"{file}:{line}: {what}" for line, what in sorted(_problems(document, text, town, demand))]
    faults, wrong = faults_of(text, file)
    if problems or wrong:
        return None, (*problems, *wrong)
    return _scenario(document, faults), ()


def _problems(document: Mapping[str, Any], text: str, town: Town, demand: Demand) -> Iterator[tuple[int, str]]:
    for key, what in _wrong_head(document):
        yield line_of(text, "", 0, key), what
    factors = document.get("factors", {})
    for key, what in _wrong_factors(factors, demand):
        yield line_of(text, "[factors]", 0, key), what
    for kind, shape in SHAPES.items():
        tables = document.get(kind, [])
        for nth, table in enumerate(tables if isinstance(tables, list) else [tables]):
            for key, what in _wrong_table(kind, table, shape, town, demand):
                yield line_of(text, f"[[{kind}]]", nth, key), f"{kind} {nth + 1}: {what}"


def _wrong_head(document: Mapping[str, Any]) -> Iterator[Problem]:
    known = (*HEAD, *HEAD_TOO, *TABLES)
    for key in document:
        if key not in known:
            yield key, f"there is no {key!r} in a scenario; did you mean {like(key, known)}?"
    if (document.get("demand") == BUILT) != ("lots" in document):
        yield "demand", f'a built city has demand = "{BUILT}" and lots = 160, say; any other demand has no lots'
    for key, check in {**HEAD, **HEAD_TOO}.items():
        if key in document and (what := check(document[key])):
            yield key, f"{key} {what}"
        elif key in HEAD and key not in document:
            yield key, f"{key} is missing; give it"


def _wrong_factors(factors: object, demand: Demand) -> Iterator[Problem]:
    if not isinstance(factors, Mapping):
        yield "factors", "factors is no table; write [factors] and below it, for example, sight = 1.2"
        return
    for key, value in factors.items():
        if key not in demand.reasons:
            yield key, f"there is no reason {key!r}; give {like(key, sorted(demand.reasons))}"
        if what := _number(0, 100)(value):
            yield key, f"{key} {what}"


def _wrong_table(kind: str, table: object, shape: Shape, town: Town, demand: Demand) -> Iterator[Problem]:
    if not isinstance(table, Mapping):
        yield "", f"is no table; write [[{kind}]] above it"
        return
    known = (*shape.must, *shape.may, *WINDOW_KEYS)
    for key in table:
        if key not in known:
            yield key, f"{kind} has no {key!r}; give {like(key, known)}"
    for key, check in {**shape.must, **shape.may}.items():
        if key in table and (what := check(table[key])):
            yield key, f"{key} {what}"
        elif key in shape.must and key not in table:
            yield key, f"{key} is missing; give it"
    yield from _wrong_names(table, shape, town, demand)
    yield from wrong_window(table, needs_end=True)


def _wrong_names(table: Mapping[str, Any], shape: Shape, town: Town, demand: Demand) -> Iterator[Problem]:
    for key, names_of in shape.names.items():
        given, known = table.get(key), names_of(town, demand)
        wanted = list(given) if isinstance(given, Mapping) else [given] if isinstance(given, str) and given else []
        for name in wanted:
            if name not in known:
                yield key, f"there is no {key} {name!r}; give {like(name, known)}"


def _scenario(document: Mapping[str, Any], faults: tuple[Any, ...]) -> Scenario:
    head = {key: document[key] for key in (*HEAD, *HEAD_TOO) if key in document}
    numbers = {key: float(value) for key, value in head.items() if is_number(value) and key != "lots"}
    return Scenario(
        **head | numbers,
        factors={key: float(value) for key, value in document.get("factors", {}).items()},
        faults=faults,
        incidents=tuple(map(_incident, document.get("incident", []))),
        closings=tuple(map(_closing, document.get("closing", []))),
        gatherings=tuple(map(_gathering, document.get("gathering", []))),
    )


def _incident(table: Mapping[str, Any]) -> Incident:
    kind, share = IncidentKind(table["kind"]), float(table["blocked_share"])
    return Incident(table["section"], kind, begin_of(table), end_of(table), share)


def _closing(table: Mapping[str, Any]) -> Closing:
    return Closing(table["subject"], begin_of(table), end_of(table), table.get("is_told", True))


def _gathering(table: Mapping[str, Any]) -> Gathering:
    return Gathering(
        name=table["name"],
        destination=table["destination"],
        reason=table["reason"],
        cars=float(table["cars"]),
        begins=begin_of(table),
        ends=end_of(table),
        origins={key: float(value) for key, value in table["origins"].items()},
        is_told=table.get("is_told", True),
    )

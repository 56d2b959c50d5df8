"""What differs between two engines at one instant, in the nouns of the street, and why each says what it says."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final, TypeVar

from parking.domain.alert import Alert
from parking.domain.decisions import Decisions
from parking.domain.forecast import Forecast
from parking.domain.guidance import Guidance
from parking.domain.lotstate import LotState
from parking.domain.roadstate import RoadState
from parking.domain.town import Town
from parking.engine import Engine
from parking.recording.stands import Kind

V = TypeVar("V")


@dataclass(frozen=True, slots=True)
class Said:
    """What one side says, and why."""

    says: str
    word: str = ""
    """The state word in it, where there is one: another word weighs more than another number."""
    why: str = ""
    """A code of the text catalogues."""
    numbers: Mapping[str, float] = field(default_factory=dict)
    """What it looked at."""


NOTHING: Final = Said("–")
"""It has no such thing."""


@dataclass(frozen=True, slots=True)
class Difference:
    """One thing about which two runs say different things."""

    at: str
    """Instant, RFC 3339, on the town's clock."""
    kind: Kind
    subject: str
    """Id of the sign, alert, section or lot."""
    name: str
    """As people call it."""
    line: int | None
    """Of the sign."""
    a: Said
    b: Said


def parted(town: Town, a: Engine, b: Engine, kinds: Iterable[Kind]) -> list[Difference]:
    """What stands otherwise of these kinds: other words first, then in the order of kinds and of the town."""
    ours, theirs = a.picture(), b.picture()
    if ours is None or theirs is None:
        return []
    wanted = set(kinds)
    found = [one for kind in Kind if kind in wanted for one in LOOKS[kind](town, ours, theirs)]
    return sorted(found, key=lambda one: one.a.word == one.b.word)


def _signs(town: Town, a: Decisions, b: Decisions) -> Iterator[Difference]:
    return _guidance(Kind.SIGNS, town, a, b, lambda said: said.says)


def _reasons(town: Town, a: Decisions, b: Decisions) -> Iterator[Difference]:
    return _guidance(Kind.REASONS, town, a, b, lambda said: (said.why, said.numbers))


def _guidance(
    kind: Kind, town: Town, a: Decisions, b: Decisions, look: Callable[[Said], object]
) -> Iterator[Difference]:
    ours, theirs = _by(a.guidance, lambda one: one.sign), _by(b.guidance, lambda one: one.sign)
    for sign in town.signs:
        one, other = _lines(ours.get(sign.id)), _lines(theirs.get(sign.id))
        for line in sorted(one.keys() | other.keys()):
            said = one.get(line, NOTHING), other.get(line, NOTHING)
            if look(said[0]) != look(said[1]):
                yield Difference(_local(town, a), kind, sign.id, sign.name, line, *said)


def _lines(guidance: Guidance | None) -> dict[int, Said]:
    if guidance is None:
        return {}
    why = {one.line: one for one in guidance.why}
    return {
        row.line: Said(
            f"{row.text} {row.state.value}",
            row.state.value,
            why[row.line].rule if row.line in why else "",
            why[row.line].numbers if row.line in why else {},
        )
        for row in guidance.rows
    }


def _alerts(town: Town, a: Decisions, b: Decisions) -> Iterator[Difference]:
    names: dict[str, str] = {lot.id: lot.name for lot in town.lots}
    names |= {sign.id: sign.name for sign in town.signs} | {section.id: section.name for section in town.sections}

    def said(alert: Alert) -> Said:
        grade = "" if alert.grade is None else f" {alert.grade.name}"
        return Said(f"{alert.kind.value} {alert.state.value}{grade}", alert.state.value, alert.reason, alert.evidence)

    ours, theirs = _by(a.alerts, lambda one: one.id), _by(b.alerts, lambda one: one.id)
    subject = {**theirs, **ours}
    return _pairs(
        _local(town, a),
        Kind.ALERTS,
        [(key, names.get(subject[key].subject, subject[key].subject)) for key in subject],
        {key: said(alert) for key, alert in ours.items()},
        {key: said(alert) for key, alert in theirs.items()},
    )


def _roads(town: Town, a: Decisions, b: Decisions) -> Iterator[Difference]:
    def said(roads: Sequence[RoadState]) -> dict[str, Said]:
        return {one.section: Said(one.level.value, one.level.value, numbers=_speed(one)) for one in roads}

    return _pairs(
        _local(town, a), Kind.ROADS, [(one.id, one.name) for one in town.sections], said(a.roads), said(b.roads)
    )


def _lots(town: Town, a: Decisions, b: Decisions) -> Iterator[Difference]:
    def said(lots: Sequence[LotState]) -> dict[str, Said]:
        return {one.lot: _lot(one) for one in lots}

    return _pairs(_local(town, a), Kind.LOTS, [(one.id, one.name) for one in town.lots], said(a.lots), said(b.lots))


def _lot(lot: LotState) -> Said:
    now = lot.occupancy
    free = "–" if lot.free is None else str(lot.free)
    quality = " ".join(filter(None, (now.quality.value, now.reason)))
    estimate = {"taken": round(now.taken, 2), "capacity": float(now.capacity), "sd": round(now.sd, 3)}
    return Said(f"{lot.state.value} {free}", lot.state.value, quality, estimate)


def _speed(road: RoadState) -> dict[str, float]:
    return {} if road.speed_kmh is None else {"speed_kmh": road.speed_kmh}


def _estimates(town: Town, a: Decisions, b: Decisions) -> Iterator[Difference]:
    def said(lots: Sequence[LotState]) -> dict[str, Said]:
        of = ((one.lot, one.occupancy) for one in lots)
        return {lot: Said(f"{now.taken:.2f} ± {now.sd:.3f}", why=now.quality.value) for lot, now in of}

    return _pairs(
        _local(town, a), Kind.ESTIMATES, [(one.id, one.name) for one in town.lots], said(a.lots), said(b.lots)
    )


def _forecasts(town: Town, a: Decisions, b: Decisions) -> Iterator[Difference]:
    def said(forecasts: Sequence[Forecast]) -> dict[str, Said]:
        return {one.lot: Said(_points(one), why=one.model) for one in forecasts}

    lots = [(one.id, one.name) for one in town.lots]
    return _pairs(_local(town, a), Kind.FORECASTS, lots, said(a.forecasts), said(b.forecasts))


def _points(forecast: Forecast) -> str:
    middle = forecast.quantiles.index(0.5)
    pairs = zip(forecast.horizons_min, forecast.taken, strict=True)
    return ", ".join(f"{minutes} min {band[middle]:g}" for minutes, band in pairs)


def _pairs(
    at: str, kind: Kind, names: Iterable[tuple[str, str]], ours: Mapping[str, Said], theirs: Mapping[str, Said]
) -> Iterator[Difference]:
    for subject, name in names:
        one, other = ours.get(subject, NOTHING), theirs.get(subject, NOTHING)
        if one.says != other.says or one.why != other.why:
            yield Difference(at, kind, subject, name, None, one, other)


def _local(town: Town, decisions: Decisions) -> str:
    return town.calendar.local(decisions.at).isoformat()


def _by(values: Iterable[V], key: Callable[[V], str]) -> dict[str, V]:
    return {key(value): value for value in values}


LOOKS: Final[Mapping[Kind, Callable[[Town, Decisions, Decisions], Iterator[Difference]]]] = {
    Kind.SIGNS: _signs,
    Kind.ALERTS: _alerts,
    Kind.ROADS: _roads,
    Kind.LOTS: _lots,
    Kind.REASONS: _reasons,
    Kind.ESTIMATES: _estimates,
    Kind.FORECASTS: _forecasts,
}

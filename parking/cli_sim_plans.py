"""What operators know before a simulated day begins, as inputs of the engine: closings, events, works."""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Final

from parking.domain.ids import LotId, SectionId
from parking.domain.inputs import Closure, Event, Plan
from parking.domain.place import Point, distance_m
from parking.domain.town import Town
from sim.faults import Moment, span
from sim.ground import Ground
from sim.scenario import Gathering, IncidentKind, Scenario

AROUND_M: Final = 800.0
"""Lots and roads so near to an event are expected to be busy."""


def plans_of(scenario: Scenario, ground: Ground) -> tuple[Plan, ...]:
    """Everything that operators were told of, in the order of the scenario's file."""
    return tuple(_plans(scenario, ground))


def _plans(scenario: Scenario, ground: Ground) -> Iterator[Plan]:
    town = ground.town
    lots = {str(lot.id) for lot in town.lots}
    for closing in scenario.closings:
        if closing.is_told:
            begins, ends = _times(scenario, town, closing.begins, closing.ends)
            subject = LotId(closing.subject) if closing.subject in lots else SectionId(closing.subject)
            yield Closure(subject, begins, ends, "计划关闭 · planned")
    for gathering in scenario.gatherings:
        if gathering.is_told:
            begins, ends = _times(scenario, town, gathering.begins, gathering.ends)
            yield Event(gathering.name, _around(gathering, ground), begins, ends, round(gathering.cars))
    for incident in scenario.incidents:
        if incident.kind is IncidentKind.WORKS:
            begins, ends = _times(scenario, town, incident.begins, incident.ends)
            yield Event(f"works {incident.section}", (incident.section,), begins, ends)


def _times(scenario: Scenario, town: Town, first: Moment, last: Moment) -> tuple[datetime, datetime]:
    since, until = span(first, last, scenario.begins, town.calendar)
    return datetime.fromtimestamp(since, UTC), datetime.fromtimestamp(until, UTC)


def _around(one: Gathering, ground: Ground) -> tuple[str, ...]:
    place = next(place for place in ground.demand.destinations if place.id == one.destination)
    here = Point(*place.place)
    near = [lot for lot in ground.town.lots if distance_m(lot.place, here) <= AROUND_M]
    return (*(str(lot.id) for lot in near), *sorted({str(lot.section) for lot in near}))

"""What happens on sections and to lots by a scenario: incidents, works, closings; when each begins and ends."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from math import inf

from parking.domain.town import Town
from sim.faults import span
from sim.scenario import Closing, Incident, IncidentKind, Scenario


@dataclass(frozen=True, slots=True)
class Happening:
    """One thing, from one time to another, seconds since 1970."""

    subject: str
    begins: float
    ends: float
    lost: float
    """Share of what a section carries that is lost; 1 closes it."""
    kind: IncidentKind | None
    """None for a closing."""

    @property
    def can_be_cleared(self) -> bool:
        """Whether people on the spot can end it early."""
        return self.kind is not None and self.kind.can_be_cleared

    def holds(self, at: float) -> bool:
        """Whether it is there then."""
        return self.begins <= at < self.ends


class Diary:
    """All happenings of a run."""

    def __init__(self, town: Town, scenario: Scenario) -> None:
        self._lots = {str(lot.id): nth for nth, lot in enumerate(town.lots)}
        self._all = [
            *(_of_incident(one, scenario, town) for one in scenario.incidents),
            *(_of_closing(one, scenario, town) for one in scenario.closings),
        ]

    def next_after(self, at: float) -> float:
        """When something next begins or ends; infinite when nothing will."""
        return min((when for one in self._all for when in (one.begins, one.ends) if when > at), default=inf)

    def changes_at(self, at: float) -> bool:
        """Whether something begins or ends then."""
        return any(at in (one.begins, one.ends) for one in self._all)

    def lost(self, at: float) -> Mapping[str, float]:
        """By section, the share of what it carries that is lost; of several things the worst counts."""
        found: dict[str, float] = {}
        for one in self._all:
            if one.holds(at) and one.subject not in self._lots:
                found[one.subject] = max(found.get(one.subject, 0.0), one.lost)
        return found

    def closed(self, at: float) -> Collection[str]:
        """Sections that nobody passes then."""
        return {section for section, lost in self.lost(at).items() if lost >= 1.0}

    def shut(self, at: float) -> frozenset[int]:
        """Lots that are closed then by one of these."""
        return frozenset(self._lots[one.subject] for one in self._all if one.subject in self._lots and one.holds(at))

    def on(self, section: str, at: float) -> Sequence[Happening]:
        """What is there then, in the order of the scenario."""
        return [one for one in self._all if one.subject == section and one.holds(at)]

    def end_on(self, section: str, at: float) -> int:
        """End early what people can clear on that section; returns how many things that were."""
        found = [nth for nth, one in enumerate(self._all) if one.subject == section and one.holds(at)]
        cleared = [nth for nth in found if self._all[nth].can_be_cleared]
        for nth in cleared:
            self._all[nth] = replace(self._all[nth], ends=at)
        return len(cleared)


def _of_incident(one: Incident, scenario: Scenario, town: Town) -> Happening:
    first, last = span(one.begins, one.ends, scenario.begins, town.calendar)
    return Happening(one.section, first, last, one.blocked_share, one.kind)


def _of_closing(one: Closing, scenario: Scenario, town: Town) -> Happening:
    first, last = span(one.begins, one.ends, scenario.begins, town.calendar)
    return Happening(one.subject, first, last, 1.0, None)

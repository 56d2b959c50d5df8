"""A town at work without cars: troubles come and go as told, alerts follow them, people answer."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any, cast

from parking.cli_sim_people import Desk
from parking.domain.alert import DEVICE_KINDS, Alert, AlertKind, AlertState, Grade
from parking.domain.case import Case, Stage
from parking.domain.decisions import Decisions
from parking.domain.ids import AlertId
from parking.domain.inputs import Acknowledge, Input
from sim.happenings import Happening
from sim.hardware import Hardware
from sim.people import People
from sim.people_habits import HABITS, Habits
from sim.scenario import IncidentKind
from sim.street import Street
from tests.makers import local
from tests.unit.test_street import the_town

STEP_S = 60
MONDAY = local(2026, 5, 11, 9)
CALM = replace(HABITS, wrong_calls_per_day=0.0, calls_per_min=dict.fromkeys(AlertKind, 0.0), crash_calls_per_min=0.0)
"""Nobody calls."""
PERFECT = replace(CALM, returns=0.0, shams=0.0, lacks_part=0.0, by_camera=0.0)
"""Nor does anybody err."""


@dataclass(slots=True)
class Trouble:
    """Something wrong from one minute to another, told by an alert or not."""

    kind: AlertKind
    subject: str
    begins_min: float
    ends_min: float
    thing: IncidentKind | None = None
    """What stands there."""
    is_real: bool = True
    is_told: bool = True

    def holds(self, minute: float) -> bool:
        return self.begins_min <= minute < self.ends_min


@dataclass
class Work:
    """Runs a town from Monday 09:00 on, a minute a step."""

    troubles: list[Trouble]
    habits: Habits = PERFECT
    seed: int = 1
    begins: datetime = MONDAY
    minute: float = 0.0
    answers_at_all: bool = True
    guarded: list[str] = field(default_factory=list)
    cleared: list[str] = field(default_factory=list)
    alerts: dict[AlertId, Alert] = field(default_factory=dict)
    acknowledged: dict[AlertId, Acknowledge] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.town = the_town()
        self.desk = Desk(self.town, People(self.town, self.seed, self.habits))

    def run(self, hours: float, until: Callable[[], bool] = lambda: False) -> "Work":
        """So many hours more, or until that is so."""
        last = self.minute + hours * 60
        while self.minute < last and not until():
            self.minute += 1
            at = self.begins.astimezone(UTC) + timedelta(minutes=self.minute)
            decisions = Decisions(at=at, alerts=tuple(self._alerts(at)))
            self._hear(self.desk.hear(cast("Any", None), (), decisions))
            if self.answers_at_all:
                self.desk.look(cast("Street", self), cast("Hardware[Street]", self), int(at.timestamp()))
        return self

    def cases(self) -> list[Case]:
        return [file.case for file in self.desk.files.values()]

    def the_case(self) -> Case:
        (case,) = self.cases()
        return case

    # The street, as people see it.

    @property
    def traffic(self) -> SimpleNamespace:
        slow = {one.subject for one in self._now() if one.kind is AlertKind.JAM}
        closed = {one.subject for one in self._now() if one.kind is AlertKind.ROAD_CLOSED}
        return SimpleNamespace(
            speed_kmh=[5.0 if one.id in slow else 35.0 for one in self.town.sections],
            closed=[one.id in closed for one in self.town.sections],
        )

    @property
    def carparks(self) -> list[SimpleNamespace]:
        queues = {one.subject for one in self._now() if one.kind is AlertKind.LOT_QUEUE}
        return [
            SimpleNamespace(lot=lot, waiting=lot.queue_room + 9 if lot.id in queues else 0, has_room=True)
            for lot in self.town.lots
        ]

    def on(self, section: str) -> list[Happening]:
        ends = [(one, self._seconds(one.ends_min)) for one in self._now() if one.subject == section]
        return [
            Happening(section, 0.0, end, float(one.kind is AlertKind.ROAD_CLOSED), one.thing)
            for one, end in ends
            if one.thing is not None
        ]

    def clear(self, section: str) -> int:
        self.cleared.append(section)
        return self._end(one for one in self._now() if one.subject == section and one.thing is not None)

    def guard(self, lot: str, until: float) -> None:
        assert until > self._seconds(self.minute)
        self.guarded.append(lot)
        self._end(one for one in self._now() if one.subject == lot)

    # The hardware.

    def is_broken(self, device: str, at: float) -> bool:
        assert at == self._seconds(self.minute)
        return any(one.subject == device for one in self._now())

    def mend(self, device: str, at: float) -> int:
        assert at == self._seconds(self.minute)
        return self._end(one for one in self._now() if one.subject == device)

    # The engine.

    def _alerts(self, now: datetime) -> Iterable[Alert]:
        for nth, one in enumerate(self.troubles):
            if not one.is_told:
                continue
            name = AlertId(f"A-{nth}")
            since = self.minute - one.begins_min
            before = self.alerts.get(name)
            if before is None and since >= 1 and self.minute < one.ends_min:
                self.alerts[name] = self._raised(name, one, now)
                yield self.alerts[name]
            elif before is not None and (after := self._turned(before, one, now, since)) != before:
                self.alerts[name] = replace(after, version=before.version + 1, updated_at=now)
                yield self.alerts[name]

    def _raised(self, name: AlertId, one: Trouble, now: datetime) -> Alert:
        grade = Grade.III if one.kind in DEVICE_KINDS else None
        begun = now - timedelta(minutes=self.minute - one.begins_min)
        place = self.town.sections[0]
        return Alert(
            name, 1, one.kind, AlertState.RAISED, grade, one.subject, place.middle, place.cell, begun, now, now, None,
            "jam_severe", {"level": 4.0},
        )  # fmt: skip

    def _turned(self, alert: Alert, one: Trouble, now: datetime, since: float) -> Alert:
        said = self.acknowledged.get(alert.id)
        by = alert.acknowledged_by or ("" if said is None else said.actor)
        normal = self.minute >= one.ends_min + 3
        states = {(False, ""): AlertState.RAISED, (True, ""): AlertState.RETURNED}
        state = states.get((normal, by), AlertState.CLEARED if normal else AlertState.ACKNOWLEDGED)
        grade = Grade.III if since > 6 else alert.grade
        cleared = (alert.cleared_at or now) if normal else None
        number = next((file.case.no for file in self.desk.files.values() if file.case.alert == alert.id), None)
        return replace(alert, state=state, grade=grade, acknowledged_by=by, cleared_at=cleared, case_no=number)

    def _hear(self, said: Iterable[Input]) -> None:
        self.acknowledged |= {one.alert: one for one in said if isinstance(one, Acknowledge)}

    # All of it.

    def _now(self) -> Sequence[Trouble]:
        return [one for one in self.troubles if one.is_real and one.holds(self.minute)]

    def _seconds(self, minute: float) -> float:
        return self.begins.timestamp() + 60 * minute

    def _end(self, troubles: Iterable[Trouble]) -> int:
        ended = list(troubles)
        for one in ended:
            one.ends_min = self.minute
        return len(ended)


def stages(case: Case) -> list[Stage]:
    """The way a case went."""
    return [step.stage for step in case.steps]


def minutes(case: Case, first: Stage, last: Stage) -> float:
    """From the first time it came to one stage to the first time it came to another."""
    a, b = (next(step.at for step in case.steps if step.stage is stage) for stage in (first, last))
    return (b - a).total_seconds() / 60

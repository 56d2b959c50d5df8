"""People in a run without wires: the desk where their cases are kept, between the engine and the street.

The desk is what the store is to a service: it files at once what is grave enough, applies the law to every step that
people take, and tells the engine of each. What the law refuses is counted, and nothing happens.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from statistics import median
from typing import Final

from parking.cases.extension import answer_extension, ask_extension
from parking.cases.file import file_at_once, file_report, needs_case
from parking.cases.numbers import case_no
from parking.cases.travel import carry
from parking.codec import encode
from parking.domain.alert import Alert, AlertKind
from parking.domain.case import Case, CaseChanged, Closing, Stage
from parking.domain.decisions import Decisions
from parking.domain.errors import NotAllowed
from parking.domain.ids import AlertId, CaseNo
from parking.domain.inputs import Acknowledge, Input
from parking.domain.town import Town
from parking.engine import Engine
from sim.hardware import Hardware
from sim.people import OVER, People
from sim.people_eyes import Scene
from sim.people_said import Answer, Ask, Call, File, Move, Said, Seen
from sim.street import Street

GONE_HOME: Final = timedelta(minutes=2)
"""So long after anybody looked at the street, nobody is at work any more."""
ROAD_KINDS: Final = (AlertKind.JAM, AlertKind.ROAD_CLOSED)


@dataclass(slots=True)
class Desk:
    """Cases of one run. An ear of the engine and a witness of the street; people stand in between."""

    town: Town
    people: People
    files: dict[CaseNo, File] = field(default_factory=dict)
    """Every case, in its newest version."""
    refused: list[str] = field(default_factory=list)
    """Steps that the law refused, and why."""
    linked: int = 0
    """Reports of what had its case or its alert already."""
    acknowledged_s: list[float] = field(default_factory=list)
    """From an alert to the officer's hand at it."""
    _alerts: dict[AlertId, Alert] = field(default_factory=dict)
    _serials: dict[str, int] = field(default_factory=dict)
    _looked_at: datetime | None = None
    _answers: list[Input] = field(default_factory=list)
    _news: tuple[list[Alert], list[File]] = field(default_factory=lambda: ([], []))

    def hear(self, engine: Engine, inputs: Sequence[Input], decisions: Decisions) -> Iterable[Input]:
        """As `Ear.hear`: new alerts, and cases for those that need one; returns what people have said meanwhile."""
        del engine, inputs
        if self._looked_at is not None and decisions.at - self._looked_at > GONE_HOME:
            return ()  # the measured hours are over: the run only follows who still looks for a bay
        for alert in decisions.alerts:
            self._alerts[alert.id] = alert
            self._news[0].append(alert)
        for alert in {one.id: one for one in decisions.alerts}.values():
            if needs_case(alert):
                self._file(alert, decisions.at)
        answers, self._answers = self._answers, []
        return answers

    def look(self, street: Street, hardware: Hardware[Street], at: int) -> None:
        """As `Witness.look`: people see their screens and the street, and do what they do."""
        (alerts, files), self._news = self._news, ([], [])
        self.people.hear(alerts, files)
        self._looked_at = now = datetime.fromtimestamp(at, UTC)
        for said in self.people.turn(Scene(street, hardware), at):
            try:
                self._take(said, now)
            except NotAllowed as why:
                self.refused.append(str(why))

    def _take(self, said: Said, at: datetime) -> None:
        if isinstance(said, Seen):
            alert = self._alerts[said.alert]
            self._answers.append(Acknowledge(said.alert, said.actor, at))
            self.acknowledged_s.append((at - alert.raised_at).total_seconds())
        elif isinstance(said, Call):
            self._call(said, at)
        elif isinstance(said, Move):
            case = carry(
                self.files[said.no].case,
                said.to,
                calendar=self.town.calendar,
                actor=said.actor,
                receiver=said.receiver,
                opinion=said.opinion,
                at=at,
                closing=said.closing,
            )
            self._keep(replace(self.files[said.no], case=case))
        else:
            self._keep(replace(self.files[said.no], case=self._extended(said, at)))

    def _extended(self, said: Ask | Answer, at: datetime) -> Case:
        case = self.files[said.no].case
        if isinstance(said, Ask):
            return ask_extension(case, actor=said.actor, reason=said.reason, at=at)
        return answer_extension(
            case, granted=said.granted, actor=said.actor, opinion=said.opinion, at=at, calendar=self.town.calendar
        )

    def _file(self, alert: Alert, at: datetime) -> None:
        """立即交办; or the alert joins the case of whoever saw the same before."""
        known = self._open(alert.kind, alert.subject)
        if known is not None and known.case.alert is None:
            self._keep(replace(known, case=replace(known.case, alert=alert.id)))
            return
        case = file_at_once(alert, no=self._number(at), at=at, town=self.town)
        self._keep(File(case, alert.kind, alert.subject))

    def _call(self, call: Call, at: datetime) -> None:
        """A report of what is known already is linked, not doubled."""
        place = self._place(call.kind, call.subject)
        is_told = any(
            alert.is_open and (alert.kind, self._place(alert.kind, alert.subject)) == (call.kind, place)
            for alert in self._alerts.values()
        )
        if is_told or self._open(call.kind, call.subject) is not None:
            self.linked += 1
            return
        case = file_report(call.kind, call.subject, call.words, no=self._number(at), at=at, town=self.town)
        self._keep(File(case, call.kind, call.subject))

    def _open(self, kind: AlertKind, subject: str) -> File | None:
        """The open case of that kind at that place."""
        place = self._place(kind, subject)
        for file in self.files.values():
            same = file.kind is kind and self._place(kind, file.subject) == place
            if same and file.case.stage not in OVER:
                return file
        return None

    def _place(self, kind: AlertKind, subject: str) -> str:
        """What is one place for cases of that kind: the corridor of a road, the lot or section itself."""
        if kind in ROAD_KINDS:
            return next((one.corridor for one in self.town.sections if one.id == subject), subject)
        return subject

    def _keep(self, file: File) -> None:
        self.files[file.case.no] = file
        self._news[1].append(file)
        case = file.case
        self._answers.append(CaseChanged(case.no, case.alert, case.stage, case.updated_at))

    def _number(self, at: datetime) -> CaseNo:
        day = self.town.calendar.local(at).date()
        self._serials[str(day)] = serial = self._serials.get(str(day), 0) + 1
        return case_no(day, serial)

    def write(self, file: Path) -> None:
        """All case files, one JSON document a line."""
        file.write_bytes(b"".join(encode(one.case) + b"\n" for one in self.files.values()))

    def summary(self) -> dict[str, float | None]:
        """What became of the cases, and how long people took."""
        cases = [file.case for file in self.files.values()]
        closings = [case.closing for case in cases]
        return {
            "cases": len(cases),
            "by_alert": sum(case.alert is not None for case in cases),
            "closed": sum(case.stage is Stage.CLOSED for case in cases),
            "voided": sum(case.stage in (Stage.VOIDED, Stage.NOT_FILED) for case in cases),
            "open": sum(case.stage not in OVER for case in cases),
            **{f"closed_{closing}": closings.count(closing) for closing in Closing},
            "returned": _with(cases, Stage.RETURNED),
            "reworked": _with(cases, Stage.REWORK),
            "suspended": _with(cases, Stage.SUSPENDED),
            "extensions_granted": sum(bool(one.granted) for case in cases for one in case.extensions),
            "extensions_refused": sum(one.granted is False for case in cases for one in case.extensions),
            "reports_linked": self.linked,
            "acknowledged_s_median": _median(self.acknowledged_s),
            "to_scene_s_median": _between(cases, Stage.DISPATCHED, Stage.DISPOSING),
            "to_disposed_s_median": _between(cases, Stage.DISPATCHED, Stage.DISPOSED),
            "to_closed_s_median": _between(cases, Stage.REPORTED, Stage.CLOSED),
            "steps_refused": len(self.refused),
        }


def _with(cases: Sequence[Case], stage: Stage) -> int:
    return sum(any(step.stage is stage for step in case.steps) for case in cases)


def _between(cases: Sequence[Case], first: Stage, last: Stage) -> float | None:
    """Median seconds from a case's first step to one stage to its first to another, of those that came to both."""
    return _median([seconds for case in cases for seconds in _seconds(case, first, last)])


def _seconds(case: Case, first: Stage, last: Stage) -> Iterator[float]:
    since = next((step.at for step in case.steps if step.stage is first), None)
    until = next((step.at for step in case.steps if step.stage is last), None)
    if since is not None and until is not None:
        yield (until - since).total_seconds()


def _median(values: Sequence[float]) -> float | None:
    return round(median(values), 1) if values else None

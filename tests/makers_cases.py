"""Makers of alerts and cases with defaults: a test names only what matters to it."""

# ruff: noqa: ANN401 -- makers take the nouns' own field names, of any type

from typing import Any

from parking.domain.alert import Alert, AlertKind, AlertState, Grade
from parking.domain.case import Case, Clock, Limit, Operate, Stage, Step
from parking.domain.ids import AlertId, CaseNo, DepartmentId, PostId
from tests.makers import CELL, CENTRE, NOON, at


def an_alert(kind: AlertKind = AlertKind.JAM, subject: str = "R1", **changes: Any) -> Alert:
    """A jam on R1 that is grave enough for a case."""
    fields: dict[str, Any] = {
        "id": AlertId(f"A-20260513T040000-{kind}-{subject}"),
        "version": 1,
        "kind": kind,
        "state": AlertState.RAISED,
        "grade": Grade.III,
        "subject": subject,
        "place": CENTRE,
        "cell": CELL,
        "onset_at": NOON,
        "raised_at": NOON,
        "updated_at": NOON,
        "cleared_at": None,
        "reason": "jam_severe",
        "evidence": {"level": 4.0},
    }
    return Alert(**fields | changes)


def a_case(stage: Stage = Stage.DISPATCHED, **changes: Any) -> Case:
    """A jam's case that stands at that stage, with one flow record."""
    fields: dict[str, Any] = {
        "no": CaseNo("FJ202605130001"),
        "alert": AlertId("A-20260513T040000-jam-R1"),
        "class_code": "5002360690",
        "code_table": "test",
        "source": 41,
        "grade": Grade.III,
        "title": "道路R1严重拥堵",
        "title_en": "Severe congestion on Road R1",
        "place": CENTRE,
        "cell": CELL,
        "department": DepartmentId("traffic-police"),
        "post": PostId("road-R1"),
        "reported_at": NOON,
        "deadline": at(3600),
        "limit": Limit(1.0, Clock.URGENT_HOUR),
        "steps": (Step(1, stage, Operate.FORWARD, "system", "system", "", NOON),),
    }
    return Case(**fields | changes)

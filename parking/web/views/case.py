"""A case file (案卷) as the API tells it."""

from datetime import datetime
from enum import StrEnum

import msgspec

from parking.cases.law import FINAL_STAGES
from parking.domain.case import Case, Clock, Closing, Operate, Stage
from parking.domain.duty import Department, Post
from parking.web.scene import Scene
from parking.web.views.alert import PlaceView
from parking.web.views.instant import Instant

FINAL = frozenset(FINAL_STAGES)
"""Stages nothing follows."""

DONE = FINAL | {Stage.DISPOSED, Stage.PENDING_CHECK, Stage.PENDING_CLOSE}
"""Stages in which the department has handed its result back: its clock stands."""

YELLOW_SHARE = 0.8
"""Share of the limit used from which the light is yellow (红绿灯 of the case standard)."""


class Light(StrEnum):
    """How the case stands against its limit."""

    GREEN = "green"
    YELLOW = "yellow"
    RED = "red"


class StepView(msgspec.Struct, frozen=True, kw_only=True):
    """One flow record."""

    n: int
    stage: Stage
    operate: Operate
    actor: str
    receiver: str
    opinion: str
    at: Instant


class LimitView(msgspec.Struct, frozen=True):
    """So many units of a clock."""

    amount: float
    clock: Clock


class CaseView(msgspec.Struct, frozen=True, kw_only=True):
    """One case now, with all its steps."""

    no: str
    alert: str | None
    class_code: str
    source: int
    grade: int | None
    title: str
    title_en: str
    place: PlaceView
    cell: str
    department: str
    department_name: str
    department_name_en: str
    post: str
    post_title: str
    post_title_en: str
    stage: Stage
    is_open: bool
    clock_runs: bool
    """The department has not handed its result back and the case is not suspended."""
    reported_at: Instant
    updated_at: Instant
    deadline: Instant
    remaining_s: float
    """Street seconds to the deadline; below 0 when past it."""
    light: Light
    limit: LimitView
    closing: Closing | None
    steps: list[StepView]


class CaseList(msgspec.Struct, frozen=True):
    """Cases, newest first."""

    at: Instant
    items: list[CaseView]


def case_view(scene: Scene, case: Case) -> CaseView:
    """The case now."""
    department, post = _department(scene, case), _post(scene, case)
    runs = case.stage not in DONE and case.stage is not Stage.SUSPENDED
    end = scene.at if runs else case.updated_at
    return CaseView(
        no=case.no,
        alert=case.alert,
        class_code=case.class_code,
        source=case.source,
        grade=None if case.grade is None else int(case.grade),
        title=case.title,
        title_en=case.title_en,
        place=PlaceView(case.place.longitude, case.place.latitude),
        cell=case.cell,
        department=case.department,
        department_name=department.name if department else case.department,
        department_name_en=department.name_en if department else case.department,
        post=case.post,
        post_title=post.title if post else case.post,
        post_title_en=post.title_en if post else case.post,
        stage=case.stage,
        is_open=case.stage not in FINAL,
        clock_runs=runs,
        reported_at=case.reported_at,
        updated_at=case.updated_at,
        deadline=case.deadline,
        remaining_s=round((case.deadline - end).total_seconds(), 1),
        light=light(case.reported_at, case.deadline, end),
        limit=LimitView(case.limit.amount, case.limit.clock),
        closing=case.closing,
        steps=[
            StepView(
                n=step.n,
                stage=step.stage,
                operate=step.operate,
                actor=step.actor,
                receiver=step.receiver,
                opinion=step.opinion,
                at=step.at,
            )
            for step in case.steps
        ],
    )


def light(begun: datetime, deadline: datetime, end: datetime) -> Light:
    """Green below 80 % of the limit, yellow to 100 %, red past it."""
    if end > deadline:
        return Light.RED
    whole = (deadline - begun).total_seconds()
    used = (end - begun).total_seconds()
    return Light.YELLOW if whole <= 0 or used / whole >= YELLOW_SHARE else Light.GREEN


def _department(scene: Scene, case: Case) -> Department | None:
    return next((one for one in scene.town.departments if one.id == case.department), None)


def _post(scene: Scene, case: Case) -> Post | None:
    return next((one for one in scene.town.posts if one.id == case.post), None)

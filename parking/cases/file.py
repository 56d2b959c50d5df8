"""From an alert to a case that is assigned at once (立即交办)."""

from datetime import datetime
from typing import Final

from parking.cases.classes import CLASS_OF, CODE_TABLE, class_code
from parking.cases.clocks import deadline
from parking.cases.duty import find_post
from parking.cases.titles import title_of
from parking.cases.travel import carry
from parking.domain.alert import Alert, AlertKind, AlertState, Grade
from parking.domain.case import Case, Operate, Stage, Step
from parking.domain.duty import Post
from parking.domain.errors import NotFound
from parking.domain.ids import CaseNo, DepartmentId, DeviceId, LotId, SectionId, SignId
from parking.domain.roadstate import ROAD_LEVELS, RoadLevel
from parking.domain.town import Town

ANALYTICS: Final = 41
"""Source code of intelligent analysis (智能分析)."""

SYSTEM: Final = "system"

AT_ONCE: Final = (Stage.PENDING_FILE, Stage.FILED, Stage.PENDING_DISPATCH, Stage.DISPATCHED)
"""The way of 立即交办; the report itself is the first step."""

STANDS: Final = (AlertState.RAISED, AlertState.ACKNOWLEDGED)


def needs_case(alert: Alert) -> bool:
    """Grade III or worse, standing, and not filed yet. What is shelved, planned or over needs none."""
    return alert.grade is not None and alert.grade <= Grade.III and alert.case_no is None and alert.state in STANDS


def file_at_once(alert: Alert, *, no: CaseNo, at: datetime, town: Town) -> Case:
    """The case of an alert, carried from REPORTED to DISPATCHED, one flow record for each step.

    Raises:
        NotFound: the roster names nobody at all for the place.
    """
    section = _section(alert, town)
    post = find_post(town.posts, section, alert.cell)
    if post is None:
        raise NotFound(f"{alert.id}: nobody answers for cell {alert.cell}; add a shift leader to the roster")
    kind = CLASS_OF[alert.kind]
    limit = kind.limit_for(_level(alert))
    title, title_en = title_of(alert, town)
    department = _department(kind.department, post, town)
    report = Step(1, Stage.REPORTED, Operate.FORWARD, SYSTEM, SYSTEM, "", at)
    case = Case(
        no=no,
        alert=alert.id,
        class_code=class_code(town.county, kind),
        code_table=CODE_TABLE,
        source=ANALYTICS,
        grade=alert.grade,
        title=title,
        title_en=title_en,
        place=alert.place,
        cell=alert.cell,
        department=department,
        post=post.id,
        reported_at=at,
        deadline=deadline(limit, at, town.calendar),
        limit=limit,
        steps=(report,),
    )
    for stage in AT_ONCE:
        receiver = department if stage is Stage.DISPATCHED else SYSTEM
        case = carry(case, stage, calendar=town.calendar, actor=SYSTEM, receiver=receiver, opinion="", at=at)
    return case


def _department(usual: DepartmentId, post: Post, town: Town) -> DepartmentId:
    """The class's own department; in a county that has none of that name, the one of the post."""
    return usual if any(one.id == usual for one in town.departments) else post.department


def _level(alert: Alert) -> RoadLevel | None:
    """How bad the road is, as the alert's evidence tells it."""
    code = alert.evidence.get("level")
    return None if code is None else ROAD_LEVELS[int(code)]


def _section(alert: Alert, town: Town) -> SectionId | None:
    """The road whose chief answers for it."""
    if alert.kind in (AlertKind.JAM, AlertKind.ROAD_CLOSED):
        return SectionId(alert.subject)
    if alert.kind in (AlertKind.LOT_QUEUE, AlertKind.LOT_FILLING):
        return town.get_lot(LotId(alert.subject)).section
    if alert.kind is AlertKind.SIGN_UNCONFIRMED:
        return town.get_sign(SignId(alert.subject)).section
    device = town.find_device(DeviceId(alert.subject))
    if device is None:
        return None
    roads = sorted(device.sections) or [town.get_lot(lot).section for lot in sorted(device.lots)]
    return roads[0] if roads else None

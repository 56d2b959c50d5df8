"""From an alert to a case that is assigned at once (立即交办); from what somebody reports to one that is verified."""

from dataclasses import dataclass
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
from parking.domain.ids import AlertId, CaseNo, CellCode, DepartmentId, DeviceId, LotId, SectionId, SignId
from parking.domain.place import Point
from parking.domain.roadstate import ROAD_LEVELS, RoadLevel
from parking.domain.town import Town

ANALYTICS: Final = 41
"""Source code of intelligent analysis (智能分析)."""

SYSTEM: Final = "system"

HOTLINE: Final = 11
"""Source code of a call by a citizen (公众举报)."""

CITIZEN: Final = "citizen"
"""Who called; never a name."""

AT_ONCE: Final = (Stage.PENDING_FILE, Stage.FILED, Stage.PENDING_DISPATCH, Stage.DISPATCHED)
"""The way of 立即交办; the report itself is the first step."""

STANDS: Final = (AlertState.RAISED, AlertState.ACKNOWLEDGED)


def needs_case(alert: Alert) -> bool:
    """Grade III or worse, standing, and not filed yet. What is shelved, planned or over needs none."""
    return alert.grade is not None and alert.grade <= Grade.III and alert.case_no is None and alert.state in STANDS


@dataclass(frozen=True, slots=True)
class Matter:
    """What a case is about, whoever saw it."""

    kind: AlertKind
    subject: str
    """Id of the lot, section, device or sign."""
    place: Point
    cell: CellCode
    source: int
    title: tuple[str, str]
    """中文 and English."""
    alert: AlertId | None = None
    grade: Grade | None = None
    level: RoadLevel | None = None


def file_at_once(alert: Alert, *, no: CaseNo, at: datetime, town: Town) -> Case:
    """The case of an alert, carried from REPORTED to DISPATCHED, one flow record for each step.

    Raises:
        NotFound: the roster names nobody at all for the place.
    """
    title = title_of(alert.kind, alert.subject, alert.reason, town)
    level = _level(alert)
    matter = Matter(alert.kind, alert.subject, alert.place, alert.cell, ANALYTICS, title, alert.id, alert.grade, level)
    case = _reported(matter, SYSTEM, "", no=no, at=at, town=town)
    for stage in AT_ONCE:
        receiver = case.department if stage is Stage.DISPATCHED else SYSTEM
        case = carry(case, stage, calendar=town.calendar, actor=SYSTEM, receiver=receiver, opinion="", at=at)
    return case


def file_report(kind: AlertKind, subject: str, words: str, *, no: CaseNo, at: datetime, town: Town) -> Case:
    """The case of what a citizen saw on a section or at a lot: REPORTED, to be verified before it is filed.

    Raises:
        NotFound: the town has no such section or lot, or the roster names nobody at all for the place.
    """
    if kind in (AlertKind.LOT_QUEUE, AlertKind.LOT_FILLING):
        lot = town.get_lot(LotId(subject))
        place, cell = lot.place, lot.cell
    else:
        section = town.get_section(SectionId(subject))
        place, cell = section.middle, section.cell
    matter = Matter(kind, subject, place, cell, HOTLINE, title_of(kind, subject, "", town))
    return _reported(matter, CITIZEN, words, no=no, at=at, town=town)


def _reported(matter: Matter, actor: str, words: str, *, no: CaseNo, at: datetime, town: Town) -> Case:
    """The case with its first flow record; until it is dispatched its deadline is what it would be if it were now."""
    post = find_post(town.posts, _section(matter.kind, matter.subject, town), matter.cell)
    if post is None:
        raise NotFound(f"{no}: nobody answers for cell {matter.cell}; add a shift leader to the roster")
    kind = CLASS_OF[matter.kind]
    limit = kind.limit_for(matter.level)
    return Case(
        no=no,
        alert=matter.alert,
        class_code=class_code(town.county, kind),
        code_table=CODE_TABLE,
        source=matter.source,
        grade=matter.grade,
        title=matter.title[0],
        title_en=matter.title[1],
        place=matter.place,
        cell=matter.cell,
        department=_department(kind.department, post, town),
        post=post.id,
        reported_at=at,
        deadline=deadline(limit, at, town.calendar),
        limit=limit,
        steps=(Step(1, Stage.REPORTED, Operate.FORWARD, actor, SYSTEM, words, at),),
    )


def _department(usual: DepartmentId, post: Post, town: Town) -> DepartmentId:
    """The class's own department; in a county that has none of that name, the one of the post."""
    return usual if any(one.id == usual for one in town.departments) else post.department


def _level(alert: Alert) -> RoadLevel | None:
    """How bad the road is, as the alert's evidence tells it."""
    code = alert.evidence.get("level")
    return None if code is None else ROAD_LEVELS[int(code)]


def _section(kind: AlertKind, subject: str, town: Town) -> SectionId | None:
    """The road whose chief answers for it."""
    if kind in (AlertKind.LOT_QUEUE, AlertKind.LOT_FILLING):
        return town.get_lot(LotId(subject)).section
    if kind is AlertKind.SIGN_UNCONFIRMED:
        return town.get_sign(SignId(subject)).section
    if kind in (AlertKind.JAM, AlertKind.ROAD_CLOSED) or town.find_section(SectionId(subject)) is not None:
        return SectionId(subject)
    device = town.find_device(DeviceId(subject))
    if device is None:
        return None
    roads = sorted(device.sections) or [town.get_lot(lot).section for lot in sorted(device.lots)]
    return roads[0] if roads else None

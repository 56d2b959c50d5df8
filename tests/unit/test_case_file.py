"""From an alert to a case that is assigned at once."""

from datetime import date
from typing import Any

import pytest

from parking.cases.classes import CLASS_OF, CLASSES, CODE_TABLE
from parking.cases.file import file_at_once, needs_case
from parking.cases.numbers import case_no, parse_case_no
from parking.codec import decode, encode
from parking.domain.alert import AlertKind, AlertState, Grade
from parking.domain.case import Case, Clock, Limit, Operate, Stage
from parking.domain.duty import Department
from parking.domain.errors import NotAllowed, NotFound
from parking.domain.ids import CaseNo, DepartmentId
from parking.domain.roadstate import RoadLevel
from tests.makers import NOON, a_town, at, local
from tests.makers_cases import an_alert

NO = CaseNo("FJ202605130001")


def filed(kind: AlertKind = AlertKind.JAM, subject: str = "R1", **changes: Any) -> Case:  # noqa: ANN401 -- an alert's fields
    return file_at_once(an_alert(kind, subject, **changes), no=NO, at=at(60), town=a_town())


def test_a_grave_alert_is_carried_to_dispatched_with_one_record_for_each_step() -> None:
    case = filed()
    assert [step.stage for step in case.steps] == [
        Stage.REPORTED,
        Stage.PENDING_FILE,
        Stage.FILED,
        Stage.PENDING_DISPATCH,
        Stage.DISPATCHED,
    ]
    assert {step.actor for step in case.steps} == {"system"}
    assert {step.at for step in case.steps} == {at(60)}
    assert (case.steps[-1].receiver, case.steps[-1].operate) == ("traffic-police", Operate.ASSIGN)


def test_a_case_carries_what_the_desk_needs() -> None:
    case = filed()
    assert (case.no, case.alert, case.source, case.grade) == (NO, "A-20260513T040000-jam-R1", 41, Grade.III)
    assert (case.class_code, case.code_table) == ("5002360690", CODE_TABLE)
    assert (case.department, case.post) == ("traffic-police", "road-R1")
    assert (case.limit, case.deadline) == (Limit(1.0, Clock.URGENT_HOUR), at(3660))
    assert (case.title, case.title_en) == ("道路R1严重拥堵", "Severe congestion on Road R1")
    assert decode(encode(case), Case) == case


@pytest.mark.parametrize(
    ("kind", "subject", "code", "title", "title_en"),
    [
        (AlertKind.LOT_QUEUE, "P01", "0689", "停车场P01入口排队溢出至道路", "Entrance queue on the road at Lot P01"),
        (AlertKind.LOT_FILLING, "P01", "0688", "停车场P01即将饱和", "Lot P01 is about to fill"),
        (AlertKind.SENSOR_SILENT, "gate-P01", "0687", "采集设备gate-P01无数据", "Sensor gate-P01 silent"),
        (
            AlertKind.SIGN_UNCONFIRMED,
            "G01",
            "0687",
            "诱导屏G01未确认显示内容",
            "Sign Sign G01 does not confirm what it shows",
        ),
    ],
)
def test_every_kind_has_its_class_and_its_title(
    kind: AlertKind, subject: str, code: str, title: str, title_en: str
) -> None:
    case = filed(kind, subject, reason="", evidence={})
    assert (case.class_code[-4:], case.title, case.title_en) == (code, title, title_en)
    assert case.post == "road-R1"


@pytest.mark.parametrize(
    ("level", "limit"),
    [(4.0, Limit(1.0, Clock.URGENT_HOUR)), (3.0, Limit(2.0, Clock.URGENT_HOUR)), (2.0, Limit(4.0, Clock.WORK_HOUR))],
)
def test_a_jam_has_the_time_its_severity_leaves(level: float, limit: Limit) -> None:
    assert filed(evidence={"level": level}).limit == limit


def test_equipment_is_repaired_within_a_working_day() -> None:
    case = filed(AlertKind.SENSOR_SILENT, "gate-P01", evidence={})
    assert case.department == "equipment"
    assert case.deadline == local(2026, 5, 14, 12), "four hours this afternoon and four tomorrow morning"


def test_a_device_that_speaks_for_a_road_is_the_road_chiefs() -> None:
    assert filed(AlertKind.SENSOR_SILENT, "loop-R1", evidence={}).post == "road-R1"
    assert filed(AlertKind.SENSOR_SILENT, "a-stranger", evidence={}).post == "street-001"


def test_where_nobody_answers_no_case_is_made_up() -> None:
    with pytest.raises(NotFound, match="shift leader"):
        file_at_once(an_alert(), no=NO, at=NOON, town=a_town(posts=()))


def test_a_county_without_that_department_hands_it_to_the_posts_own() -> None:
    town = a_town(departments=(Department(DepartmentId("urban-management"), "城市管理局", "Urban management"),))
    assert file_at_once(an_alert(), no=NO, at=NOON, town=town).department == "urban-management"


@pytest.mark.parametrize(
    ("changes", "needs"),
    [
        ({}, True),
        ({"grade": Grade.I}, True),
        ({"grade": Grade.IV}, False),
        ({"grade": None}, False),
        ({"case_no": NO}, False),
        ({"state": AlertState.ACKNOWLEDGED}, True),
        ({"state": AlertState.SUPPRESSED}, False),
        ({"state": AlertState.SHELVED}, False),
        ({"state": AlertState.RETURNED}, False),
    ],
)
def test_only_what_is_grave_and_stands_and_is_not_filed_needs_a_case(changes: dict[str, Any], needs: bool) -> None:
    assert needs_case(an_alert(**changes)) is needs


def test_a_number_is_the_day_and_its_serial() -> None:
    assert case_no(date(2026, 5, 13), 7) == "FJ202605130007"
    assert parse_case_no("FJ202605130007") == (date(2026, 5, 13), 7)


@pytest.mark.parametrize("serial", [0, -1, 10_000])
def test_a_day_has_the_numbers_1_to_9999(serial: int) -> None:
    with pytest.raises(NotAllowed):
        case_no(date(2026, 5, 13), serial)


@pytest.mark.parametrize(
    "text", ["", "FJ20260513", "FJ202605130000", "YC202605130001", "FJ202613130001", "FJ2026051300011"]
)
def test_what_is_no_number_is_refused(text: str) -> None:
    with pytest.raises(NotAllowed):
        parse_case_no(text)


def test_every_kind_of_alert_has_a_class_and_every_class_a_limit_for_every_level() -> None:
    assert set(CLASS_OF) == set(AlertKind)
    assert all(one.limit_for(level).amount > 0 for one in CLASSES.values() for level in RoadLevel)

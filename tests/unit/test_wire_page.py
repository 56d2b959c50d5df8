"""The page `docs/wire.md` and the decoder say the same."""

import json
import re
from dataclasses import fields
from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec
import pytest

from parking.codec import decode
from parking.domain.alert import Alert
from parking.domain.case import Case
from parking.domain.device import Device, DeviceKind
from parking.domain.forecast import Forecast
from parking.domain.guidance import Colour, State
from parking.domain.ids import DeviceId, LotId, SectionId, SignId
from parking.domain.lot import BayClass
from parking.domain.lotstate import LotState
from parking.domain.occupancy import Occupancy, Quality
from parking.domain.place import Point
from parking.domain.reading import (
    BayReading,
    CountReading,
    CountSource,
    GateReading,
    QueueReading,
    StatusReading,
    TrafficReading,
    ViolationReading,
)
from parking.flow.lot_said import say_lot
from sensors.native import Native, Packet
from tests.conftest import ROOT

PAGE = (ROOT / "docs" / "wire.md").read_text(encoding="utf-8")
TO_HEAR = datetime(2026, 5, 2, 12, 30, tzinfo=UTC)


def examples(kind: str) -> list[str]:
    """The page's fenced blocks of one kind, in their order."""
    return re.findall(rf"^```json {kind}\n(.*?)^```", PAGE, re.MULTILINE | re.DOTALL)


def a_device(name: str, lots: str = "", sections: str = "") -> Device:
    return Device(
        DeviceId(name),
        DeviceKind.GATE,
        timedelta(seconds=30),
        frozenset(map(LotId, lots.split())),
        frozenset(map(SectionId, sections.split())),
    )


DEVICES = (
    a_device("gate-P01", "P01"),
    a_device("bays-P02", "P02"),
    a_device("barrier-P03", "P03"),
    a_device("patrol-1", "P15"),
    a_device("cam-P15", "P15"),
    a_device("loop-R8", sections="R8"),
    a_device("capture-R1", sections="R1"),
)


def heard(kind: str, topic: str, name: str) -> list[object]:
    native = Native("parking/v1", DEVICES, [SignId("G07")])
    said: list[object] = []
    for text in examples(kind):
        content = json.loads(text)
        who = (content[0] if isinstance(content, list) else content)[name]
        packet = Packet(f"parking/v1/{topic.format(who)}", text.encode(), TO_HEAR, retained=False)
        decoded = native.decode([packet])
        assert decoded.doubts == []
        said += [*decoded.readings, *decoded.shown]
    return said


def test_every_reading_of_the_page_is_understood_as_it_is_meant() -> None:
    head = {"received_at": TO_HEAR}

    def at(h: int, m: int, s: int, us: int = 0) -> datetime:
        return datetime(2026, 5, 2, h, m, s, us, tzinfo=UTC)

    def by(device: str, boot: int, seq: int, *when: int) -> dict[str, Any]:
        return {"device": DeviceId(device), "boot": boot, "seq": seq, "at": at(*when), **head}

    p02, p03, p15, r8 = LotId("P02"), LotId("P03"), LotId("P15"), SectionId("R8")
    assert heard("reading", "devices/{}/reading", "device") == [
        GateReading(**by("gate-P01", 3, 1042, 2, 20, 31), lot=LotId("P01"), entered=611, left=402),
        BayReading(**by("bays-P02", 1746150000, 88, 2, 20, 40, 250_000), lot=p02, bay="017", taken=True),
        BayReading(**by("bays-P02", 1746150000, 89, 2, 20, 41), lot=p02, bay="018", taken=False),
        CountReading(**by("barrier-P03", 1, 7, 2, 21, 0), lot=p03, taken=187, source=CountSource.BARRIER_SYSTEM),
        CountReading(
            **by("patrol-1", 1, 3, 2, 21, 30), lot=p15, taken=4, source=CountSource.PERSON, bay_class=BayClass.COACH
        ),
        TrafficReading(
            **by("loop-R8", 12, 2880, 2, 21, 30),
            section=r8,
            vehicles=9,
            speed_kmh=11.5,
            loop_occupancy_share=0.41,
            interval_s=30,
        ),
        TrafficReading(
            **by("loop-R8", 12, 2881, 2, 22, 0),
            section=r8,
            vehicles=0,
            speed_kmh=None,
            loop_occupancy_share=0.0,
            interval_s=30,
        ),
        QueueReading(**by("cam-P15", 2, 615, 2, 21, 15), lot=p15, queue_vehicles=23),
        QueueReading(**by("cam-P15", 2, 616, 2, 21, 45), lot=p15, queue_vehicles=25, queue_m=172.5),
        ViolationReading(
            **by("capture-R1", 1, 19, 12, 5, 0),
            place=Point(109.4561, 31.0156),
            section=SectionId("R1"),
            image_ref="capture-R1/20260502/000019",
            dwell_s=412,
        ),
    ]


def test_a_device_says_hello_and_leaves_a_will() -> None:
    hello, will = heard("status", "devices/{}/status", "device")
    assert isinstance(hello, StatusReading)
    assert isinstance(will, StatusReading)
    assert (hello.online, hello.period_s, hello.firmware, hello.battery_share) == (True, 30, "2.4.1", 0.87)
    assert hello.clock_offset_s == -0.4
    assert (will.online, will.seq, will.at) == (False, 0, hello.at)


def test_a_sign_confirms_what_it_shows() -> None:
    lit, dark = heard("shown", "signs/{}/shown", "sign")
    assert (lit.epoch, lit.sequence, lit.rows, lit.brightness_share) == (4, 311, ("51", "满"), 0.8)
    assert (dark.rows, dark.errors) == (("--", "--"), ("lamp",))


class RowTold(msgspec.Struct, forbid_unknown_fields=True):
    line: int
    state: State
    free: int | None
    text: str
    colour: Colour


class ShowTold(msgspec.Struct, forbid_unknown_fields=True):
    sign: str
    epoch: int
    sequence: int
    at: datetime
    until: datetime
    valid_s: float
    rows: list[RowTold]


def test_what_signs_are_told_has_the_words_of_the_street() -> None:
    guided, dark = [msgspec.json.decode(text, type=ShowTold) for text in examples("show")]
    assert (guided.until - guided.at).total_seconds() == guided.valid_s
    assert dark.until == dark.at
    assert {row.text for row in dark.rows} == {"--"}


def test_alerts_and_cases_of_the_page_are_our_nouns() -> None:
    (alert,) = [decode(text, Alert) for text in examples("alert")]
    (case,) = [decode(text, Case) for text in examples("case")]
    assert case.alert == alert.id
    assert alert.case_no == case.no


def test_a_lot_is_told_as_the_page_says() -> None:
    (text,) = examples("lot")
    at = datetime(2026, 5, 2, 2, 21, 35, tzinfo=UTC)
    heard_at = at - timedelta(seconds=4)
    occupancy = Occupancy(LotId("P01"), at, 209.2, 2.0, 260, Quality.LIVE, "", heard_at)
    forecast = Forecast(
        LotId("P01"),
        datetime(2026, 5, 2, 2, 20, tzinfo=UTC),
        horizons_min=(30,),
        quantiles=(0.1, 0.5, 0.9),
        taken=((220.0, 231.5, 243.0),),
        model="profile",
    )
    assert json.loads(say_lot(LotState(occupancy, State.LIMITED), forecast)) == json.loads(text)


def test_a_lot_nobody_knows_of_is_told_without_numbers() -> None:
    occupancy = Occupancy(LotId("P01"), TO_HEAR, 0.0, 99.0, 260, Quality.UNKNOWN, "never_counted", None)
    told = json.loads(say_lot(LotState(occupancy, State.UNKNOWN), None))
    assert (told["free"], told["age_s"], told["forecast"]) == (None, None, [])


@pytest.mark.parametrize(("kind", "noun"), [("alert", Alert), ("case", Case)])
def test_the_page_leaves_out_no_field_that_is_sent(kind: str, noun: type[Alert | Case]) -> None:
    (text,) = examples(kind)
    assert set(json.loads(text)) == {field.name for field in fields(noun)}


def test_every_cause_of_doubt_stands_on_the_page() -> None:
    source = "".join((ROOT / "sensors" / name).read_text(encoding="utf-8") for name in ("native.py", "wire_shapes.py"))
    given = set(re.findall(r'return "([a-z_0-9]+)"|else "([a-z_0-9]+)"', source))
    words = {word for pair in given for word in pair if word}
    table = PAGE[PAGE.index("| cause | means |") : PAGE.index("## From devices")]
    assert words == set(re.findall(r"`([a-z_0-9]+)`", table)) - {"kind", "at"} | {"kind"}

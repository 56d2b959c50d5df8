"""What comes off the wire is understood or doubted, and never stops the stream."""

import json
from datetime import UTC, datetime, timedelta

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from parking.domain.device import Device, DeviceKind
from parking.domain.ids import DeviceId, LotId, SectionId, SignId
from parking.domain.reading import GateReading, StatusReading
from sensors.native import Bounds, Decoded, Native, Packet

NOW = datetime(2026, 5, 2, 2, 30, tzinfo=UTC)
GATE = Device(
    DeviceId("gate-1"),
    DeviceKind.GATE,
    timedelta(seconds=30),
    frozenset({LotId("P01"), LotId("P02")}),
    frozenset({SectionId("R1")}),
)
TOPIC = "parking/v1/devices/gate-1/reading"
STATUS = "parking/v1/devices/gate-1/status"
SHOWN = "parking/v1/signs/G01/shown"


def a_gate(**changes: object) -> dict[str, object]:
    fields = {"kind": "gate", "device": "gate-1", "boot": 1, "seq": 7, "at": "2026-05-02T10:29:59+08:00"}
    return {**fields, "lot": "P01", "entered": 5, "left": 3, **changes}


def a_shown(**changes: object) -> dict[str, object]:
    fields = {"sign": "G01", "epoch": 1, "sequence": 2, "at": "2026-05-02T02:29:59Z", "rows": ["51", "满"]}
    return {**fields, **changes}


def hear(payload: object, topic: str = TOPIC, *, retained: bool = False) -> Decoded:
    data = payload if isinstance(payload, bytes) else json.dumps(payload).encode()
    return Native("parking/v1", [GATE], [SignId("G01")]).decode([Packet(topic, data, NOW, retained)])


def cause(payload: object, topic: str = TOPIC) -> str:
    decoded = hear(payload, topic)
    assert (decoded.readings, decoded.shown) == ([], [])
    (doubt,) = decoded.doubts
    assert doubt.topic == topic
    return doubt.cause


def without(field: str) -> dict[str, object]:
    said = a_gate()
    del said[field]
    return said


def test_a_gate_tells_its_totals_on_our_clock() -> None:
    (reading,) = hear(a_gate()).readings
    assert reading == GateReading(
        device=DeviceId("gate-1"),
        boot=1,
        seq=7,
        at=datetime(2026, 5, 2, 2, 29, 59, tzinfo=UTC),
        received_at=NOW,
        lot=LotId("P01"),
        entered=5,
        left=3,
    )
    assert reading.at.tzinfo is UTC


@pytest.mark.parametrize(
    ("said", "why"),
    [
        (b"", "json"),
        (b"{", "json"),
        (b'{"kind": "gate"} x', "json"),
        (json.dumps(a_gate()).replace("5", "NaN").encode(), "json"),
        (b'"\xff\xfe"', "utf8"),
        (json.dumps(a_gate(more="?")).encode().replace(b"?", b"\xc3\x28"), "utf8"),
        (b'{"a":' * 60_000, "too_long"),
        (b"[" * 20_000, "nesting"),
        (b'{"a":' * 20_000, "nesting"),
        (b"[]", "shape"),
        (b"7", "shape"),
        (b"null", "shape"),
        ({}, "kind"),
        ({"kind": "ufo"}, "kind"),
        ({"kind": ["gate"]}, "kind"),
        (without("lot"), "field"),
        (without("at"), "field"),
        (a_gate(entered="5"), "field"),
        (a_gate(entered=-1), "field"),
        (a_gate(entered=10**13), "field"),
        (a_gate(entered=10**400), "field"),
        (a_gate(entered=True), "field"),
        (a_gate(seq=2**53), "field"),
        (a_gate(boot=None), "field"),
        (a_gate(at="2026-05-02T10:29:59"), "field"),
        (a_gate(at=1777689000), "field"),
        (a_gate(device="gate-2"), "device_other"),
        (a_gate(lot="P09"), "lot_foreign"),
        (a_gate(at="1970-01-01T00:00:00Z"), "clock"),
        (a_gate(at="0001-01-01T00:00:00+14:00"), "clock"),
        (a_gate(at="2100-01-01T00:00:00Z"), "clock"),
        (a_gate(at="9999-12-31T23:59:59-14:00"), "clock"),
        (a_gate(kind="bay", bay="", taken=True), "field"),
        (a_gate(kind="bay", bay="0\x001", taken=True), "field"),
        (a_gate(kind="bay", bay="01\n", taken=True), "field"),
        (a_gate(kind="bay", bay="01", taken=1), "field"),
        (a_gate(kind="count", taken=100_001, source="camera"), "field"),
        (a_gate(kind="count", taken=1, source="crystal ball"), "field"),
        (a_gate(kind="queue"), "field"),
        (a_gate(kind="queue", queue_m=-0.5), "field"),
        (a_gate(kind="violation", image_ref="x", dwell_s=5), "field"),
        (a_gate(kind="violation", image_ref="x", dwell_s=5, longitude=109.4), "field"),
        (a_gate(kind="violation", image_ref="x", dwell_s=5, section="R9"), "section_foreign"),
        (
            a_gate(kind="traffic", section="R9", vehicles=1, loop_occupancy_share=0.1, interval_s=30),
            "section_foreign",
        ),
        (a_gate(kind="traffic", section="R1", vehicles=1, loop_occupancy_share=1.1, interval_s=30), "field"),
    ],
)
def test_what_cannot_be_understood_is_doubted_with_its_cause(said: object, why: str) -> None:
    assert cause(said) == why


@pytest.mark.parametrize(
    ("topic", "why"),
    [
        ("parking/v1/devices/stranger/reading", "device_unknown"),
        ("parking/v1/devices/stranger/status", "device_unknown"),
        ("parking/v1/signs/G99/shown", "sign_unknown"),
        ("parking/v1/devices/gate-1/secrets", "topic"),
        ("other/v1/devices/gate-1/reading", "topic"),
        ("", "topic"),
    ],
)
def test_strangers_are_doubted(topic: str, why: str) -> None:
    assert cause(a_gate(), topic) == why


def test_one_bad_element_never_costs_its_siblings() -> None:
    bad = a_gate(seq=9, lot="P09")
    worse = a_gate(seq=10, entered="many")
    decoded = hear([a_gate(seq=8), bad, worse, 5, a_gate(seq=11)])
    assert [reading.seq for reading in decoded.readings] == [8, 11]
    assert [doubt.cause for doubt in decoded.doubts] == ["lot_foreign", "field", "shape"]
    assert json.loads(decoded.doubts[1].payload) == worse
    assert decoded.doubts[0].device == "gate-1"


def test_a_foreign_element_among_well_formed_ones_is_doubted_alone() -> None:
    decoded = hear([a_gate(seq=8), a_gate(seq=9, lot="P09")])
    assert [reading.seq for reading in decoded.readings] == [8]
    assert [json.loads(doubt.payload)["seq"] for doubt in decoded.doubts] == [9]


def test_a_flood_of_tiny_elements_is_one_doubt() -> None:
    assert cause(b"[" + b"1," * 100_000 + b"1]") == "shape"


def test_the_doubt_about_a_long_message_keeps_all_its_bytes() -> None:
    said = b" " * 10_000_000
    (doubt,) = hear(said).doubts
    assert (doubt.cause, doubt.payload) == ("too_long", said)


def test_a_will_tells_the_last_state_and_memory_is_no_proof_of_life() -> None:
    will = {"device": "gate-1", "state": "offline", "boot": 1, "seq": 0, "at": "2026-05-02T02:00:00Z"}
    (reading,) = hear(will, STATUS, retained=True).readings
    assert isinstance(reading, StatusReading)
    assert (reading.online, reading.retained, reading.seq) == (False, True, 0)
    assert cause({**will, "state": "asleep"}, STATUS) == "field"
    assert cause({**will, "device": "gate-2"}, STATUS) == "device_other"
    assert cause({**will, "at": "2026-03-02T02:00:00Z"}, STATUS) == "clock"
    assert cause([will], STATUS) == "shape"


def test_a_sign_speaks_for_itself_only() -> None:
    (shown,) = hear(a_shown(), SHOWN).shown
    assert shown.rows == ("51", "满")
    assert cause(a_shown(sign="G02"), SHOWN) == "sign_other"
    assert cause(a_shown(rows=[51]), SHOWN) == "field"
    assert cause(a_shown(rows=["x"] * 65), SHOWN) == "field"
    assert cause(a_shown(rows=["\x00"]), SHOWN) == "field"


def test_the_clock_bounds_are_settings() -> None:
    strict = Native("parking/v1", [GATE], [], Bounds(behind=timedelta(seconds=0)))
    data = json.dumps(a_gate()).encode()
    assert strict.decode([Packet(TOPIC, data, NOW, retained=False)]).doubts[0].cause == "clock"


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.sampled_from([*a_gate(), "taken", "bay"]) | st.text(), inner),
    max_leaves=12,
)
NEARLY = st.dictionaries(st.sampled_from([*a_gate()]), JSON, max_size=3).map(lambda changes: a_gate(**changes))


@given(
    st.binary(max_size=200)
    | JSON.map(lambda said: json.dumps(said).encode())
    | st.lists(NEARLY, max_size=4).map(lambda said: json.dumps(said).encode()),
    st.sampled_from([TOPIC, STATUS, SHOWN, "x"]),
)
def test_nothing_that_comes_off_the_wire_raises_or_gets_lost(payload: bytes, topic: str) -> None:
    decoded = hear(payload, topic)
    understood = len(decoded.readings) + len(decoded.shown)
    assert understood + len(decoded.doubts) >= 1
    if topic == TOPIC and len(decoded.doubts) != 1:
        said = msgspec.json.decode(payload)
        assert understood + len(decoded.doubts) == (len(said) if isinstance(said, list) else 1)

"""Cameras and lot systems: what they say of cars, and nothing of who drives them."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest

from sensors.families import camera, frigate, lot_message
from sensors.families.misread import Misread
from sensors.families.plates import without_plates
from tests.makers import NOON
from tests.makers_wires import (
    a_flat_lot_message,
    a_frigate_event,
    an_axis_event,
    an_enveloped_lot_message,
    profile,
)

COUNTS, PARKED = profile("frigate-count"), profile("frigate-violation")
SEEN = datetime(2026, 5, 13, 3, 59, 58, 500000, UTC)


def test_a_zones_cars_are_a_bare_number_and_moving_ones_are_no_count() -> None:
    (one,) = frigate.statements("frigate/lot_p05/car", b"12", NOON, COUNTS)
    assert (one.values, one.at, one.boot) == ({"count": 12}, NOON, 0)
    (one,) = frigate.statements("frigate/lot_p05/car/active", b"3", NOON, COUNTS)
    assert one.values == {"active": 3}


@pytest.mark.parametrize("payload", [b"", b"-1", b"1.5", b" 1", b"1\n", b"on", b"1234567", "१".encode()])
def test_a_count_that_is_no_number_is_refused(payload: bytes) -> None:
    with pytest.raises(Misread, match="field"):
        frigate.statements("frigate/lot_p05/car", payload, NOON, COUNTS)


def test_a_car_parked_in_a_zone_is_told_by_zone_with_how_long_it_stands() -> None:
    (one,) = frigate.statements("frigate/events", a_frigate_event(), NOON, PARKED)
    assert one.values == {"image_ref": "1778644498.475377-mxklsc", "dwell_s": 300.0}
    assert (one.key, one.at) == ("fire_lane", SEEN)
    assert "12345" not in repr(one)


@pytest.mark.parametrize(
    "changes",
    [
        {"stationary": False},
        {"label": "person"},
        {"false_positive": True},
        {"frame_time": 1778644598.5},
        {"current_zones": []},
    ],
)
def test_other_tracked_objects_are_nobodys_business(changes: dict[str, Any]) -> None:
    assert frigate.statements("frigate/events", a_frigate_event(**changes), NOON, PARKED) == []


def test_a_car_that_has_left_is_proof_of_life_for_each_zone_it_was_in() -> None:
    gone = frigate.statements("frigate/events", a_frigate_event(type="end", current_zones=[]), NOON, PARKED)
    assert [(one.key, one.values) for one in gone] == [("drive", {}), ("fire_lane", {})]


def test_an_axis_camera_writes_numbers_as_texts() -> None:
    (one,) = camera.statements(an_axis_event(active=1, classTypes="car"), NOON, profile("axis-object-in-area"))
    assert (one.values, one.at) == ({"active": 1}, SEEN)
    (one,) = camera.statements(an_axis_event(total=7), NOON, profile("axis-occupancy-in-area"))
    assert one.values == {"total": 7}


@pytest.mark.parametrize(
    "data", [{"IsInside": "true"}, {"SimpleItem": [{"Name": "IsInside", "Value": "true"}]},
             {"SimpleItem": {"Name": "IsInside", "Value": "true"}}]
)  # fmt: skip
def test_onvif_events_are_read_in_both_their_forms(data: dict[str, Any]) -> None:
    event = {
        "UtcTime": "2026-05-13T03:59:58.5Z",
        "PropertyOperation": "Changed",
        "Source": {"Rule": "bay"},
        "Data": data,
    }
    (one,) = camera.statements(json.dumps(event).encode(), NOON, profile("onvif-field-detector"))
    assert (one.values, one.at) == ({"inside": True}, SEEN)


def test_a_flat_lot_message_tells_the_lot_and_what_is_free() -> None:
    (one,) = lot_message.statements(a_flat_lot_message(), NOON, profile("lot-flat"))
    assert (one.key, one.values) == ("FJ-21", {"total": 200, "free": 50})


def test_the_uuid_makes_the_identity_and_the_bytes_where_there_is_none() -> None:
    def seq(**changes: object) -> int:
        return lot_message.statements(a_flat_lot_message(**changes), NOON, profile("lot-flat"))[0].seq

    assert seq() == seq(sign="another")
    assert seq() != seq(uuid="a1f1")
    assert seq(uuid=None) != seq(uuid=None, free_space=49)


def test_items_of_an_envelope_take_what_they_lack_from_it() -> None:
    items = ({"totalSpace": 200, "freeSpace": "50"}, {"totalSpace": 80, "freeSpace": 0, "parkCode": "FJ-22"})
    one, other = lot_message.statements(an_enveloped_lot_message(*items), NOON, profile("lot-envelope"))
    assert (one.key, one.values) == ("FJ-21", {"total": 200, "free": 50})
    assert (other.key, other.values) == ("FJ-22", {"total": 80, "free": 0})
    assert one.seq != other.seq


def test_a_presence_message_says_nothing_of_bays() -> None:
    (one,) = lot_message.statements(an_enveloped_lot_message(), NOON, profile("lot-envelope"))
    assert (one.key, one.values) == ("FJ-21", {})


@pytest.mark.parametrize(
    ("payload", "why"),
    [
        (b"\xff", "utf8"),
        (b"{", "json"),
        (b"7", "field"),
        (b'{"a":' * 100_000, "nesting"),
        (an_enveloped_lot_message(dataItems={}), "shape"),
        (an_enveloped_lot_message(1), "shape"),
        (an_enveloped_lot_message({"totalSpace": {}}), "field"),
        (an_enveloped_lot_message(parkCode=None), "field"),
        (an_enveloped_lot_message(uuid=[]), "field"),
    ],
)
def test_a_lot_message_that_is_none_is_refused_with_its_cause(payload: bytes, why: str) -> None:
    with pytest.raises(Misread) as trouble:
        lot_message.statements(payload, NOON, profile("lot-envelope"))
    assert trouble.value.cause == why


@pytest.mark.parametrize(
    "payload",
    [
        '{"plateNo": "渝A12345", "free": 3}'.encode(),
        '{"plateNo": "渝A12345'.encode(),
        '{"car_number":"渝F9·8765","x":1}'.encode(),
        '{"note": "渝AD12345 left"}'.encode(),
        b'{"recognized_license_plate": ["A12345", 0.9]}',
        b'{"x": "\\u6e1dA12345"}',
        "车牌 渝A12345 不认识".encode(),
        b'{"carNum": "A12345\xff"}',
        b"\xff" + "渝A12345".encode(),
        "渝A12345".encode() + b" " * 70_000 + "渝A12345".encode(),
    ],
)
def test_no_plate_is_kept_even_in_what_was_not_understood(payload: bytes) -> None:
    kept = without_plates(payload)
    assert b"12345" not in kept
    assert b"8765" not in kept
    assert b"***" in kept


@pytest.mark.parametrize("payload", [b"", b"12", a_flat_lot_message(), b"\xff\xfe", an_axis_event(active=1)])
def test_what_holds_no_plate_is_kept_as_it_came(payload: bytes) -> None:
    assert without_plates(payload) == payload

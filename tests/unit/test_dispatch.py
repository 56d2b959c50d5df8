"""Each packet reaches who understands it; devices with profiles become readings like any others."""

import json
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import pytest

from parking.domain.device import Device, DeviceKind, Installation
from parking.domain.ids import SignId
from parking.domain.reading import (
    BayReading,
    CounterReading,
    CountReading,
    CountSource,
    GateReading,
    Reading,
    StatusReading,
    ViolationReading,
)
from sensors.dispatch import Dispatch
from sensors.native import Decoded, Native, Packet
from sensors.routes import problems
from tests.makers import NOON, a_device
from tests.makers_wires import (
    EUI,
    PROFILES,
    THINGS_UP,
    UP,
    a_chirpstack_up,
    a_flat_lot_message,
    a_frigate_event,
    a_things_up,
    an_axis_event,
    an_enveloped_lot_message,
)

DAY = timedelta(days=1)


def installed(id: str, profile: str, *, lots: Any = ("P01",), sections: Any = (), **words: Any) -> Device:  # noqa: A002, ANN401 -- a maker
    """A device with a profile."""
    at = Installation(profile, **words)
    return a_device(id, lots=lots, sections=sections, kind=DeviceKind.BAY_GATEWAY, period=DAY, installed=at)


BAY = installed("bay-017", "bosch-tps110", address=EUI, bay="017")


def hear(*packets: Packet, devices: tuple[Device, ...] = (BAY,)) -> Decoded:
    assert problems(devices, PROFILES) == []
    native = Native("parking/v1", devices, [SignId("G01")])
    return Dispatch(native, "parking/v1", devices, PROFILES).decode(packets)


def packet(payload: bytes, topic: str = UP, *, retained: bool = False) -> Packet:
    return Packet(topic, payload, NOON, retained)


def one(payload: bytes, topic: str, *devices: Device) -> Reading:
    decoded = hear(packet(payload, topic), devices=devices)
    assert decoded.doubts == []
    (reading,) = decoded.readings
    return reading


def test_an_uplink_becomes_a_bay_reading_of_the_registrys_device() -> None:
    for payload, topic in ((a_chirpstack_up(), UP), (a_things_up(), THINGS_UP)):
        reading = one(payload, topic, BAY)
        assert isinstance(reading, BayReading)
        assert (reading.device, reading.lot, reading.bay, reading.taken) == ("bay-017", "P01", "017", True)
        assert (reading.boot, reading.seq, reading.received_at) == (0x00189440, 17, NOON)


def test_a_heartbeat_repeats_the_state_and_what_has_none_is_proof_of_life() -> None:
    beat = one(a_chirpstack_up(b"\x01\x14", fPort=2), UP, BAY)
    assert isinstance(beat, BayReading)
    start = one(a_chirpstack_up(b"", fPort=None), UP, BAY)
    assert isinstance(start, StatusReading)
    assert start.online


def test_a_status_tells_battery_and_firmware() -> None:
    counter = installed("count-1", "nwave-ncc405", address=EUI, way_in="all")
    beat = one(a_chirpstack_up(bytes.fromhex("a86661"), fPort=2), UP, counter)
    assert isinstance(beat, StatusReading)
    assert beat.battery_share == pytest.approx((2.908 - 2.8) / 0.8)
    start = one(a_chirpstack_up(bytes.fromhex("010d0002"), fPort=3), UP, counter)
    assert isinstance(start, StatusReading)
    assert start.firmware == "1.13.0"


@pytest.mark.parametrize(("ways", "entered", "left"), [({"way_in": "all"}, 1706, 0), ({"way_out": "all"}, 0, 1706)])
def test_a_counter_counts_the_way_it_was_installed(ways: Mapping[str, str], entered: int, left: int) -> None:
    counter = installed("count-1", "nwave-ncc405", address=EUI, **ways)
    reading = one(a_chirpstack_up(bytes.fromhex("06aa")), UP, counter)
    assert isinstance(reading, CounterReading)
    assert (reading.entered, reading.left, reading.wraps_at) == (entered, left, 65_536)


def test_a_counter_of_two_ways_tells_both_and_categories_do_not_count_again() -> None:
    radar = installed("radar-1", "pmx-tcr", address=EUI, way_in="rtl", way_out="ltr")
    data = bytes.fromhex("a2140a03e832044c3433")
    reading = one(a_chirpstack_up(data, fPort=13), UP, radar)
    assert isinstance(reading, CounterReading)
    assert (reading.entered, reading.left, reading.wraps_at) == (1100, 1000, 0)
    assert isinstance(one(a_chirpstack_up(data, fPort=14), UP, radar), StatusReading)


@pytest.mark.parametrize(
    ("distance", "taken"), [(1500, True), (1799, True), (1800, None), (2000, None), (2001, False), (2500, False)]
)
def test_between_its_two_thresholds_a_distance_changes_nothing(distance: int, taken: bool | None) -> None:
    above = installed("bay-018", "milesight-em310-udl", address=EUI, bay="018")
    data = bytes.fromhex("0382") + distance.to_bytes(2, "little")
    reading = one(a_chirpstack_up(data, fPort=85), UP, above)
    assert reading.taken is taken if isinstance(reading, BayReading) else taken is None


def test_the_registrys_thresholds_outweigh_the_profiles() -> None:
    high = installed("b", "milesight-em310-udl", address=EUI, bay="1", taken_below_mm=3000.0, free_above_mm=3200.0)
    reading = one(a_chirpstack_up(bytes.fromhex("0382440804000001755c"), fPort=85), UP, high)
    assert isinstance(reading, BayReading)
    assert reading.taken


def test_a_sensor_that_sees_nothing_says_nothing_of_its_bay() -> None:
    ear = installed("bay-019", "dragino-ldds75", address=EUI, bay="019")
    assert isinstance(one(a_chirpstack_up(bytes.fromhex("0e1c0b05"), fPort=2), UP, ear), StatusReading)
    assert isinstance(one(a_chirpstack_up(bytes.fromhex("0d0a001400000001"), fPort=2), UP, ear), StatusReading)


def test_cameras_and_lot_systems_count_lots() -> None:
    camera = installed("cam-1", "frigate-count", address="frigate/p01/car")
    assert one(b"12", "frigate/p01/car", camera) == CountReading(
        device=camera.id, boot=0, seq=one(b"12", "frigate/p01/car", camera).seq, at=NOON, received_at=NOON,
        lot=next(iter(camera.lots)), taken=12, source=CountSource.CAMERA,
    )  # fmt: skip
    assert isinstance(one(b"3", "frigate/p01/car/active", camera), StatusReading)
    axis = installed("cam-2", "axis-object-in-area", address="axis/bay", bay="017")
    seen = one(an_axis_event(active=0), "axis/bay", axis)
    assert isinstance(seen, BayReading)
    assert not seen.taken


def test_lots_that_share_a_topic_are_told_apart_by_their_codes() -> None:
    mine = installed("lot-21", "lot-flat", address="city/lots", key="FJ-21")
    other = installed("lot-22", "lot-flat", address="city/lots", key="FJ-22", lots=["P02"])
    for code, lot in (("FJ-21", "P01"), ("FJ-22", "P02")):
        reading = one(a_flat_lot_message(park_id=code), "city/lots", mine, other)
        assert isinstance(reading, CountReading)
        assert (reading.lot, reading.taken, reading.source) == (lot, 150, CountSource.BARRIER_SYSTEM)
    (doubt,) = hear(packet(a_flat_lot_message(park_id="FJ-99"), "city/lots"), devices=(mine, other)).doubts
    assert doubt.cause == "device_unknown"


def test_a_lot_system_that_tells_free_bays_alone_needs_the_registrys_capacity() -> None:
    lot = installed("lot-21", "lot-flat", address="city/lots", capacity=180)
    reading = one(a_flat_lot_message(total_space=None), "city/lots", lot)
    assert isinstance(reading, CountReading)
    assert reading.taken == 130
    (doubt,) = hear(packet(a_flat_lot_message(free_space=181), "city/lots"), devices=(lot,)).doubts
    assert doubt.cause == "field"


def test_a_presence_message_keeps_the_lots_system_alive() -> None:
    lot = installed("lot-21", "lot-envelope", address="city/lots", key="FJ-21")
    assert isinstance(one(an_enveloped_lot_message(), "city/lots", lot), StatusReading)


def test_a_car_in_a_fire_lane_is_a_violation_without_a_plate_and_others_are_nobodys() -> None:
    eye = installed("eye-1", "frigate-violation", address="frigate/events", key="fire_lane", lots=(), sections=["R1"])
    reading = one(a_frigate_event(), "frigate/events", eye)
    assert isinstance(reading, ViolationReading)
    assert (reading.section, reading.dwell_s) == ("R1", 300.0)
    elsewhere = hear(packet(a_frigate_event(current_zones=["yard"]), "frigate/events"), devices=(eye,))
    assert (elsewhere.readings, elsewhere.doubts) == ([], [])


def test_senml_comes_on_our_own_topic_or_on_another() -> None:
    pack = [{"bt": NOON.timestamp(), "n": "x/entered", "u": "count", "v": 5}, {"n": "x/left", "u": "count", "v": 3}]
    own = installed("gate-1", "senml-gate")
    away = installed("gate-2", "senml-gate", address="lora/gate2")
    for topic, device in (("parking/v1/devices/gate-1/reading", own), ("lora/gate2", away)):
        reading = one(json.dumps(pack).encode(), topic, own, away)
        assert isinstance(reading, GateReading)
        assert (reading.device, reading.entered, reading.left, reading.at) == (device.id, 5, 3, NOON)


def test_our_own_wire_is_read_as_ever_beside_devices_with_profiles() -> None:
    shown = {"sign": "G01", "epoch": 1, "sequence": 2, "at": NOON.isoformat(), "rows": ["5"]}
    decoded = hear(
        packet(json.dumps(shown).encode(), "parking/v1/signs/G01/shown"),
        packet(a_chirpstack_up()),
        packet(b"{}", "parking/v1/devices/stranger/reading"),
    )
    assert len(decoded.shown) == len(decoded.readings) == 1
    assert [doubt.cause for doubt in decoded.doubts] == ["device_unknown"]


@pytest.mark.parametrize(
    ("sent", "why", "known"),
    [
        (packet(b"{"), "json", False),
        (packet(b" " * 300_000), "too_long", False),
        (packet(a_chirpstack_up(), retained=True), "retained", False),
        (packet(a_chirpstack_up(time="2026-01-01T00:00:00Z")), "clock", True),
        (packet(a_chirpstack_up(fPort=99)), "port", True),
        (packet(a_chirpstack_up(b"\x01", fPort=3)), "length", True),
        (packet(a_chirpstack_up(), UP.replace(EUI, "0" * 16)), "device_other", False),
        (
            packet(a_chirpstack_up(deviceInfo={"devEui": "0000000000000001"}), UP.replace(EUI, "0000000000000001")),
            "device_unknown",
            False,
        ),
        (packet(b"{}", "parking/v1/elsewhere"), "topic", False),
    ],
)
def test_what_is_not_understood_is_doubted_with_its_cause(sent: Packet, why: str, known: bool) -> None:
    decoded = hear(sent)
    assert decoded.readings == []
    (doubt,) = decoded.doubts
    assert (doubt.cause, doubt.device) == (why, "bay-017" if known else None)


def test_a_dead_letter_keeps_no_plate() -> None:
    eye = installed("eye-1", "frigate-violation", address="frigate/events", key="fire_lane", lots=(), sections=["R1"])
    (doubt,) = hear(packet(a_frigate_event(frame_time="noon"), "frigate/events"), devices=(eye,)).doubts
    assert doubt.cause == "field"
    assert b"12345" not in doubt.payload


def test_only_topics_that_somebody_speaks_on_are_asked_for() -> None:
    def asked(*devices: Device) -> tuple[str, ...]:
        return Dispatch(Native("parking/v1", devices, []), "parking/v1", devices, PROFILES).subscriptions

    assert asked(a_device()) == ()
    assert asked(installed("gate-1", "senml-gate")) == ()
    assert asked(BAY) == ("application/+/device/+/event/up", "v3/+/devices/+/up")
    camera = installed("cam-1", "frigate-count", address="frigate/p01/car")
    assert asked(camera) == ("frigate/p01/car", "frigate/p01/car/active")

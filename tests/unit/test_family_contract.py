"""What every family promises: statements with an identity, or its own error, whatever comes."""

import json
import math
import random
import re
from collections.abc import Callable
from datetime import UTC
from typing import Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from parking.domain.device import Device, DeviceKind, Installation
from sensors.dispatch import FAMILIES, Dispatch, uplink_of
from sensors.families.lorawan import statement
from sensors.families.misread import Misread
from sensors.families.statement import Statement
from sensors.meaning import reading_of
from sensors.native import Native, Packet
from sensors.profile_shapes import Kind, Profile
from tests.conftest import ROOT
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
from tools.fuzz_families import mutated

SAFE: Final = 2**53 - 1
SENML = json.dumps([{"bn": "a:", "bt": 1778644790, "n": "bays/017", "vb": True}, {"n": "taken", "u": "count", "v": 4}])
ONVIF = json.dumps({"UtcTime": "2026-05-13T03:59:58Z", "Source": {}, "Data": {"Count": "12", "IsInside": "true"}})
EXAMPLES: Final[list[tuple[str, str, bytes]]] = [
    ("bosch-tps110", UP, a_chirpstack_up()),
    ("lorawan-decoded-bay", UP, a_chirpstack_up(object={"occupied": True})),
    ("milesight-em400-mud", THINGS_UP, a_things_up(bytes.fromhex("01755c0367010104824408050001"), f_port=85)),
    ("senml-bays", "x", SENML.encode()),
    ("senml-count", "x", SENML.encode()),
    ("frigate-count", "frigate/p01/car", b"12"),
    ("frigate-violation", "frigate/events", a_frigate_event()),
    ("axis-object-in-area", "axis/x", an_axis_event(active=1)),
    ("onvif-counter", "x/onvif-ej/y", ONVIF.encode()),
    ("onvif-field-detector", "x/onvif-ej/y", ONVIF.encode()),
    ("lot-flat", "city/lots", a_flat_lot_message()),
    ("lot-envelope", "city/lots", an_enveloped_lot_message({"totalSpace": 200, "freeSpace": 50})),
]


def read(profile: Profile, topic: str, payload: bytes) -> list[Statement]:
    """What the profile's family makes of it."""
    if profile.family not in FAMILIES:
        uplink = uplink_of(topic, payload)
        return [] if uplink is None else [statement(uplink, profile)]
    return FAMILIES[profile.family](topic, payload, NOON, profile)


def a_device_of(profile: Profile) -> Device:
    """One that such a message could come from."""
    ways = tuple(profile.meaning.ways)[:1]
    at = Installation(profile.name, bay="017", way_in=ways[0] if ways else "", capacity=200)
    return a_device("it", lots=["P01"], sections=["R1"], kind=DeviceKind.GATE, installed=at)


@pytest.mark.parametrize(("name", "topic", "payload"), EXAMPLES)
def test_each_example_is_understood_the_same_each_time(name: str, topic: str, payload: bytes) -> None:
    profile = PROFILES[name]
    told = read(profile, topic, payload)
    assert told
    assert read(profile, topic, payload) == told
    for one in told:
        assert 0 <= one.boot <= SAFE
        assert 0 <= one.seq <= SAFE
        assert one.at.tzinfo is UTC
        reading_of(one, a_device_of(profile), profile, NOON)
    kinds = {Kind.BAY: "taken", Kind.COUNT: "taken", Kind.COUNTER: "entered", Kind.VIOLATION: "image_ref"}
    readings = [reading_of(one, a_device_of(profile), profile, NOON) for one in told]
    assert any(hasattr(reading, kinds[profile.kind]) for reading in readings)


def test_every_cause_of_doubt_stands_on_the_vendors_page() -> None:
    sources = [*(ROOT / "sensors" / "families").glob("*.py"), *(ROOT / "sensors").glob("*.py")]
    given = {cause for file in sources for cause in re.findall(r'Misread\("([a-z_0-9]+)"\)', file.read_text("utf-8"))}
    page = (ROOT / "docs" / "device-vendors.md").read_text(encoding="utf-8")
    rows = [
        line for line in page.partition("| 原因 cause |")[2].partition("\n\n")[0].splitlines() if line.startswith("| `")
    ]
    assert given == {cause for row in rows for cause in re.findall(r"`([a-z_0-9]+)`", row.split("|")[1])}


BYTES = st.binary(max_size=300)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=10,
)
CHANCES = st.integers(0, 2**32).map(random.Random)


@given(st.sampled_from(EXAMPLES), BYTES | JSON.map(lambda one: json.dumps(one).encode()) | CHANCES)
def test_whatever_comes_a_family_says_something_sound_or_raises_its_own_error(
    example: tuple[str, str, bytes], said: bytes | random.Random
) -> None:
    name, topic, payload = example
    profile = PROFILES[name]
    try:
        told = read(profile, topic, said if isinstance(said, bytes) else mutated(payload, said))
        for one in told:
            assert 0 <= one.boot <= SAFE
            assert 0 <= one.seq <= SAFE
            assert one.at.tzinfo is UTC
            assert not any(isinstance(value, float) and not math.isfinite(value) for value in one.values.values())
            reading_of(one, a_device_of(profile), profile, NOON)
    except Misread as trouble:
        assert trouble.cause.isidentifier()


def a_dispatch() -> Callable[[list[Packet]], tuple[int, int]]:
    """Readings and doubts of a registry with a device on every example's topic."""
    wired = (
        ("frigate-count", "frigate/p01/car"),
        ("frigate-violation", "frigate/events"),
        ("axis-object-in-area", "axis/x"),
        ("onvif-counter", "x/onvif-ej/y"),
        ("lot-flat", "city/lots"),
        ("senml-bays", "x"),
        ("bosch-tps110", EUI),
    )
    devices = [
        a_device(f"d{n}", lots=["P01"], sections=["R1"], installed=Installation(name, address, way_in="all"))
        for n, (name, address) in enumerate(wired)
    ]
    dispatch = Dispatch(Native("parking/v1", devices, []), "parking/v1", devices, PROFILES)

    def heard(packets: list[Packet]) -> tuple[int, int]:
        decoded = dispatch.decode(packets)
        return len(decoded.readings), len(decoded.doubts)

    return heard


HEARD = a_dispatch()


@given(st.lists(st.tuples(st.sampled_from(EXAMPLES), BYTES | CHANCES), max_size=8))
def test_one_bad_message_never_costs_another(sent: list[tuple[tuple[str, str, bytes], bytes | random.Random]]) -> None:
    good = Packet(UP, a_chirpstack_up(), NOON, False)
    bad = [
        Packet(topic, said if isinstance(said, bytes) else mutated(payload, said), NOON, False)
        for (_, topic, payload), said in sent
    ]
    readings, doubts = HEARD([*bad, good])
    apart = [HEARD([one]) for one in bad]
    assert (readings, doubts) == (1 + sum(one[0] for one in apart), sum(one[1] for one in apart))

"""Throw random and mutated messages at every payload family: nothing but its own error may come out.

    python tools/fuzz_families.py [RUNS for each family] [SEED]

Prints a table: runs, understood, refused with a cause, and how fast. Exit code 1 with the first input that broke one.
"""

import json
import random
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Final

from parking.device_profiles import read_profiles
from parking.domain.device import Device, DeviceKind, Installation
from parking.domain.ids import DeviceId, LotId, SectionId
from sensors.dispatch import FAMILIES
from sensors.families import chirpstack, things_stack
from sensors.families.lorawan import statement
from sensors.families.misread import Misread
from sensors.families.plates import without_plates
from sensors.layout import read_message
from sensors.meaning import reading_of
from sensors.profile_shapes import Profile

NOW: Final = datetime(2026, 5, 13, 4, 0, tzinfo=UTC)
EUI: Final = "70b3d52dd1000017"
UP: Final = f"application/4/device/{EUI}/event/up"
THINGS_UP: Final = "v3/town@county/devices/bay-017/up"
LONGEST: Final = 200
ATOMS: Final = (
    b"null", b"true", b"-1", b"1e999", b"-0", b"9" * 400, b'""',
    b"[]", b"{}", b"[" * 200, b'"\\u0000"', b"NaN", b"\xff",
    b'"2026-05-13T03:59:58Z"', b"\xe6\xb8\x9dA12345", b"1778644798.5", b"18446744073709551616", b'{"SimpleItem":[{}]}',
)  # fmt: skip
"""Pieces of JSON, and of none, that readers stumble over."""
Case = tuple[Profile, str, bytes]


def mutated(payload: bytes, chance: random.Random) -> bytes:
    """The payload with a few bytes flipped, cut, doubled or replaced, or with a value of its JSON replaced."""
    data, gently = bytearray(payload), chance.randrange(2)
    for _ in range(1 if gently else chance.randint(1, 4)):
        at = chance.randrange(len(data) + 1)
        match 4 if gently else chance.randrange(5):
            case 0:
                data[at : at + 1] = bytes([chance.randrange(256)])
            case 1:
                del data[at : at + chance.randint(1, 8)]
            case 2:
                data[at:at] = data[at : at + chance.randint(1, 16)]
            case 3:
                data[at:at] = chance.choice(ATOMS)
            case _:
                colon = data.find(b":", at)
                if colon >= 0:
                    end = min((e for e in (data.find(b",", colon), data.find(b"}", colon)) if e > 0), default=len(data))
                    data[colon + 1 : end] = chance.choice(ATOMS)
    return bytes(data)


def examples() -> dict[str, list[tuple[str, str, object]]]:
    """For each family: profile, topic and a good payload."""
    ids = {"device_id": "bay-017", "dev_eui": EUI, "dev_addr": "00189440"}
    up = {"deduplicationId": "a", "time": "2026-05-13T03:59:58Z", "deviceInfo": {"devEui": EUI}, "devAddr": "00189440"}
    message = {"f_cnt": 7, "f_port": 85, "frm_payload": "AXVcA2cBAQSCRAgFAAE=", "received_at": "2026-05-13T03:59:58Z"}
    records = [{"bn": "a:", "bt": 1778644790, "n": "bays/017", "vb": True}, {"n": "taken", "u": "count", "v": 4}]
    car = {"id": "1.5-a", "label": "car", "frame_time": 1778644798.5, "start_time": 1778644498.5, "stationary": True}
    event = {
        "type": "update",
        "before": {},
        "after": {**car, "current_zones": ["lane"], "recognized_license_plate": "x"},
    }
    axis = {"topic": "axis:x", "timestamp": 1778644798500, "message": {"data": {"active": "1", "total": "7"}}}
    onvif = {"UtcTime": "2026-05-13T03:59:58Z", "Data": {"SimpleItem": [{"Name": "Count", "Value": "12"}]}}
    flat = {"park_id": "FJ-21", "total_space": 200, "free_space": 50, "uuid": "a1f0"}
    envelope = {"uuid": "b", "parkCode": "FJ-21", "dataItems": [{"totalSpace": 200, "freeSpace": "50"}]}
    return {
        "chirpstack": [
            ("bosch-tps110", UP, {**up, "fCnt": 17, "fPort": 2, "data": "Af8="}),
            ("lorawan-decoded-bay", UP, {**up, "object": {"occupied": True, "battery": 80}}),
        ],
        "things-stack": [
            ("milesight-em400-mud", THINGS_UP, {
                "end_device_ids": ids, "received_at": "2026-05-13T03:59:58Z", "uplink_message": message,
            }),
        ],
        "senml": [(name, "x", records) for name in ("senml-bays", "senml-count", "senml-gate")],
        "frigate": [("frigate-count", "frigate/p01/car", 12), ("frigate-violation", "frigate/events", event)],
        "axis": [("axis-object-in-area", "x", axis), ("axis-occupancy-in-area", "x", axis)],
        "onvif": [("onvif-counter", "x", onvif), ("onvif-field-detector", "x", onvif)],
        "lot-message": [("lot-flat", "x", flat), ("lot-envelope", "x", envelope)],
    }  # fmt: skip


def cases(found: list[tuple[str, str, object]], profiles: dict[str, Profile], chance: random.Random) -> Iterator[Case]:
    """Messages without end: one in four random bytes, the others a good one mutated."""
    good = [(profiles[name], topic, json.dumps(said).encode()) for name, topic, said in found]
    while True:
        profile, topic, payload = chance.choice(good)
        wild = chance.randrange(4) == 0
        yield profile, topic, chance.randbytes(chance.randrange(LONGEST)) if wild else mutated(payload, chance)


def layouts(profiles: dict[str, Profile], chance: random.Random) -> Iterator[Case]:
    """Random bytes for every byte layout, mostly on ports that it knows and of lengths that it knows."""
    known = [one for one in profiles.values() if one.message]
    while True:
        profile = chance.choice(known)
        message = chance.choice(profile.message)
        size = chance.choice(message.sizes) if message.sizes and chance.random() < 0.7 else chance.randrange(40)
        data = bytearray(chance.randbytes(size))
        for at, value in message.marks:
            if at < size:
                data[at] = value
        if message.items and size > 2:
            data[:2] = bytes(chance.choice(message.items).head[:2])
        port = chance.choice(message.ports) if message.ports and chance.random() < 0.9 else chance.randrange(256)
        yield profile, str(port), bytes(data)


def read(profile: Profile, topic: str, payload: bytes, device: Device) -> None:
    """All the way to readings, as the service does it, and to the bytes that a dead letter keeps."""
    without_plates(payload)
    if topic.isdigit():
        read_message(profile.message, int(topic), payload)
        return
    family = FAMILIES.get(profile.family)
    if family is not None:
        said = family(topic, payload, NOW, profile)
    elif topic == UP:
        said = [statement(chirpstack.read_uplink(topic, payload), profile)]
    else:
        said = [statement(things_stack.read_uplink(topic, payload), profile)]
    for one in said:
        reading_of(one, device, profile, NOW)


def a_device(profile: Profile) -> Device:
    """One that such a message could come from."""
    ways = (*profile.meaning.ways, "")
    at = Installation(profile.name, bay="1", way_in=ways[0], capacity=200)
    lots, sections = frozenset({LotId("P01")}), frozenset({SectionId("R1")})
    return Device(DeviceId("it"), DeviceKind.GATE, NOW - NOW, lots, sections, at)


def fuzz(name: str, source: Iterator[Case], runs: int, devices: Callable[[Profile], Device]) -> tuple[str, bool]:
    """A line of the table, and whether all was well."""
    causes: Counter[str] = Counter()
    kept: dict[str, Device] = {}
    began = time.perf_counter()
    for _ in range(runs):
        profile, topic, payload = next(source)
        device = kept.get(profile.name) or devices(profile)
        kept[profile.name] = device
        try:
            read(profile, topic, payload, device)
            causes[""] += 1
        except Misread as trouble:
            causes[trouble.cause] += 1
        except BaseException as bug:  # noqa: BLE001 -- this is what is looked for
            return f"{name}: {bug!r} from {profile.name} {topic} {payload!r}", False
    took_s = time.perf_counter() - began
    understood = causes.pop("")
    most = ", ".join(f"{cause} {count}" for cause, count in causes.most_common())
    return f"{name:<14}{runs:>10}{understood:>12}{sum(causes.values()):>10}{runs / took_s:>10.0f}  {most}", True


def _chance(seed: int) -> random.Random:
    return random.Random(seed)  # noqa: S311 -- to be repeated, not to be kept secret


def main() -> int:
    """Every family in turn, with the same seed."""
    runs, seed = int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000, int(sys.argv[2]) if len(sys.argv) > 2 else 1
    profiles, well = read_profiles(), True
    print(f"{'family':<14}{'runs':>10}{'understood':>12}{'refused':>10}{'a second':>10}  causes")
    sources = {name: cases(found, profiles, _chance(seed)) for name, found in examples().items()}
    for name, source in {**sources, "byte layouts": layouts(profiles, _chance(seed))}.items():
        line, good = fuzz(name, source, runs, a_device)
        print(line, flush=True)
        well &= good
    return 0 if well else 1


if __name__ == "__main__":
    sys.exit(main())

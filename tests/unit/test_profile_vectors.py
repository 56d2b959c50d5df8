"""Every device of the collected test vectors decodes to what its vendor says, field by field.

Facts: `data/lorawan/vectors.json` of the shared folder, which names for each vector the repository it was read from.
"""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from parking.device_profiles import read_profiles
from sensors.families.misread import Misread
from sensors.layout import read_message

PROFILES = read_profiles()
OF = {
    "TPS110 Parking Lot Sensor (fw 0.29.2)": "bosch-tps110",
    "NPS310SM Smart Parking Sensor": "nwave-nps310sm",
    "NPS405SM / NPS405FM parking sensor": "nwave-nps405",
    "NCC405FM / NCC405SM car counter": "nwave-ncc405",
    "TEKZIPARK radar parking sensor": "tekzitel-tekzipark",
    "DO200 ultrasonic + magnetic parking occupancy sensor": "dingtek-do200",
    "DO201 parking occupancy sensor": "dingtek-do201",
    "DO202 parking occupancy sensor": "dingtek-do202",
    "TCR LoRaWAN radar traffic counter": "pmx-tcr",
    "EM310-UDL ultrasonic distance sensor": "milesight-em310-udl",
    "EM400-MUD ultrasonic distance sensor": "milesight-em400-mud",
    "EM400-TLD ToF laser distance sensor": "milesight-em400-tld",
    "EM400-UDL ultrasonic distance sensor": "milesight-em400-udl",
    "LDDS75 distance sensor": "dragino-ldds75",
}
UNMAPPED: dict[str, set[str]] = {}
"""Fields by profile that are left out on purpose: none so far."""


@pytest.fixture(scope="module")
def vectors(shared: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((shared / "data" / "lorawan" / "vectors.json").read_text(encoding="utf-8"))
    return found


def uplinks(vectors: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    """Each uplink with the profile of its device."""
    for device in vectors["devices"]:
        for example in device["examples"]:
            if example["direction"] == "uplink":
                yield OF[device["device"]], example


def same(told: object, expected: object) -> bool:
    """The same value; a text that spells a number is that number."""
    if isinstance(expected, str) and isinstance(told, int | float) and not isinstance(told, bool):
        return float(expected) == pytest.approx(told)
    if isinstance(expected, float):
        return isinstance(told, int | float) and told == pytest.approx(expected)
    return told == expected


def test_every_device_of_the_vectors_has_a_profile(vectors: dict[str, Any]) -> None:
    assert {device["device"] for device in vectors["devices"]} == set(OF)
    assert set(OF.values()) <= set(PROFILES)


def test_every_uplink_decodes_to_what_the_vendor_says(vectors: dict[str, Any]) -> None:
    wrong, compared = [], 0
    for name, example in uplinks(vectors):
        if "expected" not in example:
            continue
        _, told = read_message(PROFILES[name].message, example["fPort"], bytes.fromhex(example["bytes_hex"]))
        for field, expected in example["expected"].items():
            if field in UNMAPPED.get(name, set()):
                continue
            compared += 1
            if field not in told or not same(told[field], expected):
                wrong.append((name, example["description"], field, told.get(field), expected))
    assert wrong == []
    assert compared >= 150


def test_what_the_vendor_refuses_is_refused(vectors: dict[str, Any]) -> None:
    refused = [(name, example) for name, example in uplinks(vectors) if "expected_errors" in example]
    assert len(refused) >= 2
    for name, example in refused:
        with pytest.raises(Misread, match="port"):
            read_message(PROFILES[name].message, example["fPort"], bytes.fromhex(example["bytes_hex"]))


def test_the_vector_of_libelium_that_was_observed_decodes(vectors: dict[str, Any]) -> None:
    (one,) = [device for device in vectors["codec_without_vectors"] if device["vendor"] == "libelium"]
    seen = one["observed_vector"]
    _, told = read_message(PROFILES["libelium-smart-parking-v2"].message, 1, bytes.fromhex(seen["bytes_hex"]))
    assert {name: told[name] for name in seen["expected"]} == seen["expected"]

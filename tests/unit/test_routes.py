"""A device whose installation cannot work is refused before the service starts, with what to do."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from parking.device_profiles import profiles_of
from parking.domain.device import Device, DeviceKind, Installation
from parking.domain.errors import BadTown
from parking.domain.ids import LotId
from parking.recording.town import decode_town, encode_town
from parking.towns.load import load_town
from parking.towns.write import write_town
from sensors.routes import problems
from tests.makers import a_device
from tests.makers_wires import EUI, PROFILES

GOOD: dict[str, Any] = {"profile": "bosch-tps110", "address": EUI, "bay": "017"}
COUNTER = {"profile": "nwave-ncc405", "address": EUI, "way_in": "all"}
DISTANCE = {**GOOD, "profile": "dragino-ldds75"}
VIOLATION = {"profile": "frigate-violation", "address": "frigate/events", "key": "lane"}


def a_bay(id: str = "bay-017", **changes: Any) -> Device:  # noqa: A002, ANN401 -- a maker
    """A bay sensor, well installed."""
    fields = {**GOOD, **changes.pop("at", {})}
    device = a_device(id, lots=["P01"], kind=DeviceKind.BAY_GATEWAY, period=timedelta(days=1))
    return replace(device, installed=Installation(**fields), **changes)


@pytest.mark.parametrize("at", [GOOD, {"profile": "senml-bays", "address": ""}, {**COUNTER, "bay": ""}, DISTANCE])
def test_a_good_installation_has_no_problem(at: dict[str, Any]) -> None:
    assert problems([a_bay(at=at), a_device()], PROFILES) == []


@pytest.mark.parametrize(
    ("device", "says"),
    [
        (a_bay(at={"profile": "bosch-tps11"}), "no profile 'bosch-tps11'"),
        (a_bay(at={"address": "70b3"}), "device EUI, 16 hex digits"),
        (a_bay(at={"bay": ""}), 'give bay = "…"'),
        (a_bay(lots=frozenset()), 'give lots = ["…"]'),
        (a_bay(lots=frozenset({LotId("P01"), LotId("P02")})), "belongs to one lot"),
        (a_bay(period=timedelta(seconds=60)), "called silent too early"),
        (a_bay(at={"profile": "axis-object-in-area", "address": ""}), "give the topic it publishes on"),
        (a_bay(at={"profile": "axis-object-in-area", "address": "axis/+/x"}), "holds a wildcard"),
        (a_bay(at={**COUNTER, "way_in": ""}), "give way_in or way_out, one of all"),
        (a_bay(at={**COUNTER, "way_in": "ltr"}), "this profile counts all"),
        (a_bay(at={**COUNTER, "way_out": "all"}), "each once"),
        (a_bay(at={**DISTANCE, "taken_below_mm": 2500.0}), "taken_below_mm 2500 is above free_above_mm 2000"),
        (a_bay(at={"taken_below_mm": 900.0}), "measures no distance"),
        (
            a_bay(at={"profile": "lot-flat", "address": "x", "capacity": 5, "bay": ""}, period=timedelta(seconds=9)),
            "120 s",
        ),
        (a_bay(at=VIOLATION), 'give sections = ["…"]'),
    ],
)
def test_what_is_wrong_with_an_installation_is_said_with_the_device(device: Device, says: str) -> None:
    (problem,) = problems([device], PROFILES)
    assert problem.startswith("devices.toml device bay-017: ")
    assert says in problem


def test_two_devices_of_one_address_cannot_be_told_apart() -> None:
    (problem,) = problems([a_bay(), a_bay("bay-018", at={"address": EUI.upper()})], PROFILES)
    assert "bay-017 has the same address and key" in problem


def test_a_topic_is_read_in_one_way() -> None:
    one = a_bay(at={"profile": "lot-flat", "address": "city/lots", "key": "a"})
    other = a_bay("bay-018", at={"profile": "lot-envelope", "address": "city/lots", "key": "b"})
    (problem,) = problems([one, other], PROFILES)
    assert "one topic has one profile" in problem


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The shipped town with a bay sensor of its own."""
    town = load_town()
    sensor = a_bay(lots=frozenset({town.lots[0].id}), at={**DISTANCE, "taken_below_mm": 1500.0, "key": '"x"'})
    write_town(replace(town, devices=(*town.devices, sensor)), tmp_path)
    return tmp_path


def test_a_towns_devices_keep_their_installation_in_its_files_and_in_recordings(folder: Path) -> None:
    town = load_town(folder)
    (sensor,) = [device for device in town.devices if device.installed]
    assert sensor.installed == Installation(**DISTANCE, taken_below_mm=1500.0, key='"x"')
    assert decode_town(encode_town(town)) == town
    assert profiles_of(town, str(folder))["dragino-ldds75"].name == "dragino-ldds75"


def test_a_recording_from_before_there_were_profiles_is_still_read() -> None:
    town = load_town()
    old = encode_town(town).replace(b',"installed":null', b"").replace(b'"installed":null,', b"")
    assert b"installed" not in old
    assert decode_town(old) == town


def test_the_service_does_not_start_with_a_device_that_nobody_could_hear(folder: Path) -> None:
    file = folder / "devices.toml"
    file.write_text(file.read_text("utf-8").replace("dragino-ldds75", "dragino-ldds7"), encoding="utf-8")
    with pytest.raises(BadTown, match="no profile 'dragino-ldds7'"):
        profiles_of(load_town(folder), str(folder))


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ('address = "x"\n', "address stands without a profile"),
        ('profile = ""\n', "profile is ''"),
        ('profile = "a-b"\ntaken_below_mm = -1\n', "taken_below_mm is -1"),
        ('profile = "a-b"\ncapacity = 0\n', "capacity is 0"),
        ('profile = "a-b"\nbay = 17\n', "bay is 17"),
    ],
)
def test_words_of_an_installation_are_checked_with_the_town(tmp_path: Path, line: str, says: str) -> None:
    write_town(load_town(), tmp_path)
    file = tmp_path / "devices.toml"
    file.write_text(file.read_text("utf-8").replace('id = "gate-P01"\n', f'id = "gate-P01"\n{line}'), encoding="utf-8")
    with pytest.raises(BadTown, match=says):
        load_town(tmp_path)

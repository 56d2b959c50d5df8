"""Profile files say what they mean, and what is wrong with them is said with its place."""

from pathlib import Path

import pytest

from parking.device_profiles import read_profiles
from parking.domain.errors import BadProfile
from sensors.layout import read_message
from sensors.profile_shapes import Family
from sensors.profiles import parse_profile

HEAD = """
title = "某检测器"
title_en = "Some sensor"
family = "lorawan"
kind = "bay"
codec = "1"
facts = "its manual"
period_s = 3600
"""
GOOD = (
    HEAD
    + """
[meaning]
taken = "occupied"

[[message]]
name = "state"
ports = [1]
fields = [{ name = "occupied", form = "flag" }]
"""
)


def test_a_profile_file_is_all_that_a_new_device_of_a_known_shape_needs(tmp_path: Path) -> None:
    (tmp_path / "profiles").mkdir()
    (tmp_path / "profiles" / "acme-bay7.toml").write_text(GOOD, encoding="utf-8")
    profiles = read_profiles(str(tmp_path))
    assert profiles["acme-bay7"].name == "acme-bay7"
    assert read_message(profiles["acme-bay7"].message, 1, b"\x01") == ("state", {"occupied": True})
    assert set(read_profiles()) == set(profiles) - {"acme-bay7"}


def test_a_towns_own_profile_replaces_the_shipped_one_of_its_name(tmp_path: Path) -> None:
    (tmp_path / "profiles").mkdir()
    (tmp_path / "profiles" / "bosch-tps110.toml").write_text(GOOD, encoding="utf-8")
    assert read_profiles(str(tmp_path))["bosch-tps110"].title_en == "Some sensor"


def test_a_town_without_profiles_has_the_shipped_ones(tmp_path: Path) -> None:
    assert read_profiles(str(tmp_path)) == read_profiles() == read_profiles("fengjie")


def test_every_family_and_each_codec_version_of_one_device_ships() -> None:
    profiles = read_profiles()
    assert {one.family for one in profiles.values()} == set(Family)
    assert profiles["nwave-nps405"].codec != profiles["nwave-nps405-v1"].codec


def test_the_two_codec_versions_of_one_sensor_agree_on_the_state_and_not_on_the_minutes() -> None:
    profiles = read_profiles()
    now, before = (read_message(profiles[name].message, 1, b"\x95")[1] for name in ("nwave-nps405", "nwave-nps405-v1"))
    assert (now["occupied"], now["previous_state_duration"]) == (True, 74)
    assert (before["occupied"], before["previous_state_duration"]) == (True, 21)


@pytest.mark.parametrize("version", ["nwave-nps405", "nwave-nps405-v1"])
def test_a_duration_that_ran_over_has_no_error_and_a_tag_without_car_no_state(version: str) -> None:
    messages = read_profiles()[version].message
    over = read_message(messages, 1, b"\xff")[1]
    assert (over["previous_state_duration"], over["previous_state_duration_overflow"]) == (660, True)
    assert "previous_state_duration_error" not in over
    nobody = read_message(messages, 10, bytes.fromhex("001f345678"))[1]
    assert nobody == {"type": "user_registration", "tag_id": "1F345678"}


@pytest.mark.parametrize("before", ["06", "46"])
def test_a_radar_that_is_not_calibrated_does_not_know_its_bay(before: str) -> None:
    messages = read_profiles()["kkm-las7"].message
    told = read_message(messages, 1, bytes.fromhex(f"6a00000000{before}50"))[1]
    assert "occupied" not in told
    told = read_message(messages, 1, bytes.fromhex("6a000000000150"))[1]
    assert (told["occupied"], told["battery_per"]) == (True, 80)
    assert read_message(messages, 1, bytes.fromhex("6a000000000250"))[1]["occupied"] is None


def wrong(text: str, name: str = "acme-bay7") -> str:
    with pytest.raises(BadProfile) as trouble:
        parse_profile(name, text)
    return str(trouble.value)


@pytest.mark.parametrize(
    ("before", "after", "says"),
    [
        ('family = "lorawan"', "family = ", "line 4"),
        ('family = "lorawan"', 'family = "pigeon"', "$.family"),
        ('kind = "bay"', "", "kind"),
        ("period_s = 3600", "period_s = 0", "$.period_s"),
        ('form = "flag"', 'form = "flagg"', "$.message[0].fields[0].form"),
        ('form = "flag"', 'colour = "red"', "colour"),
        ('taken = "occupied"', 'taken = "ocupied"', "no message tells ocupied"),
        ('taken = "occupied"', "", "kind bay needs taken or distance_mm"),
        ('taken = "occupied"', 'distance_mm = "occupied"', "taken_below_mm"),
        ('taken = "occupied"', 'taken = "occupied"\nbattery = "occupied"\nbattery_full = 0', "battery_empty"),
        ('family = "lorawan"', 'family = "senml"', "needs [[record]] tables"),
        ('family = "lorawan"', 'family = "camera"', "needs a [paths] table"),
    ],
)
def test_what_is_wrong_with_a_profile_is_said_with_file_and_place(before: str, after: str, says: str) -> None:
    assert before in GOOD
    text = wrong(GOOD.replace(before, after))
    assert text.startswith("acme-bay7.toml: ")
    assert says in text


@pytest.mark.parametrize("name", ["Acme-Bay7", "acme", "acme_bay7", "acme-"])
def test_a_profile_is_named_after_vendor_and_device(name: str) -> None:
    assert "vendor-device" in wrong(GOOD, name)


def test_a_file_that_is_no_text_is_named(tmp_path: Path) -> None:
    (tmp_path / "profiles").mkdir()
    (tmp_path / "profiles" / "acme-bay7.toml").write_bytes(b"\xff\xfe")
    with pytest.raises(BadProfile, match=r"acme-bay7\.toml"):
        read_profiles(str(tmp_path))

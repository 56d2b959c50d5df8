"""`parking decode` says what bytes mean, or in one line what to do."""

import json
from pathlib import Path

import pytest
from click.testing import Result
from typer.testing import CliRunner

from parking.cli import app
from tests.makers_wires import PROFILES, THINGS_UP, UP, a_chirpstack_up, a_flat_lot_message, a_things_up


def decode(*words: str, sent: bytes | None = None) -> Result:
    return CliRunner().invoke(app, ["decode", *words], input=sent, env={"COLUMNS": "200"})


def told(*words: str, sent: bytes | None = None) -> dict[str, object]:
    result = decode(*words, "--json", sent=sent)
    assert result.exit_code == 0, result.output
    found: dict[str, object] = json.loads(result.stdout)
    assert set(found) == {"profile", "kind", "readings", "fields"}
    return found


def test_the_list_names_every_profile_once() -> None:
    lines = decode("--list").stdout.splitlines()
    assert [line.split()[0] for line in lines] == list(PROFILES)
    rows = json.loads(decode("--list", "--json").stdout)
    assert [row["profile"] for row in rows] == list(PROFILES)


@pytest.mark.parametrize(
    ("profile", "port", "data", "kind", "reading"),
    [
        ("bosch-tps110", "1", "01", "bay", {"kind": "bay", "taken": True}),
        ("bosch-tps110", "2", "00 ff", "bay", {"kind": "bay", "taken": False}),
        ("nwave-ncc405", "1", "06AA", "counter", {"kind": "counter", "entered": 1706, "left": 0}),
        ("nwave-ncc405", "3", "010d0002", "counter", {"kind": "status", "firmware": "1.13.0"}),
        ("pmx-tcr", "13", "a2140a03e832044c3433", "counter", {"kind": "counter", "entered": 1000, "left": 1100}),
        ("milesight-em310-udl", "85", "01755c03824408040001", "bay", {"kind": "bay", "taken": False}),
    ],
)
def test_bytes_become_readings_and_fields(
    profile: str, port: str, data: str, kind: str, reading: dict[str, object]
) -> None:
    found = told("--profile", profile, "--fport", port, "--hex", data)
    (one,) = found["readings"]  # type: ignore[misc]  # a list, as the wire has it
    assert (found["profile"], found["kind"]) == (profile, kind)
    assert {name: one[name] for name in reading} == reading
    assert found["fields"]


def test_thresholds_can_be_tried_out() -> None:
    words = ("--profile", "milesight-em310-udl", "--fport", "85", "--hex", "03824408")
    (one,) = told(*words, "--taken-below-mm", "2200", "--free-above-mm", "2400")["readings"]  # type: ignore[misc]
    assert one["taken"] is True


def test_a_whole_message_is_read_from_a_file_or_from_standard_input(tmp_path: Path) -> None:
    file = tmp_path / "up.json"
    file.write_bytes(a_chirpstack_up())
    (one,) = told("--profile", "bosch-tps110", "--topic", UP, "--payload", str(file))["readings"]  # type: ignore[misc]
    assert (one["taken"], one["seq"]) == (True, 17)
    (one,) = told("--profile", "bosch-tps110", "--topic", THINGS_UP, "--payload", "-", sent=a_things_up())["readings"]  # type: ignore[misc]
    assert one["taken"]
    (one,) = told("--profile", "lot-flat", "--payload", "-", sent=a_flat_lot_message())["readings"]  # type: ignore[misc]
    assert one["taken"] == 150


@pytest.mark.parametrize(
    ("words", "says"),
    [
        ((), "parking decode --list"),
        (("--profile", "bosch"), "no profile 'bosch'"),
        (("--profile", "bosch-tps110", "--hex", "xyz"), "two digits for each byte"),
        (("--profile", "bosch-tps110", "--hex", "0"), "two digits for each byte"),
        (("--profile", "bosch-tps110"), "there are no bytes"),
        (("--profile", "bosch-tps110", "--fport", "9", "--hex", "00"), "check --fport"),
        (("--profile", "bosch-tps110", "--fport", "3", "--hex", "00"), "check that --hex is whole"),
        (("--profile", "dingtek-do201", "--fport", "3", "--hex", "00"), "check the bytes and the codec version"),
        (("--profile", "milesight-em310-udl", "--fport", "85", "--hex", "0000"), "check the model"),
        (("--profile", "lot-flat", "--hex", "00"), "give --topic and --payload FILE"),
        (("--profile", "bosch-tps110", "--topic", "x", "--payload", "-"), "is no uplink's"),
        (("--profile", "bosch-tps110", "--topic", UP, "--payload", "-"), "json"),
        (("--profile", "bosch-tps110", "--topic", UP, "--payload", "nowhere.json"), "give a file"),
        (("--profile", "bosch-tps110", "--fport", "300", "--hex", "00"), "--fport"),
    ],
)
def test_what_cannot_be_decoded_is_one_line_with_a_remedy_and_exit_code_2(words: tuple[str, ...], says: str) -> None:
    result = decode(*words, sent=b"")
    assert result.exit_code == 2
    assert says in result.stderr
    assert result.stdout == ""


def test_a_town_brings_profiles_of_its_own(tmp_path: Path) -> None:
    (tmp_path / "profiles").mkdir()
    (tmp_path / "profiles" / "acme-bay7.toml").write_text("title = 7", encoding="utf-8")
    result = decode("--list", "--town", str(tmp_path))
    assert result.exit_code == 2
    assert "acme-bay7.toml" in result.stderr

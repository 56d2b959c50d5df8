"""Credentials of devices: given once, taken back, told apart; and cards whose example the service accepts."""

import json
import re
from datetime import UTC, datetime
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from parking.cli import app
from parking.cli_device import card, example
from parking.credentials import Passwords, hashed
from parking.domain.device import DeviceKind
from parking.domain.errors import NotFound
from parking.towns.load import load_town
from sensors.native import Native, Packet

NOW = datetime(2026, 5, 13, 4, tzinfo=UTC)
TOWN = load_town()
MACHINES = [one for one in TOWN.devices if one.kind is not DeviceKind.PERSON]


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "passwords"


def device(file: Path, *words: str) -> Result:
    return CliRunner().invoke(app, ["device", words[0], "--passwords", str(file), *words[1:]], env={"COLUMNS": "200"})


def test_every_cards_example_is_what_the_service_takes_from_that_very_device() -> None:
    native = Native("parking/v1", TOWN.devices, [sign.id for sign in TOWN.signs])
    for one in MACHINES:
        topic = re.search(r"publish +(\S+)", card(one, "x", TOWN, "parking/v1"))
        assert topic
        payload = json.dumps(example(one, NOW)).encode()
        decoded = native.decode([Packet(topic[1], payload, NOW, retained=False)])
        assert decoded.doubts == [], one.id
        assert len(decoded.readings) + len(decoded.shown) == 1


def test_a_password_is_seen_once_and_kept_hashed(file: Path) -> None:
    result = device(file, "add", "gate-P01")
    assert result.exit_code == 0, result.output
    password = re.search(r"password +(\S+)", result.stdout)
    assert password
    assert len(password[1]) >= 40
    text = file.read_text("utf-8")
    assert password[1] not in text
    assert text.startswith("gate-P01:$7$101$")
    assert file.stat().st_mode & 0o777 == 0o600


def test_a_new_password_ends_the_old_one_and_leaves_everybody_else_alone(file: Path) -> None:
    file.write_text("# kept by hand\nparking:$7$101$a$b\n", encoding="utf-8")
    file.chmod(0o644)
    first = device(file, "add", "gate-P01").stdout
    second = device(file, "add", "gate-P01", "gate-P03").stdout
    assert first != second
    lines = file.read_text("utf-8").splitlines()
    assert lines[:2] == ["# kept by hand", "parking:$7$101$a$b"]
    assert [line.partition(":")[0] for line in lines[2:]] == ["gate-P01", "gate-P03"]
    assert file.stat().st_mode & 0o777 == 0o644
    assert [one.name for one in file.parent.iterdir()] == ["passwords"]


def test_who_is_in_no_registry_gets_none_and_nobody_else_does_either(file: Path) -> None:
    result = device(file, "add", "gate-P01", "gate-P99")
    assert isinstance(result.exception, NotFound)
    assert "gate-P99" in str(result.exception)
    assert not file.exists()


def test_all_that_have_none_get_one_and_a_card_each(file: Path, tmp_path: Path) -> None:
    device(file, "add", "gate-P01")
    result = device(file, "add", "--all", "--cards", str(tmp_path / "cards"))
    assert result.exit_code == 0, result.output
    written = {one.stem for one in (tmp_path / "cards").iterdir()}
    assert written == {str(one.id) for one in MACHINES} - {"gate-P01"}
    assert all(one.stat().st_mode & 0o077 == 0 for one in (tmp_path / "cards").iterdir())
    assert "password" not in result.stdout
    again = device(file, "add", "--all")
    assert again.exit_code == 2
    assert "nobody to give one to" in again.output


def test_the_list_tells_who_has_none_and_who_is_unknown(file: Path) -> None:
    Passwords(file).give(["gate-P01", "parking", "old-sensor"])
    found = json.loads(device(file, "list", "--json").stdout)
    assert found["with"] == ["gate-P01"]
    assert found["unknown"] == ["parking", "old-sensor"]
    assert len(found["without"]) == len(MACHINES) - 1
    assert "不在登记表 in no registry (2)" in device(file, "list").stdout


def test_a_credential_is_taken_back_once(file: Path) -> None:
    device(file, "add", "gate-P01", "gate-P03")
    assert device(file, "revoke", "gate-P01").exit_code == 0
    assert Passwords(file).names() == ("gate-P03",)
    assert isinstance(device(file, "revoke", "gate-P01").exception, NotFound)


def test_hashes_have_the_form_that_mosquitto_reads() -> None:
    salt = bytes(range(12))
    assert hashed("secret", salt).startswith("$7$101$AAECAwQFBgcICQoL$")
    assert len(hashed("secret", salt).rsplit("$", 1)[1]) == 88

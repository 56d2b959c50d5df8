"""What an administrator may set, and what he is told when it is wrong."""

from pathlib import Path

import pytest

from parking.domain.errors import BadSettings
from parking.settings import read_settings


@pytest.fixture(autouse=True)
def _nothing_set(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    for name in ("PARKING_CONFIG", "PARKING_PORT", "PARKING_DATABASE_URL", "PARKING_BROKER_URL"):
        monkeypatch.delenv(name, raising=False)


def test_without_a_file_everything_has_a_default_on_loopback() -> None:
    settings = read_settings()
    assert (settings.host, settings.port, settings.run) == ("127.0.0.1", 8080, "live")


def test_the_environment_wins_over_the_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "parking.toml").write_text("port = 1111\nhost = '127.0.0.2'\n[thresholds.signs]\nfull_enter_bays = 3\n")
    monkeypatch.setenv("PARKING_PORT", "2222")
    settings = read_settings()
    assert (settings.port, settings.host, settings.thresholds.signs.full_enter_bays) == (2222, "127.0.0.2", 3)


def test_every_error_is_told_at_once(tmp_path: Path) -> None:
    (tmp_path / "parking.toml").write_text("port = 'x'\nnonsense = 1\n[thresholds.signs]\nrenew_s = 500\nfoo = 1\n")
    with pytest.raises(BadSettings) as told:
        read_settings()
    text = str(told.value)
    assert all(word in text for word in ("port", "nonsense", "thresholds.signs.foo"))


def test_thresholds_that_would_make_signs_flap_are_refused() -> None:
    with pytest.raises(BadSettings, match=r"signs\.full_enter_bays must be below signs\.full_leave_bays"):
        read_settings(thresholds={"signs": {"full_enter_bays": 9}})


def test_a_webhook_without_a_secret_is_refused() -> None:
    with pytest.raises(BadSettings, match="always signed"):
        read_settings(webhook_url="https://police.example/hook")


def test_secrets_are_never_printed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PARKING_DATABASE_URL", "postgresql://parking:hunter2@db/parking")
    assert "hunter2" not in repr(read_settings())
    monkeypatch.setenv("PARKING_PORT", "x")
    with pytest.raises(BadSettings) as told:
        read_settings()
    assert "hunter2" not in str(told.value)


def test_a_named_file_that_is_missing_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PARKING_CONFIG", "nowhere.toml")
    with pytest.raises(BadSettings, match="no such file"):
        read_settings()


def test_a_name_that_is_no_setting_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PARKING_PROT", "8080")
    with pytest.raises(BadSettings, match="PARKING_PROT: no such setting"):
        read_settings()


@pytest.mark.parametrize(
    ("name", "value", "told"),
    [
        ("broker_url", "foo://", "mqtt://host:port"),
        ("database_url", "nonsense", "postgresql://"),
        ("webhook_secret_file", "nowhere", "no such file"),
    ],
)
def test_an_address_nobody_can_reach_is_refused_before_anything_starts(name: str, value: str, told: str) -> None:
    with pytest.raises(BadSettings, match=told):
        read_settings(**{name: value})

"""The files of deploy/ say what the product understands."""

import configparser
import getpass
import os
import re
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import paho.mqtt.client as mqtt
import pytest
import yaml

from parking.settings import ServiceSettings

ROOT = Path(__file__).resolve().parents[2]
DEPLOY = ROOT / "deploy"
KNOWN = {f"PARKING_{name.upper()}" for name in ServiceSettings.model_fields}
BY_FILE = {"PARKING_DATABASE_URL_FILE", "PARKING_BROKER_URL_FILE"}
"""What `deploy/image/entry.sh` reads from secret files."""
BY_COMPOSE = {"PARKING_PUBLISH", "PARKING_PUBLISH_MQTT"}
"""Read by the compose file itself."""


def compose() -> dict[str, Any]:
    """The compose file, parsed."""
    parsed: dict[str, Any] = yaml.safe_load((DEPLOY / "compose.yaml").read_text(encoding="utf-8"))
    return parsed


@pytest.mark.parametrize("name", ["compose.yaml", "systemd/parking.service", "README.md"])
def test_every_setting_that_a_deployment_names_is_one_the_service_knows(name: str) -> None:
    named = set(re.findall(r"PARKING_[A-Z_]+", (DEPLOY / name).read_text(encoding="utf-8")))
    assert named
    assert named <= KNOWN | BY_FILE | BY_COMPOSE


def test_settings_of_the_image_are_ones_the_service_knows() -> None:
    text = (ROOT / "Dockerfile").read_text(encoding="utf-8")
    assert set(re.findall(r"PARKING_[A-Z_]+", text)) <= KNOWN


def test_compose_publishes_on_this_machine_only_and_keeps_passwords_in_files() -> None:
    services = compose()["services"]
    ports = [port for service in services.values() for port in service.get("ports", [])]
    assert ports
    assert all(re.match(r"\$\{\w+:-127\.0\.0\.1:\d+\}:\d+$", port) for port in ports)
    for name, service in services.items():
        values = [str(value) for value in service.get("environment", {}).values()]
        assert not [value for value in values if "://" in value], name


def test_compose_mounts_files_that_exist_and_waits_for_what_it_needs() -> None:
    parsed = compose()
    services = parsed["services"]
    mounted = [volume.split(":")[0] for service in services.values() for volume in service.get("volumes", [])]
    for source in mounted:
        assert (DEPLOY / source).exists() if source.startswith(".") else source in parsed["volumes"], source
    for service in services.values():
        for needed, how in service.get("depends_on", {}).items():
            assert how == {"condition": "service_healthy"}
            assert "healthcheck" in services[needed] or "build" in services[needed]


def test_secrets_are_made_once_and_stay(tmp_path: Path) -> None:
    folder = tmp_path / "secrets"
    make_secrets(folder)
    before = {path.name: path.read_text(encoding="utf-8") for path in folder.iterdir()}
    assert set(before) == {Path(secret["file"]).name for secret in compose()["secrets"].values()}
    make_secrets(folder)
    assert {path.name: path.read_text(encoding="utf-8") for path in folder.iterdir()} == before
    assert folder.stat().st_mode & 0o077 == 0


def make_secrets(folder: Path, *more: str) -> str:
    """Run the script; what it printed."""
    command = [sys.executable, str(DEPLOY / "make_secrets.py"), str(folder), *more]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout.strip()


def test_the_broker_lets_in_who_was_given_a_password_and_nobody_else(tmp_path: Path, mosquitto_path: str) -> None:
    password = make_secrets(tmp_path / "secrets", "--device", "gate-P01")
    port = free_port()
    with production_broker(mosquitto_path, tmp_path, port):
        assert reason_code(port, "gate-P01", password) == "Success"
        assert reason_code(port, "gate-P01", "guessed") == "Not authorized"
        assert reason_code(port, None, None) == "Not authorized"


@contextmanager
def production_broker(mosquitto: str, folder: Path, port: int) -> Iterator["subprocess.Popen[bytes]"]:
    """The shipped configuration on this machine only, its files in `folder`."""
    text = (DEPLOY / "mosquitto" / "mosquitto.conf").read_text(encoding="utf-8")
    places = {
        "listener 1883": f"listener {port} 127.0.0.1",
        "/mosquitto/config/passwords": str(folder / "secrets" / "broker_passwords"),
        "/mosquitto/config/acl": str(DEPLOY / "mosquitto" / "acl"),
        "/mosquitto/data/": f"{folder}/",
    }
    for shipped, here in places.items():
        assert shipped in text
        text = text.replace(shipped, here)
    own_user = f"user {getpass.getuser()}\n"  # it would change to its own user, who may not read this folder
    (folder / "mosquitto.conf").write_text(own_user + text, encoding="utf-8")
    with subprocess.Popen([mosquitto, "-c", str(folder / "mosquitto.conf")], stderr=subprocess.DEVNULL) as broker:
        try:
            yield broker
        finally:
            broker.terminate()


def reason_code(port: int, user: str | None, password: str | None) -> str:
    """What the broker answers to a connection, once it listens."""
    answers: list[str] = []
    client = mqtt.Client(mqtt.CallbackAPIVersion.VERSION2, protocol=mqtt.MQTTv5)
    client.username_pw_set(user, password)
    client.on_connect = lambda _client, _data, _flags, code, _properties: answers.append(str(code))
    patiently(lambda: client.connect("127.0.0.1", port))
    while not answers:
        client.loop(timeout=1.0)
    client.disconnect()
    client.loop(timeout=0.1)
    return answers[0]


def patiently(connect: Callable[[], object]) -> None:
    """Try until somebody listens, at most five seconds."""
    ends = time.monotonic() + 5
    while True:
        try:
            connect()
        except ConnectionRefusedError:
            if time.monotonic() > ends:
                raise
            time.sleep(0.02)
        else:
            return


def free_port() -> int:
    """A port nobody listens on just now."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        return int(taken.getsockname()[1])


class Answers(BaseHTTPRequestHandler):
    """A service that answers /health/live with its server's status."""

    def do_GET(self) -> None:  # the library's own name for it
        assert self.path == "/health/live"
        self.send_response(self.server.status)
        self.end_headers()

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.mark.parametrize(("status", "code"), [(200, 0), (503, 1)])
def test_the_health_check_believes_only_a_good_answer(status: int, code: int) -> None:
    with ThreadingHTTPServer(("127.0.0.1", 0), Answers) as server:
        server.status = status
        thread = Thread(target=server.serve_forever)
        thread.start()
        try:
            assert health_check(server.server_port) == code
        finally:
            server.shutdown()
            thread.join()


def test_the_health_check_fails_where_nobody_answers() -> None:
    assert health_check(free_port()) == 1


def health_check(port: int) -> int:
    """Exit code of the image's health check."""
    command = [sys.executable, str(DEPLOY / "image" / "healthcheck.py")]
    variables = {**os.environ, "PARKING_PORT": str(port)}
    return subprocess.run(command, env=variables, stderr=subprocess.DEVNULL, check=False).returncode


def test_the_unit_restarts_the_service_and_locks_it_in() -> None:
    unit = configparser.ConfigParser(strict=False, interpolation=None)
    unit.optionxform = str
    unit.read(DEPLOY / "systemd" / "parking.service", encoding="utf-8")
    service = unit["Service"]
    assert service["ExecStart"].endswith("/parking serve")
    assert service["User"] != "root"
    assert service["Restart"] == "on-failure"
    assert int(service["TimeoutStopSec"]) > 10, "the service itself needs up to 10 s to end in order"
    assert service["ProtectSystem"] == "strict"

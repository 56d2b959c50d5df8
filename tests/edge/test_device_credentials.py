"""Credentials that `parking device` gives, at the shipped broker configuration on a real mosquitto."""

import json
import signal
import time
from collections.abc import Callable
from pathlib import Path

import paho.mqtt.client as mqtt

from parking.credentials import Passwords
from tests.edge.test_deployment import free_port, patiently, production_broker, reason_code

WAIT_S = 10.0


def connected(port: int, user: str, password: str) -> mqtt.Client:
    client = mqtt.Client(mqtt.CallbackAPIVersion.VERSION2, protocol=mqtt.MQTTv5)
    client.username_pw_set(user, password)
    patiently(lambda: client.connect("127.0.0.1", port))
    client.loop_start()
    return client


def given(folder: Path, *names: str) -> dict[str, str]:
    (folder / "secrets").mkdir()
    return Passwords(folder / "secrets" / "broker_passwords").give(names)


def test_a_revoked_device_is_refused_once_the_broker_has_read_again(tmp_path: Path, mosquitto_path: str) -> None:
    words, port = given(tmp_path, "gate-P01", "gate-P03"), free_port()
    with production_broker(mosquitto_path, tmp_path, port) as broker:
        assert reason_code(port, "gate-P01", words["gate-P01"]) == "Success"
        assert reason_code(port, "gate-P01", words["gate-P03"]) == "Not authorized"
        Passwords(tmp_path / "secrets" / "broker_passwords").take("gate-P01")
        broker.send_signal(signal.SIGHUP)
        ends = time.monotonic() + WAIT_S
        while reason_code(port, "gate-P01", words["gate-P01"]) == "Success":
            assert time.monotonic() < ends
        assert reason_code(port, "gate-P03", words["gate-P03"]) == "Success"


def test_what_a_device_says_below_anothers_name_reaches_nobody(tmp_path: Path, mosquitto_path: str) -> None:
    words, port = given(tmp_path, "parking", "gate-P01", "G07"), free_port()
    heard: list[str] = []
    with production_broker(mosquitto_path, tmp_path, port):
        service = connected(port, "parking", words["parking"])
        service.on_message = lambda _client, _data, message: heard.append(message.topic)
        subscribed: list[int] = []
        service.on_subscribe = lambda _client, _data, mid, _codes, _properties: subscribed.append(mid)
        service.subscribe("parking/#", qos=1)
        wait(lambda: bool(subscribed))
        gate = connected(port, "gate-P01", words["gate-P01"])
        for topic in ("devices/gate-P03/reading", "signs/G07/show", "lots/P01/state", "devices/gate-P01/reading"):
            gate.publish(f"parking/v1/{topic}", json.dumps({}), qos=1)
        wait(lambda: "parking/v1/devices/gate-P01/reading" in heard)
        for client in (service, gate):
            client.disconnect()
            client.loop_stop()
    assert heard == ["parking/v1/devices/gate-P01/reading"]


def wait(until: Callable[[], bool]) -> None:
    ends = time.monotonic() + WAIT_S
    while not until():
        assert time.monotonic() < ends
        time.sleep(0.02)

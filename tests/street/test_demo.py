"""`parking demo` as a newcomer runs it: ready in seconds, alive in a minute, it ends by itself and leaves nothing."""

import asyncio
import json
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import pytest

from parking.broker import open_broker
from tests.edge.wires import Speaker, processes_in
from tests.street.house import END_S, get_json, ready_line

LASTS_S = 45
"""At ×60 three quarters of an hour of street time; 白帝城 is full after about a quarter."""


@contextmanager
def demo(folder: Path, *options: str, **settings: str) -> Iterator["subprocess.Popen[str]"]:
    """The demo with a temporary folder of its own to look into afterwards."""
    folder.mkdir()
    folder.chmod(0o755)
    environment = {name: value for name, value in os.environ.items() if not name.startswith("PARKING_")}
    environment |= {"TMPDIR": str(folder), **settings}
    process = subprocess.Popen(
        [sys.executable, "-m", "parking", "demo", "--port", "0", "--speed", "60", *options],
        env=environment,
        cwd=folder.parent,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    try:
        yield process
    finally:
        if process.poll() is None:
            process.terminate()
        process.communicate(timeout=END_S)


def _is_lively(url: str) -> bool:
    """Every sign has confirmed numbers, a lot is full and its signs say so, a case has been filed."""
    signs = get_json(f"{url}/api/v1/signs")["items"]
    lots = get_json(f"{url}/api/v1/lots")["items"]
    full = {lot["id"] for lot in lots if lot["state"] == "full"}
    confirmed = all(sign["confirmed"] and "--" not in _texts(sign) for sign in signs)
    told = [_texts(sign)[n] for sign in signs for n, panel in enumerate(sign["panels"]) if _names(panel, full)]
    return confirmed and bool(told) and set(told) == {"满"} and bool(get_json(f"{url}/api/v1/cases")["items"])


def _texts(sign: dict[str, Any]) -> list[str]:
    return list(sign["confirmed"]["rows"])


def _names(panel: dict[str, Any], full: set[str]) -> bool:
    return not panel["area"] and len(panel["lots"]) == 1 and panel["lots"][0] in full


def test_the_demo_comes_alive_ends_by_itself_and_leaves_nothing(tmp_path: Path) -> None:
    with asyncio.Runner() as runner:
        context = open_broker(tmp_path / "broker")
        broker = runner.run(context.__aenter__())
        try:
            ear = Speaker(broker.url, "ear")
            ear.listen("parking/demo/signs/+/show")
            with closing(ear), demo(tmp_path / "d", "--for", str(LASTS_S), PARKING_BROKER_URL=broker.url) as process:
                line = ready_line(process)
                assert re.fullmatch(r"ready http://127\.0\.0\.1:\d+ \(\d+\.\d s\)\n", line)
                _wait_until_lively(line.split()[1], process)
                out, errors = process.communicate(timeout=LASTS_S + END_S)
                assert process.returncode == 0, errors
                assert (out, errors) == ("", "")
                last = {message.topic: json.loads(message.payload) for message in ear.heard if message.payload}
        finally:
            runner.run(context.__aexit__(None, None, None))
    assert len(last) == 12
    assert {row["text"] for show in last.values() for row in show["rows"]} == {"--"}
    assert not processes_in(tmp_path / "d")
    assert list((tmp_path / "d").iterdir()) == []


def _wait_until_lively(url: str, process: "subprocess.Popen[str]") -> None:
    while process.poll() is None:
        if _is_lively(url):
            return
        time.sleep(0.5)
    pytest.fail("the demo ended before a lot was full on its signs and a case was filed")


@pytest.mark.parametrize(("after_s", "how"), [(0.9, "SIGINT"), (1.4, "SIGTERM"), (2.2, "SIGINT"), (5.0, "SIGTERM")])
def test_a_signal_at_any_moment_ends_the_demo_and_leaves_nothing(tmp_path: Path, after_s: float, how: str) -> None:
    with demo(tmp_path / "d") as process:
        time.sleep(after_s)
        begun = time.monotonic()
        process.send_signal(signal.Signals[how])
        _, errors = process.communicate(timeout=END_S)
        assert time.monotonic() - begun < END_S
        assert process.returncode in (0, 130, -signal.Signals[how]), errors
        assert "Traceback" not in errors
    assert not processes_in(tmp_path / "d")
    assert list((tmp_path / "d").iterdir()) == []

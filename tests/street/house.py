"""The whole house as a process of its own, for tests that break it from outside."""

import contextlib
import json
import os
import signal
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

READY_S = 30.0
END_S = 10.0


class Service:
    """`parking serve` in a child process; killed and started again at will."""

    def __init__(self, folder: Path, **settings: object) -> None:
        self.folder = folder
        self.settings = {f"PARKING_{name.upper()}": str(value) for name, value in settings.items()}
        self.process: subprocess.Popen[str] | None = None
        self.url = ""

    def start(self, *options: str) -> "Service":
        """Start and wait for `ready`."""
        environment = {**_clean(), "PARKING_DATA": str(self.folder), "PARKING_PORT": "0", **self.settings}
        log = (self.folder.parent / f"{self.folder.name}.log").open("a")
        with log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "parking", "serve", *options],
                env=environment,
                cwd=self.folder.parent,
                stdout=subprocess.PIPE,
                stderr=log,
                text=True,
            )
        self.url = ready_line(self.process).split()[1]
        return self

    def kill(self) -> None:
        """SIGKILL: nothing is put away."""
        assert self.process is not None
        self.process.kill()
        self._reap()

    def stop(self, how: signal.Signals = signal.SIGTERM) -> float:
        """Ask for the end; seconds until it came. The exit code must be 0."""
        assert self.process is not None
        begun = time.monotonic()
        self.process.send_signal(how)
        code = self.process.wait(END_S)
        self._reap()
        assert code == 0, self.log()[-3000:]
        return time.monotonic() - begun

    def log(self) -> str:
        """What it has said so far."""
        return (self.folder.parent / f"{self.folder.name}.log").read_text()

    def _reap(self) -> None:
        if self.process is not None:
            self.process.wait()
            if self.process.stdout is not None:
                self.process.stdout.close()
            self.process = None

    def end(self) -> None:
        """Whatever happened, leave nothing."""
        if self.process is not None:
            self.process.terminate()
            try:
                self.process.wait(END_S)
            except subprocess.TimeoutExpired:
                self.process.kill()
            self._reap()


@contextlib.contextmanager
def service(folder: Path, **settings: object) -> Iterator[Service]:
    """A service that is ended on leaving."""
    folder.mkdir(parents=True, exist_ok=True)
    house = Service(folder, **settings)
    try:
        yield house
    finally:
        house.end()


def ready_line(process: "subprocess.Popen[str]") -> str:
    """The line `ready URL …` of a process; fails when it ends or does not come."""
    assert process.stdout is not None
    begun = time.monotonic()
    while time.monotonic() - begun < READY_S:
        line = process.stdout.readline()
        if line.startswith("ready "):
            return line
        if not line:
            break
    raise AssertionError(f"the process ended or said nothing: code {process.poll()}")


def _clean() -> dict[str, str]:
    """The environment without this product's settings."""
    keep = ("PARKING_REQUIRE_ALL", "PARKING_SHARED", "PARKING_CACHE")
    return {name: value for name, value in os.environ.items() if not name.startswith("PARKING_") or name in keep}


def get_json(url: str) -> Any:  # noqa: ANN401 -- whatever the API says
    """The JSON behind a URL."""
    with urllib.request.urlopen(url, timeout=10) as answer:  # noqa: S310 -- our own address
        return json.load(answer)

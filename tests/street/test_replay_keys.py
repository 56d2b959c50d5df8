"""A recording played on a terminal: each key does what it says, and the terminal is left as it was."""

import os
import pty
import re
import select
import subprocess
import sys
import termios
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from typer.testing import CliRunner

from parking.cli import app

PATIENCE_S = 20.0
LINE = re.compile(r"([▶‖]) 05-02 (\d\d:\d\d:\d\d) ×(\S+) +满 full (\d+)  报警 alerts (\d+)  变字 changes (\d+)  (.+)")


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Half an hour of the holiday and what came after it."""
    written = tmp_path_factory.mktemp("keys") / "holiday.rec"
    words = ["sim", "run", "demo", "--policy", "engine", "--hours", "0.5", "--record", str(written), "--json"]
    assert CliRunner().invoke(app, words).exit_code == 0
    return written


class Terminal:
    """A replay at ×20 behind a terminal."""

    def __init__(self, file: Path) -> None:
        self._ours, self.theirs = pty.openpty()
        self.before = termios.tcgetattr(self.theirs)
        self.process = subprocess.Popen(
            [sys.executable, "-m", "parking", "replay", str(file), "--speed", "20"],
            stdin=self.theirs,
            stderr=self.theirs,
            stdout=subprocess.PIPE,
            text=True,
        )
        self._said = ""

    def press(self, key: str) -> None:
        self._said = ""
        os.write(self._ours, key.encode())

    def until(self, sign: str, after: str = "", before: str = "~", speed: str = "") -> tuple[str, str]:
        """Wait for a status line that plays (▶) or stands (‖), between those times, at that speed."""
        ends = time.monotonic() + PATIENCE_S
        while time.monotonic() < ends:
            if select.select([self._ours], [], [], 0.1)[0]:
                self._said += os.read(self._ours, 65_536).decode(errors="replace")
            for text in self._said.split("\r\x1b[K")[1:]:
                found = LINE.fullmatch(text.strip())
                if found and found[1] == sign and after < found[2] < before and speed in ("", found[3]):
                    return found[2], found[3]
        raise AssertionError(f"no {sign} after {after}: {self._said[-400:]}")

    def close(self) -> None:
        if self.process.poll() is None:
            self.process.kill()
        self.process.communicate()
        os.close(self._ours)
        os.close(self.theirs)


@pytest.fixture
def terminal(file: Path) -> Iterator[Terminal]:
    """One that is ended, whatever happens."""
    opened = Terminal(file)
    yield opened
    opened.close()


def test_play_pause_step_seek_faster_slower_and_quit(terminal: Terminal) -> None:
    assert terminal.until("▶")[1] == "20"
    terminal.press(" ")
    stood, _ = terminal.until("‖")
    terminal.press(".")
    stepped, _ = terminal.until("‖", after=stood)
    assert _seconds(stepped) - _seconds(stood) == 5
    terminal.press("\x1b[C")
    minute, _ = terminal.until("‖", after=stepped)
    assert _seconds(minute) - _seconds(stepped) == 60
    terminal.press("\x1b[D.")
    back, _ = terminal.until("‖", after=stepped, before=minute)
    assert _seconds(back) - _seconds(stepped) == 5
    terminal.press("+")
    terminal.until("‖", speed="60")
    terminal.press("-")
    terminal.until("‖", speed="20")
    terminal.press("\x1b[A")
    later, _ = terminal.until("‖", after=minute)
    assert _seconds(later) - _seconds(stepped) >= 1790
    terminal.press("m")
    terminal.until("‖", speed="max")
    terminal.press("q")
    out, _ = terminal.process.communicate(timeout=PATIENCE_S)
    assert terminal.process.returncode == 0
    assert "相同 · identical" in out
    assert termios.tcgetattr(terminal.theirs) == terminal.before


def _seconds(clock: str) -> int:
    hours, minutes, seconds = map(int, clock.split(":"))
    return 3600 * hours + 60 * minutes + seconds

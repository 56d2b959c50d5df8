"""The keeper: one small process between the service and a broker of its own, so that no broker is ever left behind.

Started as a script with a pipe on standard input: when that pipe closes, however its owner ended, the broker is
stopped. Should the keeper itself be killed, the kernel tells the broker to stop. A broker that dies is started again.
Standard library only, and little of it: it must be up in milliseconds.
"""

import ctypes
import json
import os
import select
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

READY_WAIT_S = 20.0
"""A broker with a large backlog reads its file first."""
STOP_S = ((signal.SIGTERM, 6.0), (signal.SIGKILL, 2.0))
"""It writes its backlog on SIGTERM; a service must end within 10 s."""
POLL_S = 0.01
RESTART_PAUSES_S = (0.05, 0.2, 1.0, 5.0)
PR_SET_PDEATHSIG = 1


class Failed(Exception):
    """The broker cannot run; the text says why."""


class Keeper:
    """Keeps one broker running until standard input closes."""

    def __init__(self, plan: dict[str, Any]) -> None:
        self.plan = plan
        self.child: subprocess.Popen[bytes] | None = None

    def run(self) -> None:
        """Start, say `ready`, and stay until the owner is gone."""
        wake = self._hear_of_deaths()
        try:
            self._start()
            print("ready", flush=True)  # noqa: T201 -- its owner reads it
            self._stay(wake)
        finally:
            self._stop()

    def _hear_of_deaths(self) -> int:
        wake, woken = os.pipe()
        os.set_blocking(wake, False)
        os.set_blocking(woken, False)
        signal.set_wakeup_fd(woken, warn_on_full_buffer=False)
        signal.signal(signal.SIGCHLD, lambda *_: None)
        return wake

    def _start(self) -> None:
        with Path(self.plan["log"]).open("ab") as log:
            self.child = subprocess.Popen(  # noqa: S603 -- as its owner says, no shell
                self.plan["argv"],
                cwd=self.plan["folder"],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                user=self.plan["user"],
                group=self.plan["group"],
                extra_groups=None if self.plan["user"] is None else [],
                umask=0o077,
                preexec_fn=end_with_parent,  # noqa: PLW1509 -- this process has one thread
            )
        self._await_ready(self.child)

    def _await_ready(self, child: "subprocess.Popen[bytes]") -> None:
        ends = time.monotonic() + READY_WAIT_S
        while not answers(self.plan["port"]):
            if child.poll() is not None:
                raise Failed(f"it ended with {child.returncode} while starting; see {self.plan['log']}")
            if time.monotonic() > ends:
                raise Failed(f"it does not answer after {READY_WAIT_S:.0f} s; see {self.plan['log']}")
            if owner_is_gone(POLL_S):
                raise Failed("the owner has gone")
        if child.poll() is not None:
            raise Failed(f"another program answers on port {self.plan['port']}")

    def _stay(self, wake: int) -> None:
        """Return when the owner has gone; a broker that dies meanwhile is started again."""
        failures = 0
        while not owner_is_gone(None, wake):
            if self.child is None or self.child.poll() is None:
                continue
            if owner_is_gone(RESTART_PAUSES_S[min(failures, len(RESTART_PAUSES_S) - 1)]):
                return
            try:
                self._start()
                failures = 0
            except Failed:
                failures += 1
                self._stop()
                signal.raise_signal(signal.SIGCHLD)  # look again after a longer pause

    def _stop(self) -> None:
        if self.child is None:
            return
        for how, wait_s in STOP_S:
            if self.child.poll() is not None:
                return
            self.child.send_signal(how)
            try:
                self.child.wait(wait_s)
            except subprocess.TimeoutExpired:
                continue


def answers(port: int) -> bool:
    """Whether somebody accepts connections there."""
    try:
        with socket.create_connection(("127.0.0.1", port), timeout=0.2):
            return True
    except OSError:
        return False


def end_with_parent() -> None:
    """In the new child, after its change of user: SIGTERM when the keeper dies, whatever killed it."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)


def owner_is_gone(wait_s: float | None, wake: int | None = None) -> bool:
    """Whether standard input has closed; waits at most that long, or until `wake` can be read."""
    ready, _, _ = select.select([0] if wake is None else [0, wake], [], [], wait_s)
    if wake in ready:
        os.read(wake or 0, 64)
    return 0 in ready and os.read(0, 64) == b""


def main() -> int:
    """Run as told by the JSON document that is the one argument."""
    for quiet in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(quiet, lambda *_: None)  # the owner ends first and needs its broker until then
    try:
        Keeper(json.loads(sys.argv[1])).run()
    except Failed as trouble:
        print(trouble, flush=True)  # noqa: T201 -- its owner reads it
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())

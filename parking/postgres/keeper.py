"""The keeper: one small process between the service and its embedded PostgreSQL, which must not outlive it.

It is started as a script with a pipe on standard input and stops PostgreSQL when that pipe closes, however its owner
ended. Should the keeper itself be killed, the kernel tells PostgreSQL to stop. A PostgreSQL that dies is started again.
Standard library only, and little of it: it must be up in milliseconds.
"""

import contextlib
import ctypes
import fcntl
import json
import os
import select
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

LOCK_WAIT_S = 15.0
"""A former keeper may still be stopping its server; longer than it may take to (`STOP_S` together)."""
OWNER_WAIT_S = 2.0
"""… but a folder whose owner is alive after this is in use, and will be."""
ORPHAN_WAIT_S = 10.0
STOP_S = ((signal.SIGINT, 6.0), (signal.SIGQUIT, 2.0), (signal.SIGKILL, 1.0))
"""How PostgreSQL is asked to stop, ever less politely, and how long each may take: under 10 s together."""
READY_WAIT_S = 60.0
"""Recovery of a large log after a crash may take this long."""
POLL_S = 0.005
RESTART_PAUSES_S = (0.05, 0.2, 1.0, 5.0)
PR_SET_PDEATHSIG = 1


class Failed(Exception):
    """The server cannot run; the text says why and what to do."""


class Keeper:
    """Keeps one data folder's server running until standard input closes."""

    def __init__(self, plan: dict[str, Any]) -> None:
        self.folder = Path(plan["folder"])
        self.data = self.folder / "data"
        self.argv: list[str] = plan["argv"]
        self.user: int | None = plan["user"]
        self.group: int | None = plan["group"]
        self.child: subprocess.Popen[bytes] | None = None

    def run(self) -> None:
        """Hold the folder, start, say `ready`, and stay until the owner is gone."""
        lock = self._lock()
        try:
            self._clear_remains()
            self._start()
            tell_owner("ready")
            self._stay()
        finally:
            self._stop()
            os.close(lock)

    def _lock(self) -> int:
        lock = os.open(self.folder / "keeper.lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        began = time.monotonic()
        while not has_lock(lock):
            waited_s = time.monotonic() - began
            holder = os.pread(lock, 32, 0).decode()
            if waited_s > (OWNER_WAIT_S if is_alive(holder) else LOCK_WAIT_S):
                raise Failed(f"{self.folder} is in use by process {holder}; stop it first")
            if owner_is_gone(0.02):
                raise Failed("the owner has gone")
        os.ftruncate(lock, 0)
        os.pwrite(lock, str(os.getppid()).encode(), 0)
        return lock

    def _clear_remains(self) -> None:
        """After a kill: end what still runs in the data folder and make its pid file harmless.

        The pid in it may by now belong to somebody else; PostgreSQL ignores its parent's, so ours is written there.
        The rest of the file stays: by it PostgreSQL finds shared memory that is still in use.
        """
        pid_file = self.data / "postmaster.pid"
        if not pid_file.exists() or not Path("/proc/self").exists():
            return
        first, _, rest = pid_file.read_text().partition("\n")
        self._end_orphans()
        if not first.isdecimal():
            pid_file.unlink()  # killed while writing it
        elif pid_file.exists():
            pid_file.write_text(f"{os.getpid()}\n{rest}")

    def _end_orphans(self) -> None:
        ends = time.monotonic() + ORPHAN_WAIT_S
        how = signal.SIGINT
        while remains := self._still_there():
            for pid in remains:
                with contextlib.suppress(ProcessLookupError):
                    os.kill(pid, how)
            if time.monotonic() > ends:
                how = signal.SIGKILL
            if owner_is_gone(0.02):
                raise Failed("the owner has gone")

    def _still_there(self) -> list[int]:
        """Every process of PostgreSQL works in its data folder: that tells it from a stranger of the same number."""
        here = self.data.resolve()
        found = []
        for entry in Path("/proc").iterdir():
            try:
                if entry.name.isdecimal() and (entry / "cwd").readlink() == here:
                    found.append(int(entry.name))
            except OSError:  # ended meanwhile, or another user's
                continue
        return found

    def _start(self) -> None:
        with (self.folder / "postgres.log").open("ab") as log:
            self.child = subprocess.Popen(  # noqa: S603 -- the owner's command, no shell
                self.argv,
                cwd=self.data,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                user=self.user,
                group=self.group,
                extra_groups=None if self.user is None else [],
                umask=0o077,
                preexec_fn=end_with_parent,  # noqa: PLW1509 -- this process has one thread
            )
        self._await_ready(self.child)

    def _await_ready(self, child: "subprocess.Popen[bytes]") -> None:
        ends = time.monotonic() + READY_WAIT_S
        while not self._is_ready(child.pid):
            if child.poll() is not None:
                raise Failed(f"PostgreSQL ended with {child.returncode} while starting")
            if time.monotonic() > ends:
                raise Failed(f"PostgreSQL was not ready after {READY_WAIT_S:.0f} s")
            if owner_is_gone(POLL_S):
                raise Failed("the owner has gone")

    def _is_ready(self, pid: int) -> bool:
        try:
            lines = (self.data / "postmaster.pid").read_text().split("\n")
        except FileNotFoundError:
            return False
        return len(lines) > 7 and lines[0] == str(pid) and lines[7].strip() == "ready"

    def _stay(self) -> None:
        """Return when the owner has gone; a server that dies meanwhile is started again."""
        wake, woken = os.pipe()
        os.set_blocking(woken, False)
        signal.set_wakeup_fd(woken)
        signal.signal(signal.SIGCHLD, lambda *_: None)
        failures = 0
        while not owner_is_gone(None, wake):
            os.read(wake, 64)
            if self.child is None or self.child.poll() is None:
                continue
            failures = self._start_again(failures)

    def _start_again(self, failures: int) -> int:
        while not owner_is_gone(RESTART_PAUSES_S[min(failures, len(RESTART_PAUSES_S) - 1)]):
            try:
                self._clear_remains()
                self._start()
            except Failed:
                failures += 1
            else:
                return 0
        return failures

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


def has_lock(lock: int) -> bool:
    """Whether the lock is ours now."""
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def is_alive(pid: str) -> bool:
    """Whether there is such a process; nobody has written a pid yet: none."""
    try:
        os.kill(int(pid), 0)
    except PermissionError:
        return True
    except (ProcessLookupError, ValueError):
        return False
    return True


def end_with_parent() -> None:
    """In the new child, after its change of user: SIGINT (fast shutdown) when the keeper dies, whatever killed it."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGINT)


def owner_is_gone(wait_s: float | None, wake: int | None = None) -> bool:
    """Whether standard input has closed; waits at most that long, or until `wake` can be read."""
    ready, _, _ = select.select([0] if wake is None else [0, wake], [], [], wait_s)
    return 0 in ready and os.read(0, 64) == b""


def tell_owner(line: str) -> None:
    """One line on standard output; an owner that has gone needs none."""
    with contextlib.suppress(BrokenPipeError):
        os.write(1, f"{line}\n".encode())


def main() -> int:
    """Run as told by the JSON document that is the one argument."""
    for quiet in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(quiet, lambda *_: None)  # the owner ends first and needs its store until then
    plan = json.loads(sys.argv[1])
    try:
        Keeper(plan).run()
    except Failed as trouble:
        tell_owner(str(trouble))
        return 1
    finally:
        if plan["socket_folder"] is not None and Path(plan["socket_folder"]).is_dir():
            Path(plan["socket_folder"]).rmdir()
    return 0


if __name__ == "__main__":
    sys.exit(main())

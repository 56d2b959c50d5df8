"""Makes the secret files that `compose.yaml` reads: new random passwords, never overwriting what is there.

    python3 deploy/make_secrets.py [FOLDER] [--device NAME]

`--device` adds (or renews) the broker credential of one device, gateway or sign and prints its password once.
Standard library only: it runs before anything is installed.
"""

import argparse
import base64
import hashlib
import os
import secrets
import sys
from pathlib import Path

ROUNDS = 101
"""What mosquitto's own `mosquitto_passwd` takes; the passwords are random, so guessing is no threat."""

SERVICE = "parking"
"""The service's own name at the broker and the database; `mosquitto/acl` knows it."""


def hashed(password: str, salt: bytes) -> str:
    """A password in mosquitto's format 7: PBKDF2 with SHA-512."""
    digest = hashlib.pbkdf2_hmac("sha512", password.encode(), salt, ROUNDS)
    return f"$7${ROUNDS}${base64.b64encode(salt).decode()}${base64.b64encode(digest).decode()}"


def new_password() -> str:
    """43 characters that need no escaping in a URL."""
    return secrets.token_urlsafe(32)


def write(path: Path, text: str) -> None:
    """The file is readable by the container's own user; the folder around it only by its owner."""
    path.write_text(text, encoding="utf-8")
    path.chmod(0o644)


def add_user(folder: Path, name: str) -> str:
    """Put a user with a new password among the broker's; returns the password."""
    path = folder / "broker_passwords"
    others = path.read_text(encoding="utf-8").splitlines() if path.exists() else []
    password = new_password()
    kept = [line for line in others if not line.startswith(f"{name}:")]
    write(path, "\n".join([*kept, f"{name}:{hashed(password, os.urandom(12))}", ""]))
    return password


def make_all(folder: Path) -> None:
    """Every secret that is not there yet."""
    if not (folder / "database_url").exists():
        password = new_password()
        write(folder / "database_password", password)
        write(folder / "database_url", f"postgresql://{SERVICE}:{password}@database:5432/parking")
    if not (folder / "broker_url").exists():
        write(folder / "broker_url", f"mqtt://{SERVICE}:{add_user(folder, SERVICE)}@broker:1883")


def main() -> int:
    """Make what is missing, or one device's credential."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("folder", type=Path, nargs="?", default=Path(__file__).parent / "secrets")
    parser.add_argument("--device", metavar="NAME")
    chosen = parser.parse_args()
    chosen.folder.mkdir(mode=0o700, exist_ok=True)
    make_all(chosen.folder)
    if chosen.device:
        print(add_user(chosen.folder, chosen.device))
    return 0


if __name__ == "__main__":
    sys.exit(main())

"""What is shipped is whole, and every step of the image runs here without a container."""

import os
import re
import subprocess
import sys
import sysconfig
import zipfile
from hashlib import sha256
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PACKAGES = ("parking", "sensors", "forecast", "signage", "sim")
IMAGE = ROOT / "deploy" / "image"
LONG_S = 120
"""Nothing here takes a tenth of it; past it a step hangs."""


def run(*command: object, cwd: Path = ROOT, **variables: str) -> str:
    """Output of a command that must succeed."""
    done = subprocess.run(
        [str(word) for word in command],
        cwd=cwd,
        env={**os.environ, **variables},
        capture_output=True,
        text=True,
        timeout=LONG_S,
        check=False,
    )
    assert done.returncode == 0, f"{command}: {done.stdout}\n{done.stderr}"
    return done.stdout


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The package, built and installed by the image's own script beside the libraries of this environment."""
    prefix = tmp_path_factory.mktemp("image") / "parking"
    run(sys.executable, "-m", "venv", "--without-pip", prefix)
    libraries = site_packages(prefix) / "libraries.pth"
    libraries.write_text(sysconfig.get_paths()["purelib"] + "\n", encoding="utf-8")
    run(IMAGE / "package.sh", prefix, sys.executable)
    return prefix


def site_packages(prefix: Path) -> Path:
    """Where an environment keeps its packages."""
    return next((prefix / "lib").glob("python*/site-packages"))


def source_files() -> set[str]:
    """Every file of the five packages, as the wheel names it."""
    files = (path for package in PACKAGES for path in (ROOT / package).rglob("*") if path.is_file())
    return {str(path.relative_to(ROOT)) for path in files if "__pycache__" not in path.parts}


def test_the_wheel_carries_every_file_of_the_five_packages_and_the_licence(tmp_path: Path) -> None:
    run(sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", tmp_path)
    (wheel,) = tmp_path.glob("*.whl")
    with zipfile.ZipFile(wheel) as packed:
        names = set(packed.namelist())
        entry_points = next(name for name in names if name.endswith("entry_points.txt"))
        assert "parking = parking.__main__:main" in packed.read(entry_points).decode()
    assert source_files() <= names
    assert any(name.endswith("licenses/LICENSE") for name in names)
    assert {name.split("/")[0] for name in names if ".dist-info" not in name} == set(PACKAGES)


def test_what_is_installed_runs_far_from_the_source(installed: Path, tmp_path: Path) -> None:
    program = f"import {','.join(PACKAGES)}; print(parking.__file__)"
    where = run(installed / "bin" / "python", "-c", program, cwd=tmp_path).strip()
    assert Path(where).is_relative_to(installed)
    assert "demo" in run(installed / "bin" / "parking", "--help", cwd=tmp_path)


def test_the_image_hands_secret_files_to_the_program_as_settings(tmp_path: Path) -> None:
    secret = tmp_path / "broker_url"
    secret.write_text("mqtt://broker", encoding="utf-8")
    shown = tmp_path / "parking"
    shown.write_text('#!/bin/sh\necho "$PARKING_BROKER_URL ${PARKING_BROKER_URL_FILE-unset} $*"\n', encoding="utf-8")
    shown.chmod(0o755)
    path = f"{tmp_path}:{os.environ['PATH']}"
    said = run(IMAGE / "entry.sh", "serve", "--neutral", PATH=path, PARKING_BROKER_URL_FILE=str(secret))
    assert said == "mqtt://broker unset serve --neutral\n"


def test_dependencies_come_by_hash_or_not_at_all(tmp_path: Path) -> None:
    wheel = a_wheel(tmp_path / "wheels")
    lock = tmp_path / "tiny.lock"
    offline = {"PIP_NO_INDEX": "1", "PIP_FIND_LINKS": str(wheel.parent), "PYTHON": sys.executable}
    lock.write_text(f"tiny==1.0 --hash=sha256:{sha256(wheel.read_bytes()).hexdigest()}\n", encoding="utf-8")
    prefix = tmp_path / "prefix"
    run(IMAGE / "dependencies.sh", prefix, lock, **offline)
    assert (site_packages(prefix) / "tiny" / "__init__.py").exists()
    assert not (site_packages(prefix) / "tiny" / "tests").exists()

    lock.write_text(f"tiny==1.0 --hash=sha256:{'0' * 64}\n", encoding="utf-8")
    with pytest.raises(AssertionError, match="THESE PACKAGES DO NOT MATCH THE HASHES"):
        run(IMAGE / "dependencies.sh", prefix, lock, PIP_FORCE_REINSTALL="1", **offline)


def a_wheel(folder: Path) -> Path:
    """A library of one module and a test suite nobody needs at run time."""
    folder.mkdir()
    wheel = folder / "tiny-1.0-py3-none-any.whl"
    with zipfile.ZipFile(wheel, "w") as packed:
        packed.writestr("tiny/__init__.py", "")
        packed.writestr("tiny/tests/__init__.py", "")
        packed.writestr("tiny-1.0.dist-info/METADATA", "Metadata-Version: 2.1\nName: tiny\nVersion: 1.0\n")
        packed.writestr("tiny-1.0.dist-info/WHEEL", "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n")
        packed.writestr("tiny-1.0.dist-info/RECORD", "")
    return wheel


def test_the_image_has_an_account_and_a_data_folder_of_its_own(tmp_path: Path) -> None:
    (tmp_path / "etc").mkdir()
    for name in ("passwd", "group"):
        (tmp_path / "etc" / name).write_text("root:x:0:0::/root:/bin/sh\n", encoding="utf-8")
    for _ in range(2):
        run(IMAGE / "user.sh", tmp_path)
    accounts = (tmp_path / "etc" / "passwd").read_text(encoding="utf-8").splitlines()
    assert [line.split(":")[2] for line in accounts] == ["0", "10001"]
    assert (tmp_path / "var" / "lib" / "parking").stat().st_mode & 0o077 == 0o050


def test_every_line_of_the_dockerfile_names_something_that_exists() -> None:
    text = (ROOT / "Dockerfile").read_text(encoding="utf-8")
    scripts = re.findall(r"^RUN (?:/tmp/)?(\S+)", text, re.MULTILINE)
    assert scripts == ["deploy/image/dependencies.sh", "deploy/image/package.sh", "user.sh"]
    copied = [line.split()[1:-1] for line in text.splitlines() if line.startswith("COPY") and "--from" not in line]
    for name in (name for names in copied for name in names):
        assert (ROOT / name).exists(), name
    for script in IMAGE.glob("*.sh"):
        assert os.access(script, os.X_OK), script
    assert re.search(r"^USER parking$", text, re.MULTILINE)
    assert re.search(r"^HEALTHCHECK .*/opt/parking/healthcheck\.py", text, re.MULTILINE)


def test_what_the_wheel_is_made_of_reaches_the_image_build() -> None:
    lines = (ROOT / ".dockerignore").read_text(encoding="utf-8").splitlines()
    let_in = {line[1:] for line in lines if line.startswith("!")}
    assert let_in >= {*PACKAGES, "pyproject.toml", "README.md", "LICENSE", "requirements", "deploy/image"}
    assert all((ROOT / name).exists() for name in let_in)

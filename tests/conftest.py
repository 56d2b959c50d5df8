"""What tests share: where things are that a machine may or may not have."""

import os
import shutil
from pathlib import Path

import pytest
from hypothesis import settings

REQUIRE_ALL = os.environ.get("PARKING_REQUIRE_ALL") == "1"
"""Where everything is installed, a missing part is a failure, never a skip."""

settings.register_profile("everyone", deadline=None)
settings.register_profile("ci", settings.get_profile("everyone"), derandomize=True)
settings.load_profile("ci" if os.environ.get("CI") else "everyone")
"""A landing is judged on the same examples each time; whoever works here meets new ones with every run."""

ROOT = Path(__file__).resolve().parent.parent


def missing(what: str) -> None:
    """Skip for want of `what`, or fail where everything is required."""
    if REQUIRE_ALL:
        pytest.fail(f"{what} is missing and PARKING_REQUIRE_ALL=1; .ci/run installs it")
    pytest.skip(f"{what} is missing")


@pytest.fixture(scope="session")
def mosquitto_path() -> str:
    """An installed mosquitto."""
    found = shutil.which("mosquitto") or shutil.which("mosquitto", path="/usr/sbin:/usr/local/sbin")
    if found is None:
        missing("mosquitto")
    return str(found)


@pytest.fixture(scope="session")
def chromium_path() -> str:
    """An installed Chromium or Chrome."""
    names = ("chromium", "chromium-browser", "google-chrome")
    found = next((path for path in map(shutil.which, names) if path), None)
    if found is None:
        missing("chromium")
    return str(found)


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder of other people's data and schemas."""
    folder = Path(os.environ.get("PARKING_SHARED", ROOT.parent / "shared"))
    if not folder.is_dir():
        missing(f"the shared data folder {folder}")
    return folder

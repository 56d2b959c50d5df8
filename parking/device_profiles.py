"""EDGE. Device profiles from their files: those that ship with the package, and a town's own beside its registry."""

from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Final

from parking.domain.errors import BadProfile, BadTown
from parking.domain.town import Town
from sensors.dispatch import Dispatch
from sensors.native import Native
from sensors.profile_shapes import Profile
from sensors.profiles import parse_profile
from sensors.routes import problems

FOLDER: Final = "profiles"
ENDING: Final = ".toml"


def read_profiles(town: str = "") -> dict[str, Profile]:
    """All profiles by name; a file in the town's folder `profiles` replaces the shipped one of its name.

    Raises:
        BadProfile: with the file, the place and what to do.
    """
    own = Path(town) / FOLDER
    folders: list[Traversable | Path] = [files("sensors") / FOLDER, *([own] if town and own.is_dir() else [])]
    return {name: parse_profile(name, text) for folder in folders for name, text in _texts(folder)}


def profiles_of(town: Town, folder: str) -> dict[str, Profile]:
    """The profiles of that town's devices.

    Raises:
        BadProfile: a file is wrong.
        BadTown: with everything that is wrong with the installations.
    """
    profiles = read_profiles(folder)
    if found := problems(town.devices, profiles):
        raise BadTown(tuple(found))
    return profiles


def dispatch_of(town: Town, folder: str, root: str) -> Dispatch:
    """The decoder of everything that this town's devices and signs say. Raises BadProfile and BadTown."""
    native = Native(root, town.devices, (sign.id for sign in town.signs))
    return Dispatch(native, root, town.devices, profiles_of(town, folder))


def _texts(folder: Traversable | Path) -> list[tuple[str, str]]:
    found = sorted((one for one in folder.iterdir() if one.name.endswith(ENDING)), key=lambda one: one.name)
    texts = []
    for one in found:
        try:
            texts.append((one.name.removesuffix(ENDING), one.read_text(encoding="utf-8")))
        except UnicodeDecodeError as trouble:
            raise BadProfile(f"{one.name}: is not UTF-8; save it as UTF-8") from trouble
    return texts

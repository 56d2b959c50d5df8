"""Do the locks fit `pyproject.toml`? Exit code 1 with every misfit; `make lock` mends them."""

import re
import sys
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).resolve().parent.parent
LOCKS = ROOT / "requirements"

ENTRY = re.compile(r"^(?P<name>[A-Za-z0-9._-]+)==(?P<version>[^\s;\\]+)", re.MULTILINE)
HOST = re.compile(r"://|--(?:extra-)?index-url|--find-links|--trusted-host|\bfile:")


@dataclass(frozen=True, slots=True)
class Lock:
    """One lock file: pinned versions by canonical name, and what is wrong with its text."""

    name: str
    versions: Mapping[str, str]
    problems: tuple[str, ...]


def read_lock(path: Path) -> Lock:
    """The lock as pins; a pin without a hash, or a registry's host, is a problem."""
    text = path.read_text(encoding="utf-8")
    entries = list(ENTRY.finditer(text))
    ends = [entry.start() for entry in entries[1:]] + [len(text)]
    unhashed = [
        f"{path.name}: {entry['name']} has no sha256"
        for entry, end in zip(entries, ends, strict=True)
        if "--hash=sha256:" not in text[entry.end() : end]
    ]
    hosts = [f"{path.name}: names a package host: {found.group()}" for found in HOST.finditer(text)]
    versions: dict[str, str] = {canonicalize_name(entry["name"]): entry["version"] for entry in entries}
    return Lock(path.name, versions, (*unhashed, *hosts))


def misfits(lock: Lock, wanted: list[str]) -> Iterator[str]:
    """What `wanted` asks for and the lock does not give."""
    for requirement in map(Requirement, wanted):
        version = lock.versions.get(canonicalize_name(requirement.name))
        if version is None:
            yield f"{lock.name}: {requirement} is missing"
        elif version not in requirement.specifier:
            yield f"{lock.name}: {requirement.name}=={version} does not fit {requirement}"


def disagreements(one: Lock, other: Lock) -> Iterator[str]:
    """Packages that both pin, at different versions: then they cannot be installed together."""
    for name in sorted(one.versions.keys() & other.versions.keys()):
        if one.versions[name] != other.versions[name]:
            yield f"{name}: {one.name} has {one.versions[name]}, {other.name} has {other.versions[name]}"


def problems() -> list[str]:
    """Everything that is wrong, in a stable order."""
    about = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    names = ("runtime", "fast", "dev", "sumo", "build")
    runtime, fast, dev, sumo, build = (read_lock(LOCKS / f"{name}.lock") for name in names)
    wanted = about["project"]["dependencies"]
    backend = about["build-system"]["requires"]
    group = about["dependency-groups"]["build"]
    extras = about["project"]["optional-dependencies"]
    return [
        *(problem for lock in (runtime, fast, dev, sumo, build) for problem in lock.problems),
        *misfits(runtime, wanted),
        *misfits(fast, wanted + extras["fast"]),
        *misfits(dev, wanted + extras["fast"] + extras["plot"] + extras["dev"]),
        *misfits(sumo, wanted + extras["fast"] + extras["sumo"]),
        *misfits(build, backend + group),
        *(f"{name}: in runtime.lock but not in dev.lock" for name in sorted(runtime.versions.keys() - dev.versions)),
        *(f"{name}: in runtime.lock but not in fast.lock" for name in sorted(runtime.versions.keys() - fast.versions)),
        *disagreements(runtime, fast),
        *disagreements(fast, dev),
        *disagreements(dev, sumo),
        *disagreements(build, fast),
        *disagreements(build, dev),
        *disagreements(build, sumo),
    ]


def main() -> int:
    """Print every misfit."""
    found = problems()
    for problem in found:
        print(problem, file=sys.stderr)
    if found:
        print("run `make lock`", file=sys.stderr)
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())

"""Rules of the house that no linter knows: size, clocks, chance, tasks, layout, what never enters the repository."""

import ast
import re
import subprocess
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PACKAGES = ("parking", "sensors", "forecast", "signage", "sim")
LONGEST = 300
"""Lines of a Python file: one idea each."""

CLOCKS = {"parking/streetclock.py", "sim/__main__.py"}
"""Where machine time becomes street time: the service, and the street started alone. Others are told the time."""
TELLS_TIME = {"datetime.now", "datetime.utcnow", "datetime.today", "date.today", "time.time", "time.time_ns"}
FORBIDDEN_MODULES = {"pickle", "cPickle", "shelve", "marshal", "dill"}
"""Stored state is read back from disks and networks: it must be data, never code."""

MACHINE_PATH = re.compile(r"(?<![\w.~$}\-])/(?:work|root|Users|home/\w+)/[\w.]")
PACKAGE_HOST = re.compile(
    r"https?://[^\s\"')]*(?:/simple/|registry\.)|pypi\.org|pythonhosted\.org|npmjs\.(?:org|com)|deb\.debian\.org"
)
UNFINISHED = re.compile(r"\b(?:TO[D]O|FIX[M]E|XX[X])\b|^(?:<{7}|>{7}) ", re.MULTILINE)
WORDS_OF_OTHERS = ("LICENSE", "static/vendor/", ".lock", "package-lock.json")
"""Texts that are not ours to write."""


@cache
def tracked() -> tuple[Path, ...]:
    """Files of the repository, in a stable order; of the folder where there is no repository."""
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=False)
    names = listed.stdout.split("\0") if listed.returncode == 0 else map(str, ROOT.rglob("*.py"))
    paths = (ROOT / name for name in names if name)
    return tuple(sorted(path for path in paths if path.is_file() and ".venv" not in path.parts))


def python_files(*folders: str) -> list[Path]:
    """Tracked Python files below these folders, all when none is named."""
    of = [path for path in tracked() if path.suffix == ".py"]
    return [path for path in of if not folders or path.relative_to(ROOT).parts[0] in folders]


def name(path: Path) -> str:
    """A path as people name it."""
    return path.relative_to(ROOT).as_posix()


@cache
def tree(path: Path) -> ast.Module:
    """A file, parsed."""
    return ast.parse(path.read_text(encoding="utf-8"))


def calls(path: Path) -> Iterator[tuple[str, ast.Call]]:
    """Calls in a file, each with the dotted text that is called."""
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute | ast.Name):
            yield ast.unparse(node.func), node


def imports(path: Path) -> set[str]:
    """Top-level names of absolute imports."""
    found: set[str] = set()
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found.add(node.module)
    return found


def test_no_file_is_longer_than_one_idea() -> None:
    lengths = {name(path): path.read_text(encoding="utf-8").count("\n") for path in python_files()}
    assert {path: lines for path, lines in lengths.items() if lines > LONGEST} == {}


def test_the_top_level_packages_are_the_five_of_the_house() -> None:
    marked = {path.relative_to(ROOT).parts[0] for path in python_files() if path.name == "__init__.py"}
    assert marked - {"bench", "tests", "tools"} == set(PACKAGES)


def test_the_ground_needs_nothing_but_the_standard_library() -> None:
    allowed = {*sys.stdlib_module_names, "parking"}
    for path in (file for file in python_files("parking") if "domain" in file.parts):
        assert {module.split(".")[0] for module in imports(path)} <= allowed, name(path)
        assert not [module for module in imports(path) if module.startswith("parking") and ".domain" not in module]


def test_nobody_looks_at_the_clock_but_the_clock() -> None:
    looks = [
        f"{name(path)}:{call.lineno} {called}"
        for path in python_files(*PACKAGES)
        if name(path) not in CLOCKS
        for called, call in calls(path)
        if ".".join(called.split(".")[-2:]) in TELLS_TIME
    ]
    assert looks == []


def test_chance_comes_from_a_seed() -> None:
    unseeded = [
        f"{name(path)}:{call.lineno} {called}"
        for path in python_files(*PACKAGES)
        for called, call in calls(path)
        if (called.endswith(("default_rng", "Random", "SeedSequence")) and not (call.args or call.keywords))
        or (called.startswith("random.") and not called.endswith("Random"))
    ]
    assert unseeded == []


def test_stored_state_is_data_and_never_code() -> None:
    guilty = {name(path): imports(path) & FORBIDDEN_MODULES for path in python_files()}
    assert {path: modules for path, modules in guilty.items() if modules} == {}


def owners(path: Path) -> set[str]:
    """Names that a file gives to task groups."""
    found: set[str] = set()
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.AsyncWith):
            groups = (item for item in node.items if "TaskGroup" in ast.unparse(item.context_expr))
            found |= {ast.unparse(item.optional_vars) for item in groups if item.optional_vars}
        elif isinstance(node, ast.arg) and node.annotation and "TaskGroup" in ast.unparse(node.annotation):
            found.add(node.arg)
    return found


def awaited(path: Path) -> set[str]:
    """Names and attributes that keep a task which the same file awaits."""
    awaits = [ast.unparse(node.value) for node in ast.walk(tree(path)) if isinstance(node, ast.Await)]
    kept = (
        node for node in ast.walk(tree(path)) if isinstance(node, ast.Assign) and "create_task" in ast.unparse(node)
    )
    names = {ast.unparse(node.targets[0]) for node in kept}
    return {one for one in names if any(one in text for text in awaits)}


def holder(path: Path, call: ast.Call) -> str:
    """The name that a call's result is assigned to; empty when it is dropped."""
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Assign) and node.value is call:
            return ast.unparse(node.targets[0])
    return ""


def test_every_task_has_an_owner() -> None:
    stray = [
        f"{name(path)}:{call.lineno} {called}"
        for path in python_files(*PACKAGES)
        for called, call in calls(path)
        if called.endswith(("create_task", "ensure_future"))
        and called.removesuffix(".create_task") not in owners(path)
        and holder(path, call) not in awaited(path)
    ]
    assert stray == []


def our_texts() -> Iterator[tuple[str, str]]:
    """Tracked text files of our own writing, by name."""
    for path in tracked():
        if any(part in name(path) for part in WORDS_OF_OTHERS):
            continue
        try:
            yield name(path), path.read_text(encoding="utf-8")
        except UnicodeDecodeError:
            continue  # a picture


def test_the_repository_names_no_machine_no_package_host_and_nothing_unfinished() -> None:
    found = [
        f"{file}: {hit.group()}"
        for file, text in our_texts()
        for rule in (MACHINE_PATH, PACKAGE_HOST, UNFINISHED)
        for hit in rule.finditer(text)
    ]
    assert found == []


def test_locks_name_no_package_host() -> None:
    locks = [path for path in tracked() if path.suffix == ".lock"]
    assert locks
    for path in locks:
        assert "://" not in path.read_text(encoding="utf-8"), name(path)

"""The documentation names what is there: links, files, functions, commands, texts in both languages."""

import importlib.util
import sys
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).resolve().parents[2]


def tool(name: str) -> ModuleType:
    """A script of `tools/`, as a module."""
    spec = importlib.util.spec_from_file_location(name, ROOT / "tools" / f"{name}.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module  # dataclasses look their module up
    spec.loader.exec_module(module)
    return module


check_docs = tool("check_docs")
check_locks = tool("check_locks")
check_texts = tool("check_texts")


@pytest.mark.parametrize("page", check_docs.pages(), ids=lambda page: page.relative_to(ROOT).as_posix())
def test_a_page_names_only_what_is_there(page: Path) -> None:
    assert check_docs.problems(page) == []


def test_the_way_of_one_reading_has_ten_steps_each_with_its_code() -> None:
    text = (ROOT / "ARCHITECTURE.md").read_text(encoding="utf-8")
    way = text.partition("## The way of one reading")[2].partition("\n## ")[0]
    steps = [line for line in way.replace("\n   ", " ").splitlines() if line[:1].isdigit()]
    assert [step.partition(".")[0] for step in steps] == [str(n) for n in range(1, 11)]
    assert all(".py::" in step for step in steps)


def test_every_decision_is_listed_under_a_number_of_its_own() -> None:
    records = sorted(path.name for path in (ROOT / "docs" / "decisions").glob("[0-9]*.md"))
    index = (ROOT / "docs" / "decisions" / "README.md").read_text(encoding="utf-8")
    assert [record for record in records if f"({record})" not in index] == []
    numbers = [record[:4] for record in records]
    assert sorted(set(numbers)) == numbers


def test_wrong_names_links_and_commands_are_noticed(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text(
        "[away](nowhere.md) `parking/nothing.py` `parking/codec.py::no_such`\n\n"
        "```sh\nmake nothing\nparking conjure\nparking replay F --loudly && parking doctor\n```\n",
        encoding="utf-8",
    )
    assert check_docs.problems(page) == [
        "link to nowhere.md: no such file",
        "`parking/nothing.py`: no such file",
        "`parking/codec.py::no_such`: not defined there",
        "make nothing: no such target",
        "parking conjure: no such command",
        "--loudly: the command has no such option",
    ]


def test_locks_fit_what_the_project_asks_for() -> None:
    assert check_locks.problems() == []


def test_a_lock_that_does_not_fit_is_noticed(tmp_path: Path) -> None:
    path = tmp_path / "some.lock"
    path.write_text("--index-url https://example.org\none==1.0 \\\n    --hash=sha256:00\ntwo==2.0\n", encoding="utf-8")
    lock = check_locks.read_lock(path)
    assert lock.versions == {"one": "1.0", "two": "2.0"}
    assert len(lock.problems) == 3
    assert list(check_locks.misfits(lock, ["one>=2", "two>=2", "three"])) == [
        "some.lock: one==1.0 does not fit one>=2",
        "some.lock: three is missing",
    ]


def test_texts_that_differ_between_languages_are_noticed() -> None:
    chinese = {"free": "空位 {n}", "gone": "无"}
    english = {"free": "{m} free", "more": "more"}
    assert check_texts.differences(chinese, english) == [
        "en.json lacks gone",
        "zh.json lacks more",
        "free: {m} stands in English only",
    ]

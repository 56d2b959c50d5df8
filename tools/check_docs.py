"""Is what the documentation says still so? Exit code 1 with every link, file, function or command that is not there.

Relative links and their anchors; files named in `code`, such as `parking/ports.py`; functions named in the form
`parking/codec.py::digest`; commands of `sh` blocks against the command line itself and the Makefile.
"""

import ast
import re
import shlex
import sys
from collections.abc import Iterator, Sequence
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Protocol
from urllib.parse import unquote

import typer.main
from markdown_it import MarkdownIt
from markdown_it.token import Token

from parking.cli import app

ROOT = Path(__file__).resolve().parent.parent
FOLDERS = ("", "docs", "docs/decisions", "requirements", "deploy")
"""Where our Markdown lies; everything else belongs to libraries or to builds."""

NAMED_FILE = re.compile(r"^[\w.-]+(?:/[\w.-]+)+\.(?:py|md|sh|sql|toml|yaml|lock|conf|service)(?:::[\w.]+)?$")
TARGET = re.compile(r"^([a-z-]+):", re.MULTILINE)
SHELLS = ("sh", "bash", "console")
OWN_PATH = ("deploy/", "tools/", ".ci/")
"""A command that begins so is a file of this repository."""


class Parameter(Protocol):
    """An option or argument of a command, as the command line library has it."""

    opts: list[str]
    secondary_opts: list[str]


def pages() -> list[Path]:
    """Every page of ours, in a stable order."""
    return sorted(page for folder in FOLDERS for page in (ROOT / folder).glob("*.md"))


def slug(title: str) -> str:
    """The anchor a heading gets where people read these pages."""
    kept = re.sub(r"[^\w\- ]", "", title.strip().lower())
    return kept.replace(" ", "-")


@cache
def tokens(page: Path) -> tuple[Token, ...]:
    """The page, parsed; inline children follow their block."""
    blocks = MarkdownIt("commonmark").enable("table").parse(page.read_text(encoding="utf-8"))
    return tuple(token for block in blocks for token in (block, *(block.children or ())))


@cache
def anchors(page: Path) -> frozenset[str]:
    """Anchors of a page's headings."""
    found = tokens(page)
    pairs = pairwise(found)
    return frozenset(slug(text.content) for opening, text in pairs if opening.type == "heading_open")


@cache
def definitions(module: Path) -> frozenset[str]:
    """Functions, classes and `Class.method` that a Python file defines."""
    tree = ast.parse(module.read_text(encoding="utf-8"))
    kinds = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
    top = [node for node in tree.body if isinstance(node, kinds)]
    inner = {f"{outer.name}.{node.name}" for outer in top for node in outer.body if isinstance(node, kinds)}
    return frozenset({node.name for node in top} | inner)


def wrong_links(page: Path) -> Iterator[str]:
    """Relative links that lead nowhere."""
    for token in tokens(page):
        link = token.attrGet("href") or token.attrGet("src")
        if not isinstance(link, str) or "://" in link or link.startswith("mailto:"):
            continue
        path, _, anchor = unquote(link).partition("#")
        target = (page.parent / path).resolve() if path else page
        if not target.exists():
            yield f"link to {link}: no such file"
        elif anchor and target.suffix == ".md" and anchor not in anchors(target):
            yield f"link to {link}: no such heading"


def wrong_names(page: Path) -> Iterator[str]:
    """Files and functions that are named and do not exist."""
    for token in tokens(page):
        if token.type != "code_inline" or not NAMED_FILE.match(token.content):
            continue
        path, _, name = token.content.partition("::")
        if not any((base / path).exists() for base in (ROOT, page.parent)):
            yield f"`{token.content}`: no such file"
        elif name and name not in definitions(ROOT / path):
            yield f"`{token.content}`: not defined there"


def commands(page: Path) -> Iterator[list[str]]:
    """Words of each command line in the page's shell blocks."""
    for token in tokens(page):
        if token.type == "fence" and token.info.strip() in SHELLS:
            for line in token.content.replace("\\\n", " ").splitlines():
                yield from _parts(line.removeprefix("$ "))


def _parts(line: str) -> Iterator[list[str]]:
    lexer = shlex.shlex(line, posix=True, punctuation_chars="&|;<>")
    lexer.whitespace_split = True
    part: list[str] = []
    for word in lexer:
        if not word.strip("&|;<>"):
            yield part
            part = []
        else:
            part.append(word)
    yield part


def wrong_command(words: list[str]) -> str | None:
    """What is wrong with a command of ours, or None; others' commands are not judged."""
    while words and "=" in words[0]:
        words = words[1:]
    if not words:
        return None
    if words[0] == "make":
        return _wrong_target([word for word in words[1:] if "=" not in word])
    if words[0].rpartition("/")[2] == "parking":
        return _wrong_call(words[1:])
    if words[0].startswith(OWN_PATH) and not (ROOT / words[0]).exists():
        return f"{words[0]}: no such file"
    return None


def _wrong_target(targets: list[str]) -> str | None:
    known = TARGET.findall((ROOT / "Makefile").read_text(encoding="utf-8"))
    missing = [target for target in targets if target not in known]
    return f"make {missing[0]}: no such target" if missing else None


def _wrong_call(words: list[str]) -> str | None:
    command = typer.main.get_command(app)
    for place, word in enumerate(words):
        inner = getattr(command, "commands", None)
        if inner is None or word.startswith("-"):
            return _wrong_option(command.params, words[place:])
        if word not in inner:
            return f"parking {' '.join(words[: place + 1])}: no such command"
        command = inner[word]
    return None


def _wrong_option(params: Sequence[Parameter], words: list[str]) -> str | None:
    known = {"--help"} | {option for param in params for option in (*param.opts, *param.secondary_opts)}
    for word in words:
        if word.startswith("--") and word.partition("=")[0] not in known:
            return f"{word}: the command has no such option"
    return None


def problems(page: Path) -> list[str]:
    """Everything a page says that is not so."""
    said = (wrong_command(words) for words in commands(page))
    return [*wrong_links(page), *wrong_names(page), *(wrong for wrong in said if wrong)]


def main() -> int:
    """Print every problem with its page."""
    found = [f"{page.relative_to(ROOT)}: {problem}" for page in pages() for problem in problems(page)]
    for problem in found:
        print(problem, file=sys.stderr)
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())

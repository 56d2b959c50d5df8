"""A town's folder: its TOML tables and CSV rows as items that know where they stand."""

import csv
import re
import tomllib
from collections.abc import Mapping
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Any

from parking.towns.problems import Item, Problems

Folder = Traversable | Path


def town_folder(folder: Path | None, name: str) -> Folder:
    """The folder that is given, or the one of that name that ships with the package."""
    return folder if folder is not None else files("parking.towns") / name


class TownFiles:
    """Reads files of one folder; what cannot be read is a problem, not an end."""

    def __init__(self, folder: Folder, problems: Problems) -> None:
        self._folder = folder
        self.problems = problems

    def text(self, file: str) -> str:
        """The whole file, empty when it is missing."""
        try:
            return (self._folder / file).read_text(encoding="utf-8")
        except FileNotFoundError:
            self.problems.add(file, "is missing", "add it; parking/towns/fengjie shows what belongs in it")
        except UnicodeDecodeError as trouble:
            self.problems.add(file, f"is not UTF-8 ({trouble.reason} at byte {trouble.start})", "save it as UTF-8")
        return ""

    def document(self, file: str) -> Mapping[str, Any]:
        """A TOML file."""
        try:
            return tomllib.loads(self.text(file))
        except tomllib.TOMLDecodeError as trouble:
            self.problems.add(file, str(trouble), "mend the TOML")
            return {}

    def tables(self, file: str, kind: str) -> list[Item]:
        """The `[[kind]]` tables of a TOML file, each with the line it begins at."""
        found = self.document(file).get(kind, [])
        heads = re.compile(rf"\[\[\s*{kind}\s*\]\]")
        lines = [nth for nth, line in enumerate(self.text(file).splitlines(), 1) if heads.match(line.strip())]
        lines += [0] * (len(found) - len(lines))
        return [self._item(file, line, table) for line, table in zip(lines, found, strict=False)]

    def rows(self, file: str) -> list[Item]:
        """The rows of a CSV file with a head line."""
        reader = csv.DictReader(self.text(file).splitlines())
        return [self._item(file, reader.line_num, row) for row in reader]

    def _item(self, file: str, line: int, fields: Mapping[str, Any]) -> Item:
        name = fields.get("id") or fields.get("code") or fields.get("name") or "?"
        return Item(f"{file}:{line} ({name})", fields, self.problems)

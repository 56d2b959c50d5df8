"""Do the text catalogues say the same things in both languages? Exit code 1 with every difference."""

import json
import re
import sys
from collections.abc import Mapping
from pathlib import Path

TEXTS = Path(__file__).resolve().parent.parent / "parking" / "web" / "static" / "text"
PLACE = re.compile(r"\{(\w+)\}")


def read_texts(path: Path) -> dict[str, str]:
    """A catalogue. Raises ValueError when a name stands in it twice: the second would hide the first."""

    def once(pairs: list[tuple[str, str]]) -> dict[str, str]:
        names = [name for name, _ in pairs]
        if twice := sorted({name for name in names if names.count(name) > 1}):
            raise ValueError(f"{path.name}: {', '.join(twice)} stands twice")
        return dict(pairs)

    texts: dict[str, str] = json.loads(path.read_text(encoding="utf-8"), object_pairs_hook=once)
    return texts


def differences(chinese: Mapping[str, str], english: Mapping[str, str]) -> list[str]:
    """Sentences that one language lacks, and those whose numbers differ."""
    missing = [
        *(f"en.json lacks {name}" for name in sorted(chinese.keys() - english.keys())),
        *(f"zh.json lacks {name}" for name in sorted(english.keys() - chinese.keys())),
    ]
    both = sorted(chinese.keys() & english.keys())
    invented = [
        f"{name}: {{{place}}} stands in English only"
        for name in both
        for place in sorted(set(PLACE.findall(english[name])) - set(PLACE.findall(chinese[name])))
        if not place.endswith("2")  # another form of the same number, such as a month's name
    ]
    empty = [f"{name}: empty" for name in both if not chinese[name].strip() or not english[name].strip()]
    return missing + invented + empty


def main() -> int:
    """Print every difference."""
    found = differences(read_texts(TEXTS / "zh.json"), read_texts(TEXTS / "en.json"))
    for difference in found:
        print(difference, file=sys.stderr)
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())

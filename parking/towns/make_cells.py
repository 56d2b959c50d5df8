"""Make the scenario's unit grid cells and cameras once: `python -m parking.towns.make_cells FOLDER`.

The county's own 650 cells are not public, so these are invented: squares of 100 m around each community's middle, no
square twice, numbered left to right and top to bottom within the community as the standard wants. Run it again only to
make another town; codes are never reused, so cells that stand in case files must stay as they are.
"""

import csv
import sys
import tomllib
from collections.abc import Iterable, Mapping
from math import cos, hypot, radians
from pathlib import Path
from typing import Final

SIDE_LATITUDE: Final = 100 / 111_195
"""100 m of latitude in degrees."""
SIDE_LONGITUDE: Final = SIDE_LATITUDE / cos(radians(31.02))

Square = tuple[int, int]
"""Column eastward, row northward, of the 100 m lattice."""

COMMUNITIES: Final[Mapping[str, tuple[int, float, float]]] = {
    "500236001001": (27, 109.4545, 31.0208),
    "500236001002": (27, 109.4522, 31.0190),
    "500236001003": (27, 109.4425, 31.0215),
    "500236001004": (27, 109.4585, 31.0200),
    "500236001005": (27, 109.4360, 31.0200),
    "500236001006": (27, 109.4500, 31.0240),
    "500236001007": (27, 109.4227, 31.0279),
    "500236001008": (27, 109.4590, 31.0245),
    "500236001009": (27, 109.4400, 31.0175),
    "500236001010": (30, 109.4560, 31.0160),
    "500236001011": (27, 109.4475, 31.0205),
    "500236002001": (25, 109.4640, 31.0179),
    "500236002002": (25, 109.4650, 31.0235),
    "500236002003": (25, 109.4700, 31.0255),
    "500236002004": (25, 109.4745, 31.0270),
    "500236002005": (25, 109.4694, 31.0225),
    "500236002006": (25, 109.4735, 31.0205),
    "500236003001": (25, 109.5400, 31.0390),
    "500236003002": (25, 109.5600, 31.0442),
    "500236003003": (15, 109.5230, 31.0386),
    "500236003004": (15, 109.4840, 31.0255),
    "500236004001": (50, 109.3990, 31.0222),
    "500236004002": (50, 109.3945, 31.0198),
    "500236118001": (10, 109.6300, 31.0850),
    "500236124001": (10, 109.3660, 31.0300),
}
"""How many cells each community gets and where its middle is (WGS-84): 650 in all."""

CAMERAS: Final[Mapping[str, int]] = {
    "R1": 14, "R2": 14, "R3": 10, "R4": 10, "R5": 8, "R6": 12, "R7": 14, "R8": 14, "R9": 12, "R10": 10,
}  # fmt: skip
"""118 groups of cameras along the sections."""


def square_at(longitude: float, latitude: float) -> Square:
    """The square a point lies in."""
    return int(longitude / SIDE_LONGITUDE), int(latitude / SIDE_LATITUDE)


def middle(square: Square) -> tuple[float, float]:
    """Longitude and latitude of a square's middle."""
    return (square[0] + 0.5) * SIDE_LONGITUDE, (square[1] + 0.5) * SIDE_LATITUDE


def _by_nearness(start: Square, reach: int = 14) -> list[Square]:
    near = range(-reach, reach + 1)
    squares = [(start[0] + east, start[1] + north) for east in near for north in near]
    return sorted(squares, key=lambda s: (hypot(s[0] - start[0], s[1] - start[1]), s))


def share_out(lots: Iterable[tuple[str, float, float]]) -> dict[str, list[Square]]:
    """Squares of each community: first those under its lots, then in turns the nearest one still free."""
    mine: dict[str, list[Square]] = {code: [] for code in COMMUNITIES}
    used: set[Square] = set()
    for code, longitude, latitude in lots:
        square = square_at(longitude, latitude)
        if square not in used:
            used.add(square)
            mine[code].append(square)
    wish = {code: iter(_by_nearness(square_at(x, y))) for code, (_, x, y) in COMMUNITIES.items()}
    for _ in range(max(count for count, _, _ in COMMUNITIES.values())):
        for code, (count, _, _) in COMMUNITIES.items():
            if len(mine[code]) < count:
                square = next(s for s in wish[code] if s not in used)
                used.add(square)
                mine[code].append(square)
    return mine


def cell_rows(folder: Path) -> list[list[str]]:
    """Rows of cells.csv."""
    lots = tomllib.loads((folder / "lots.toml").read_text("utf-8"))["lot"]
    shares = share_out((lot["cell"][:12], *lot["place"]) for lot in lots)
    rows = []
    for code, squares in shares.items():
        for serial, square in enumerate(sorted(squares, key=lambda s: (-s[1], s[0])), start=1):
            longitude, latitude = middle(square)
            rows.append([f"{code}{serial:03d}", f"{longitude:.5f}", f"{latitude:.5f}"])
    return rows


def camera_rows(folder: Path) -> list[list[str]]:
    """Rows of cameras.csv: evenly along each section's line."""
    sections = {
        one["id"]: one["line"] for one in tomllib.loads((folder / "sections.toml").read_text("utf-8"))["section"]
    }
    rows: list[list[str]] = []
    for section, count in CAMERAS.items():
        line = sections[section]
        for nth in range(count):
            along = (nth + 0.5) / count * (len(line) - 1)
            a, b, part = line[int(along)], line[int(along) + 1], along % 1
            longitude, latitude = (a[axis] + (b[axis] - a[axis]) * part for axis in (0, 1))
            rows.append([f"C{len(rows) + 1:03d}", section, f"{longitude:.5f}", f"{latitude:.5f}"])
    return rows


def write(path: Path, header: str, rows: list[list[str]]) -> None:
    """One CSV file with Unix line ends."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(header.split(","))
        writer.writerows(rows)


def main() -> None:
    """Write cells.csv and cameras.csv into the folder that is named."""
    folder = Path(sys.argv[1])
    write(folder / "cells.csv", "code,longitude,latitude", cell_rows(folder))
    write(folder / "cameras.csv", "id,section,longitude,latitude", camera_rows(folder))


if __name__ == "__main__":
    main()

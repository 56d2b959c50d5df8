"""How the parts of a town fit together: no name twice, none unknown, everything in its place, no gap in duty."""

from collections import Counter
from collections.abc import Iterable, Sequence
from itertools import pairwise

from parking.domain.device import DeviceKind
from parking.domain.duty import Post
from parking.domain.ids import CellCode
from parking.domain.place import Point, distance_m
from parking.domain.section import Section
from parking.domain.sign import Level, Sign
from parking.domain.town import Town
from parking.towns.problems import Problems

LOT_TO_CELL_M = 120.0
"""A lot lies in its cell: half the diagonal of 100 m squares, and an entrance's width."""

LINE_TO_LENGTH = (0.75, 1.33)
"""A drawn line may cut corners; beyond these ratios to the length, one of the two is wrong."""


def check(town: Town, problems: Problems) -> None:
    """Add every misfit to the problems."""
    _check_names(town, problems)
    _check_lots(town, problems)
    _check_sections(town, problems)
    _check_signs(town, problems)
    _check_devices(town, problems)
    _check_duty(town, problems)


def _check_names(town: Town, problems: Problems) -> None:
    kinds: list[tuple[str, Iterable[str]]] = [
        ("town.toml area", (one.id for one in town.areas)),
        ("lots.toml lot", (one.id for one in town.lots)),
        ("signs.toml sign", (one.id for one in town.signs)),
        ("sections.toml section", (one.id for one in town.sections)),
        ("devices.toml device", (one.id for one in town.devices)),
        ("cells.csv cell", (one.code for one in town.cells)),
        ("cameras.csv camera", (one.id for one in town.cameras)),
        ("duty.toml department", (one.id for one in town.departments)),
        ("duty.toml post", (one.id for one in town.posts)),
    ]
    for where, names in kinds:
        for name, count in Counter(names).items():
            if count > 1:
                problems.add(f"{where} {name}", f"the id stands {count} times", "give each its own")


def _known(problems: Problems, where: str, what: str, named: Iterable[str], known: Iterable[str]) -> None:
    there = set(known)
    for name in named:
        if name not in there:
            problems.add(where, f"there is no {what} {name!r}", f"mend the name or add the {what}")


def _check_lots(town: Town, problems: Problems) -> None:
    cells = {cell.code: cell.place for cell in town.cells}
    for lot in town.lots:
        where = f"lots.toml lot {lot.id}"
        _known(problems, where, "area", [lot.area], (one.id for one in town.areas))
        _known(problems, where, "section", [lot.section], (one.id for one in town.sections))
        _check_cell(problems, where, lot.cell, cells, lot.place, LOT_TO_CELL_M)


def _check_cell(
    problems: Problems, where: str, code: CellCode, cells: dict[CellCode, Point], place: Point, reach_m: float
) -> None:
    if code not in cells:
        problems.add(where, f"there is no cell {code!r}", "name a code of cells.csv, 15 digits")
    elif (off := distance_m(cells[code], place)) > reach_m:
        problems.add(where, f"its cell {code} lies {off:.0f} m away", "name the cell the point lies in")


def _check_sections(town: Town, problems: Problems) -> None:
    codes = [cell.code for cell in town.cells]
    ids = [one.id for one in town.sections]
    for section in town.sections:
        where = f"sections.toml section {section.id}"
        _known(problems, where, "section", section.next, ids)
        _known(problems, where, "cell", [section.cell], codes)
        ratio = _drawn_m(section) / section.length_m
        if ratio < LINE_TO_LENGTH[0] or ratio > LINE_TO_LENGTH[1]:
            problems.add(
                where,
                f"its line is {_drawn_m(section):.0f} m long, its length_m {section.length_m:.0f}",
                "mend the line or the length",
            )
    for camera in town.cameras:
        _known(problems, f"cameras.csv camera {camera.id}", "section", [camera.section], ids)


def _drawn_m(section: Section) -> float:
    return sum(distance_m(a, b) for a, b in pairwise(section.line))


def _check_signs(town: Town, problems: Problems) -> None:
    lots = {lot.id: lot for lot in town.lots}
    for sign in town.signs:
        where = f"signs.toml sign {sign.id}"
        _known(problems, where, "section", [sign.section], (one.id for one in town.sections))
        _known(problems, where, "lot", (lot for panel in sign.panels for lot in panel.lots), lots)
        _known(problems, where, "area", (p.area for p in sign.panels if p.area), (one.id for one in town.areas))
        _check_level(sign, where, problems)


def _check_level(sign: Sign, where: str, problems: Problems) -> None:
    by_area = [panel.area is not None for panel in sign.panels]
    if sign.level is Level.AREA and not all(by_area):
        problems.add(where, "a level-one panel names no area", 'give each panel its area = "…"')
    if sign.level is not Level.AREA and any(len(panel.lots) > 1 for panel in sign.panels):
        problems.add(where, "a panel below level one names several lots", "give each lot a panel of its own")


def _check_devices(town: Town, problems: Problems) -> None:
    signs = {str(sign.id) for sign in town.signs}
    controllers = {str(one.id) for one in town.devices if one.kind is DeviceKind.SIGN}
    for device in town.devices:
        where = f"devices.toml device {device.id}"
        _known(problems, where, "lot", sorted(device.lots), (one.id for one in town.lots))
        _known(problems, where, "section", sorted(device.sections), (one.id for one in town.sections))
    for name in sorted(controllers - signs):
        problems.add(f"devices.toml device {name}", "there is no sign of that id", "a controller has its sign's id")
    for name in sorted(signs - controllers):
        problems.add(f"signs.toml sign {name}", "it has no controller", 'add a device of that id, kind = "sign"')


def _check_duty(town: Town, problems: Problems) -> None:
    codes = [cell.code for cell in town.cells]
    for post in town.posts:
        where = f"duty.toml post {post.id}"
        _known(problems, where, "department", [post.department], (one.id for one in town.departments))
        _known(problems, where, "section", sorted(post.sections), (one.id for one in town.sections))
        for prefix in post.cells:
            if not any(code.startswith(prefix) for code in codes):
                problems.add(where, f"no cell begins with {prefix!r}", "give a grid code or a prefix of one")
    for gap in duty_gaps(town.posts, codes, [section.id for section in town.sections]):
        problems.add("duty.toml", f"nobody answers for {gap}", "add it to a post's cells or sections")


def duty_gaps(posts: Sequence[Post], cells: Iterable[str], sections: Iterable[str]) -> list[str]:
    """Cells and sections that no post names; posts for the whole county do not count."""
    prefixes = tuple(prefix for post in posts for prefix in post.cells)
    named = {str(section) for post in posts for section in post.sections}
    without = [f"section {section}" for section in sections if section not in named]
    return without + [f"cell {code}" for code in cells if not code.startswith(prefixes)]

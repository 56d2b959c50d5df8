"""Read a town from its folder, or say everything that is wrong with it."""

from pathlib import Path
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from parking.domain.errors import BadTown
from parking.domain.town import Town
from parking.towns import boards, ground, people
from parking.towns.files import TownFiles, town_folder
from parking.towns.fit import check
from parking.towns.problems import Box, Item, Problems


def load_town(folder: Path | None = None, name: str = "fengjie") -> Town:
    """The town of that folder, or the one of that name that ships with the package.

    Raises:
        BadTown: with every problem of every file, each with its place and remedy.
    """
    problems = Problems()
    town = _read(TownFiles(town_folder(folder, name), problems), problems)
    check(town, problems)
    if problems.found:
        raise BadTown(tuple(problems.found))
    return town


def town_named(given: str) -> Town:
    """The town of a folder, when there is one of that path, else the shipped town of that name. Raises BadTown."""
    folder = Path(given)
    return load_town(folder) if folder.is_dir() else load_town(name=given)


def basemap(folder: Path | None = None, name: str = "fengjie") -> bytes:
    """The town's schematic map for pages: GeoJSON, UTF-8."""
    return (town_folder(folder, name) / "basemap.geojson").read_bytes()


def _read(files: TownFiles, problems: Problems) -> Town:
    head = Item("town.toml", files.document("town.toml"), problems)
    box, county = _box(head), head.text("county")
    communities = dict(ground.community_from(row, county) for row in files.rows("communities.csv"))
    return Town(
        id=head.identifier(),
        name=head.text("name"),
        name_en=head.text("name_en"),
        county=county,
        areas=tuple(map(ground.area_from, files.tables("town.toml", "area"))),
        lots=tuple(ground.lot_from(item, box) for item in files.tables("lots.toml", "lot")),
        signs=tuple(boards.sign_from(item, box) for item in files.tables("signs.toml", "sign")),
        sections=tuple(ground.section_from(item, box) for item in files.tables("sections.toml", "section")),
        devices=tuple(map(boards.device_from, files.tables("devices.toml", "device"))),
        cells=tuple(ground.cell_from(row, county, communities, box) for row in files.rows("cells.csv")),
        cameras=tuple(ground.camera_from(row, box) for row in files.rows("cameras.csv")),
        departments=tuple(map(people.department_from, files.tables("duty.toml", "department"))),
        posts=tuple(map(people.post_from, files.tables("duty.toml", "post"))),
        calendar=people.calendar_from(files.tables("calendar.toml", "holiday"), _zone(head)),
        note=head.text("note", ""),
    )


def _box(head: Item) -> Box:
    given = head.fields.get("box")
    sides = Item("town.toml [box]", given if isinstance(given, dict) else {}, head.problems)
    return Box(
        west=sides.number("west", above=-180, most=180),
        east=sides.number("east", above=-180, most=180),
        south=sides.number("south", above=-90, most=90),
        north=sides.number("north", above=-90, most=90),
    )


def _zone(head: Item) -> ZoneInfo:
    name = head.text("timezone")
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError):
        head.wrong(f"timezone is {name!r}", 'use a name of the time zone database, such as "Asia/Shanghai"')
        return ZoneInfo("UTC")

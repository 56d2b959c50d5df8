"""The town that ships with the package is whole, and what is wrong with a town is said all at once."""

import json
import shutil
from collections import Counter
from copy import copy
from datetime import date, timedelta
from pathlib import Path

import chinese_calendar
import pytest

from parking.domain.device import DeviceKind
from parking.domain.errors import BadTown
from parking.domain.place import Point
from parking.domain.town import Town
from parking.towns import make_cells
from parking.towns.fit import duty_gaps
from parking.towns.load import basemap, load_town
from tests.conftest import ROOT

FENGJIE = ROOT / "parking" / "towns" / "fengjie"


@pytest.fixture(scope="module")
def town() -> Town:
    return load_town()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of the town that a test may spoil."""
    return Path(shutil.copytree(FENGJIE, tmp_path / "town"))


def spoil(folder: Path, file: str, before: str, after: str) -> None:
    text = (folder / file).read_text("utf-8")
    assert before in text
    (folder / file).write_text(text.replace(before, after, 1), "utf-8")


def problems_of(folder: Path) -> str:
    with pytest.raises(BadTown) as caught:
        load_town(folder)
    return "\n".join(caught.value.problems)


def test_fengjie_has_its_lots_signs_sections_cells_and_cameras(town: Town) -> None:
    counts = (len(town.lots), len(town.signs), len(town.sections), len(town.cells), len(town.cameras))
    assert counts == (16, 12, 10, 650, 118)
    assert sum(lot.capacity for lot in town.lots) == 5260


def test_the_cells_are_spread_over_the_streets_as_the_scenario_says(town: Town) -> None:
    streets = Counter(cell.street for cell in town.cells)
    expected = {"永安街道": 300, "鱼复街道": 150, "夔州街道": 100, "夔门街道": 80, "朱衣镇": 10, "草堂镇": 10}
    assert streets == expected


def test_no_two_cells_lie_on_the_same_square(town: Town) -> None:
    places = {make_cells.square_at(cell.place.longitude, cell.place.latitude) for cell in town.cells}
    assert len(places) == 650


def test_the_cells_and_cameras_are_those_the_script_makes() -> None:
    for file, rows in (("cells.csv", make_cells.cell_rows(FENGJIE)), ("cameras.csv", make_cells.camera_rows(FENGJIE))):
        lines = (FENGJIE / file).read_text("utf-8").splitlines()[1:]
        assert lines == [",".join(row) for row in rows]


def test_every_lot_can_be_counted_and_every_section_and_sign_has_its_device(town: Town) -> None:
    watched = {lot for device in town.devices for lot in device.lots}
    assert watched == {lot.id for lot in town.lots}
    assert {s for device in town.devices for s in device.sections} == {section.id for section in town.sections}
    controllers = [str(device.id) for device in town.devices if device.kind is DeviceKind.SIGN]
    assert controllers == [str(sign.id) for sign in town.signs]


def test_somebody_answers_for_every_cell_and_section(town: Town) -> None:
    cells, sections = [cell.code for cell in town.cells], [section.id for section in town.sections]
    assert duty_gaps(town.posts, cells, sections) == []
    assert duty_gaps((), cells[:1], sections[:1]) == ["section R1", f"cell {cells[0]}"]


@pytest.mark.parametrize("year", [2025, 2026])
def test_holidays_and_make_up_days_are_the_announced_ones(town: Town, year: int) -> None:
    day = date(year, 1, 1)
    while day.year == year:
        is_off, name = chinese_calendar.get_holiday_detail(day)
        assert town.calendar.is_working_day(day) is not is_off, day
        assert (day in town.calendar.holidays) is bool(is_off and name), day
        day += timedelta(days=1)


def test_the_data_say_that_they_are_invented(town: Town) -> None:
    assert "虚构" in town.note
    assert "invented" in town.note
    assert all("invented" in (FENGJIE / file).read_text("utf-8") for file in ("lots.toml", "signs.toml"))


def test_the_map_shows_rivers_roads_and_quarters_inside_the_county() -> None:
    drawn = json.loads(basemap())
    kinds = Counter(one["properties"]["kind"] for one in drawn["features"])
    assert kinds["water"] == 1
    assert kinds["road"] == 10
    assert {one["properties"].get("name") for one in drawn["features"]} >= {"长江", "梅溪河", "朱衣河", "永安"}
    assert len(basemap()) < 20_000


def test_every_error_is_said_at_once_with_its_place_and_remedy(folder: Path) -> None:
    spoil(folder, "lots.toml", "bays = { general = 77, disabled = 3 }", "bays = { general = 0 }")
    spoil(folder, "lots.toml", 'area = "yufu"', 'area = "atlantis"')
    spoil(folder, "signs.toml", 'lots = ["P02"]', 'lots = ["P99"]')
    spoil(folder, "sections.toml", 'id = "R2"', 'id = "R1"')
    spoil(folder, "sections.toml", "limit_kmh = 40", "limit_kmh = -40")
    spoil(folder, "cells.csv", "500236001001001,", "50023600100101,")
    spoil(folder, "duty.toml", 'sections = ["R10"]', "sections = []")
    spoil(folder, "calendar.toml", "2026-05-09", "2026-05-08")
    said = problems_of(folder)
    for part in (
        "lots.toml:60 (P05): the capacity is 0; a lot has at least one bay",
        "lots.toml lot P07: there is no area 'atlantis'; mend the name or add the area",
        "there is no lot 'P99'",
        "sections.toml section R1: the id stands 2 times; give each its own",
        "limit_kmh is -40; give a number above 0",
        "grid code '50023600100101' has 14 characters; give 15 digits",
        "nobody answers for section R10",
        "2026-05-08 is no weekend day",
    ):
        assert part in said, said


def test_a_place_with_swapped_or_foreign_coordinates_is_refused_with_a_hint(folder: Path) -> None:
    spoil(folder, "lots.toml", "place = [109.4585, 31.0172]", "place = [31.0172, 109.4585]")
    spoil(folder, "signs.toml", "place = [109.3720, 31.0277]", "place = [119.3720, 31.0277]")
    said = problems_of(folder)
    assert "swapped: longitude comes first" in said
    assert "GCJ-02" in said


def test_a_lot_outside_its_cell_is_refused(folder: Path) -> None:
    spoil(folder, "lots.toml", "place = [109.4585, 31.0172]", "place = [109.4633, 31.0148]")
    assert "lies" in problems_of(folder)


def test_hours_that_never_open_are_refused(folder: Path) -> None:
    spoil(folder, "lots.toml", 'closes = "18:00"', 'closes = "08:00"')
    assert "opens and closes at the same minute" in problems_of(folder)


def test_a_missing_file_is_one_problem_among_the_others(folder: Path) -> None:
    (folder / "calendar.toml").unlink()
    spoil(folder, "signs.toml", 'level = "L2"', 'level = "L9"')
    said = problems_of(folder)
    assert "calendar.toml: is missing" in said
    assert "level is 'L9'; use one of L1, L2, L3" in said


def test_broken_toml_is_said_with_its_line(folder: Path) -> None:
    spoil(folder, "devices.toml", 'kind = "gate"', "kind = gate")
    assert "devices.toml: Invalid value (at line" in problems_of(folder)


def test_sections_lie_where_their_cells_and_lots_are(town: Town) -> None:
    assert all(isinstance(section.middle, Point) and section.next != (section.id,) for section in town.sections)
    assert {lot.section for lot in town.lots} <= {section.id for section in town.sections}


def test_a_town_goes_to_another_process_with_its_fields_alone_and_finds_its_lots_there() -> None:
    town = load_town()
    town.get_lot(town.lots[0].id)
    assert "_lots" in vars(town)
    assert not any(name.startswith("_") for name in town.__getstate__())
    twin = copy(town)
    assert twin == town
    assert "_lots" not in vars(twin)
    assert twin.get_lot(town.lots[0].id) == town.lots[0]

"""Recorded occupancy becomes a town and its readings."""

import gzip
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import numpy as np
import pytest

from parking.domain.calendar import DayType
from parking.domain.device import DeviceKind
from parking.domain.errors import BadReading
from parking.domain.reading import CountSource
from parking.recorded import read_recording

HEADER = "series_id,city,capacity,timestamp,occupied\n"


def a_file(folder: Path, *rows: str, header: str = HEADER, name: str = "town.csv") -> Path:
    file = folder / name
    file.write_text(header + "".join(f"{row}\n" for row in rows), encoding="utf-8")
    return file


def test_rows_become_counts_in_time_order(tmp_path: Path) -> None:
    file = a_file(
        tmp_path,
        "dresden/b,Dresden,50,2026-05-04T10:00Z,20",
        "dresden/b,Dresden,50,2026-05-04T10:05Z,21",
        "dresden/a,Dresden,80,2026-05-04T10:00Z,70",
        "dresden/a,Dresden,80,2026-05-04T12:05+02:00,71",
    )
    heard = list(read_recording(file).readings())
    assert [(one.lot, one.taken, one.seq) for one in heard] == [
        ("dresden.b", 20, 1),
        ("dresden.a", 70, 1),
        ("dresden.b", 21, 2),
        ("dresden.a", 71, 2),
    ]
    assert {one.source for one in heard} == {CountSource.BARRIER_SYSTEM}
    assert heard[0].device == "rec-dresden.b"
    assert heard[0].at == heard[0].received_at == datetime(2026, 5, 4, 10, tzinfo=UTC)


def test_a_later_stretch_continues_each_devices_own_count(tmp_path: Path) -> None:
    rows = [f"dresden/a,Dresden,80,2026-05-04T10:{minute:02}Z,{minute}" for minute in range(0, 60, 5)]
    recording = read_recording(a_file(tmp_path, *rows))
    half = datetime(2026, 5, 4, 10, 30, tzinfo=UTC)
    assert [one.seq for one in recording.readings(half)] == [7, 8, 9, 10, 11, 12]
    assert [one.seq for one in recording.readings(None, half)] == [1, 2, 3, 4, 5, 6]
    assert (recording.begins, recording.ends) == (
        datetime(2026, 5, 4, 10, tzinfo=UTC),
        datetime(2026, 5, 4, 10, 55, 1, tzinfo=UTC),
    )


def test_slots_have_holes_where_the_file_has_none(tmp_path: Path) -> None:
    file = a_file(
        tmp_path,
        "dresden/a,Dresden,80,2026-05-04T10:02Z,7",
        "dresden/a,Dresden,80,2026-05-04T10:11Z,8",
        "dresden/b,Dresden,80,2026-05-04T10:11Z,9",
    )
    times, taken = read_recording(file).slots()
    assert [at.minute for at in times] == [0, 5, 10]
    assert np.array_equal(taken, [[7, np.nan], [np.nan, np.nan], [8, 9]], equal_nan=True)
    assert read_recording(file).slots(datetime(2027, 1, 1, tzinfo=UTC))[0] == []


def test_gzip_is_told_by_its_bytes(tmp_path: Path) -> None:
    file = tmp_path / "town.csv"
    file.write_bytes(gzip.compress((HEADER + "dresden/a,Dresden,80,2026-05-04T10:00Z,7\n").encode()))
    assert len(read_recording(file).at_s) == 1


@pytest.mark.parametrize(
    ("row", "told"),
    [
        ("dresden/a,Dresden,80,2026-05-04T10:05Z", "4 columns instead of 5"),
        ("dresden/a,Dresden,80,2026-05-04T10:05Z,", "occupied '' is no whole number"),
        ("dresden/a,Dresden,80,2026-05-04T10:05Z,-1", "occupied '-1'"),
        ("dresden/a,Dresden,80,2026-05-04T10:05Z,NaN", "occupied 'NaN'"),
        ("dresden/a,Dresden,80,2026-05-04T10:05Z,81", "more than the capacity 80"),
        ("dresden/a,Dresden,90,2026-05-04T10:05Z,7", "was 80 before"),
        ("dresden/b,Dresden,0,2026-05-04T10:05Z,0", "capacity '0' is no whole number from 1"),
        ("dresden/a,Dresden,80,2026-05-04T10:05,7", "has no zone"),
        ("dresden/a,Dresden,80,yesterday,7", "Invalid isoformat string"),
        ("dresden/a,Dresden,80,2026-05-04T10:00Z,8", "is there twice"),
        (",Dresden,80,2026-05-04T10:05Z,8", "no series_id"),
    ],
)
def test_a_bad_row_is_told_and_costs_no_other(tmp_path: Path, row: str, told: str) -> None:
    good = "dresden/a,Dresden,80,2026-05-04T10:00Z,7"
    recording = read_recording(a_file(tmp_path, good, row, good.replace("10:00", "10:10")))
    assert recording.refused == 1
    assert "line 3" in recording.doubts[0]
    assert told in recording.doubts[0]
    assert [one.taken for one in recording.readings()] == [7, 7]


@pytest.mark.parametrize(
    ("header", "rows", "told"),
    [
        ("series_id,city,timestamp,occupied\n", ["a,Dresden,2026-05-04T10:00Z,1"], "line 1: no column capacity"),
        ("", [], "no column series_id"),
        (HEADER, ["a,Dresden,5,2026-05-04T10:00Z,9"], "no row can be used"),
        (HEADER, ["a,Atlantis,5,2026-05-04T10:00Z,1"], "which clock do Atlantis keep"),
        (HEADER, ["a/b,Dresden,5,2026-05-04T10:00Z,1", "a b,Dresden,5,2026-05-04T10:00Z,1"], "rename one of them"),
    ],
)
def test_a_file_that_cannot_be_used_says_what_to_do(tmp_path: Path, header: str, rows: list[str], told: str) -> None:
    file = a_file(tmp_path, *rows, header=header)
    with pytest.raises(BadReading, match=told):
        read_recording(file)


@pytest.mark.parametrize("data", [b"\x1f\x8bbroken", b"series_id,city\xff\n"], ids=["broken gzip", "not UTF-8"])
def test_bytes_that_are_no_table_say_so(tmp_path: Path, data: bytes) -> None:
    file = tmp_path / "town.csv"
    file.write_bytes(data)
    with pytest.raises(BadReading, match=r"it must be a CSV file in UTF-8"):
        read_recording(file)


def test_an_unknown_city_takes_the_given_clock(tmp_path: Path) -> None:
    file = a_file(tmp_path, "a,Atlantis,5,2026-05-04T10:00Z,1")
    town = read_recording(file, ZoneInfo("Atlantic/Azores")).town
    assert town.calendar.timezone.key == "Atlantic/Azores"
    assert not town.calendar.holidays


def test_known_cities_bring_their_clock_and_holidays(tmp_path: Path) -> None:
    town = read_recording(a_file(tmp_path, "a,Nürnberg,5,2026-01-06T10:00Z,1")).town
    assert town.calendar.timezone.key == "Europe/Berlin"
    assert town.calendar.day_type(datetime(2026, 1, 6, tzinfo=UTC).date()) is DayType.HOLIDAY
    birmingham = read_recording(a_file(tmp_path, "a,Birmingham,5,2016-10-04T10:00Z,1")).town
    assert birmingham.calendar.timezone.key == "Europe/London"


def test_a_town_of_a_recording_has_a_device_a_lot_and_signs_of_five(tmp_path: Path) -> None:
    rows = [f"dresden/p{n},Dresden,{10 + n},2026-05-04T10:{m:02}Z,{n}" for n in range(6) for m in (0, 5, 10, 25)]
    town = read_recording(a_file(tmp_path, *rows)).town
    assert [lot.capacity for lot in town.lots] == [10, 11, 12, 13, 14, 15]
    counting = [device for device in town.devices if device.kind is DeviceKind.BARRIER_SYSTEM]
    assert [sorted(device.lots) for device in counting] == [[lot.id] for lot in town.lots]
    assert {device.period for device in counting} == {timedelta(minutes=15)}
    controllers = [device.id for device in town.devices if device.kind is DeviceKind.SIGN]
    assert controllers == [sign.id for sign in town.signs]
    assert [[panel.lots[0] for panel in sign.panels] for sign in town.signs] == [
        ["dresden.p0", "dresden.p1", "dresden.p2", "dresden.p3", "dresden.p4"],
        ["dresden.p5"],
    ]
    assert {panel.travel_s for sign in town.signs for panel in sign.panels} == {240}
    assert "places" in town.note


def test_no_lots_device_has_the_name_of_a_sign(tmp_path: Path) -> None:
    rows = [f"{n},Dresden,10,2026-05-04T10:00Z,{n}" for n in range(1, 7)]
    names = [device.id for device in read_recording(a_file(tmp_path, *rows)).town.devices]
    assert len(set(names)) == len(names) == 8


def test_dresden_is_read_whole(shared: Path) -> None:
    recording = read_recording(shared / "data" / "parking" / "dresden.csv.gz")
    assert (len(recording.at_s), recording.refused, len(recording.town.lots)) == (411_089, 0, 13)
    assert {device.period for device in recording.town.devices if device.lots} == {timedelta(minutes=15)}

"""A recording's hardware says what was counted then, when it was counted, and its signs obey."""

import json
from datetime import UTC, datetime
from pathlib import Path

from parking.domain.town import Town
from parking.recorded import read_recording
from sensors.native import Native, Packet
from sim.hardware import Hardware
from sim.recorded import RecordedStreet, Tape, fit_tape, read_tape, tape_of, write_tape
from sim.wire import Message

BEGINS = int(datetime(2026, 5, 4, 6, tzinfo=UTC).timestamp())
ROWS = [
    "dresden/a,Dresden,80,2026-05-04T06:00Z,70",
    "dresden/b,Dresden,50,2026-05-04T06:00Z,20",
    "dresden/a,Dresden,80,2026-05-04T06:05Z,71",
    "dresden/b,Dresden,50,2026-05-04T06:20Z,24",
    "dresden/a,Dresden,80,2026-05-04T06:20Z,74",
]


def a_town_and_its_tape(folder: Path) -> tuple[Town, Tape]:
    file = folder / "town.csv"
    file.write_text("\n".join(["series_id,city,capacity,timestamp,occupied", *ROWS, ""]), encoding="utf-8")
    recording = read_recording(file)
    return recording.town, tape_of(recording.town, recording.readings())


def a_street_and_its_hardware(folder: Path) -> tuple[RecordedStreet, Hardware[RecordedStreet]]:
    _, tape = a_town_and_its_tape(folder)
    return RecordedStreet(BEGINS, tape.signs), fit_tape(tape, boot=1, speed=60.0)


def said_until(folder: Path, minutes: int) -> list[tuple[int, Message]]:
    """Seconds after the begin, and what was said then."""
    street, hardware = a_street_and_its_hardware(folder)
    return [(s, one) for s in range(1, 60 * minutes + 1) for one in hardware.observe(street, BEGINS + s)]


def readings(said: list[tuple[int, Message]]) -> list[tuple[int, Message]]:
    return [(s, one) for s, one in said if one.topic.endswith("/reading")]


def test_a_tape_comes_back_from_its_file_as_it_went(tmp_path: Path) -> None:
    _, tape = a_town_and_its_tape(tmp_path)
    write_tape(tape, tmp_path / "tape.json")
    assert read_tape(tmp_path / "tape.json") == tape
    assert [one.rows for one in tape.devices] == [
        ((BEGINS, 70), (BEGINS + 300, 71), (BEGINS + 1200, 74)),
        ((BEGINS, 20), (BEGINS + 1200, 24)),
    ]


def test_each_row_is_said_at_its_time_and_those_of_the_first_instant_at_once(tmp_path: Path) -> None:
    a, b = "rec-dresden.a", "rec-dresden.b"
    said = [(s, one.device) for s, one in readings(said_until(tmp_path, 30))]
    assert said == [(1, a), (1, b), (300, a), (1200, a), (1200, b)]


def test_a_hole_in_the_recording_is_a_silence(tmp_path: Path) -> None:
    during = [one for s, one in said_until(tmp_path, 30) if 300 < s < 1200]
    assert {one.device for one in during} == {"sign-1"}


def test_the_service_understands_all_of_it_and_hears_the_recorded_counts(tmp_path: Path) -> None:
    town, _ = a_town_and_its_tape(tmp_path)
    native = Native("r", town.devices, [sign.id for sign in town.signs])
    packets = [
        Packet(f"r/{one.topic}", one.encode(), datetime.fromtimestamp(BEGINS + s, UTC), False)
        for s, one in said_until(tmp_path, 30)
    ]
    heard = native.decode(packets)
    assert heard.doubts == []
    counts = [one for one in heard.readings if one.device != "sign-1"]
    recorded = list(read_recording(tmp_path / "town.csv").readings())
    assert [(one.device, one.at, one.taken) for one in counts] == [(one.device, one.at, one.taken) for one in recorded]
    assert {(one.boot, one.source) for one in counts} == {(1, "barrier_system")}
    assert [one.seq for one in counts if one.device == "rec-dresden.a"] == [1, 2, 3]


def test_a_street_that_was_late_says_all_that_has_come_due_in_one_message(tmp_path: Path) -> None:
    street, hardware = a_street_and_its_hardware(tmp_path)
    said = [one for one in hardware.observe(street, BEGINS + 1500) if one.device == "rec-dresden.a"]
    (message,) = said
    assert [one["taken"] for one in json.loads(message.encode())] == [70, 71, 74]


def test_a_recorded_sign_carries_out_what_it_is_told_and_confirms_it(tmp_path: Path) -> None:
    street, hardware = a_street_and_its_hardware(tmp_path)
    rows = [{"line": 1, "text": "10"}, {"line": 2, "text": "满"}]
    times = {"at": "2026-05-04T06:00:00Z", "until": "2026-05-04T06:30:00Z", "valid_s": 30.0}
    hardware.devices[-1].take(json.dumps({"epoch": 1, "sequence": 7, "rows": rows} | times).encode(), BEGINS)
    said = [one for s in range(1, 4) for one in hardware.observe(street, BEGINS + s)]
    last = [json.loads(one.encode()) for one in said if one.topic == "signs/sign-1/shown"][-1]
    assert (last["sequence"], last["rows"]) == (7, ["10", "满"])
    assert street.lamps == [("10", "满")]

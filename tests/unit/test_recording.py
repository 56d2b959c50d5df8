"""The file of a recorded run: what goes in comes out, damage is said, what was cut short goes as far as it goes."""

import json
import shutil
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zipfile import ZipFile

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from parking.domain.decisions import Decisions
from parking.domain.errors import BadRecording
from parking.domain.guidance import Shown
from parking.domain.ids import AlertId, LotId, SignId
from parking.domain.inputs import Acknowledge, Closure, Event, Input, ModelFitted, Override, OverrideMode
from parking.domain.settings import Settings
from parking.pack import pack
from parking.recording.lines import decode_lines, encode_line
from parking.recording.nouns import Line, Origin, Source, Told
from parking.recording.run import RecordedRun, is_recording
from parking.recording.stands import Kind, Stands
from parking.recording.states import join, split
from parking.recording.town import decode_town, encode_town
from parking.towns.load import load_town
from tests.edge.stored import a_guidance, an_alert, one_of_each_kind
from tests.makers import a_town
from tests.unit.ticking import EVERY, NOON, TICKS, ticking

OTHERS: tuple[Input, ...] = (
    Override(SignId("G01"), OverrideMode.MESSAGE, ("甲", "b"), "值班员", "test", NOON, NOON + EVERY),
    Acknowledge(AlertId("A-1"), "officer", NOON),
    Closure(LotId("P01"), NOON, NOON + EVERY, "检修 · works"),
    Event("集市", ("P01", "S1"), NOON, NOON + EVERY, 400),
    Shown(SignId("G01"), 3, 9, NOON, NOON, ("12", "满"), ("lamp",), 0.5),
    Settings(version=7),
    ModelFitted("m", NOON, bytes(range(256))),
)


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Five minutes, with a snapshot each minute."""
    file = tmp_path_factory.mktemp("recording") / "whole.rec"
    ticking(file).finish(measures={"search_s_mean": 12.5})
    return file


def lines_of(file: Path) -> list[Line]:
    return list(RecordedRun(file).lines())


@given(
    inputs=st.lists(st.sampled_from((*one_of_each_kind(), *OTHERS))),
    stands=st.dictionaries(st.sampled_from([kind.value for kind in Kind]), st.text("0123456789abcdef")),
    told=st.lists(st.builds(Told, st.text(), st.integers(0, 2**40), st.lists(st.text()).map(tuple))),
    at=st.datetimes(datetime(2020, 1, 1), datetime(2099, 1, 1), timezones=st.just(UTC)),
)
def test_whatever_a_tick_took_comes_back_the_same(
    inputs: list[Input], stands: dict[str, str], told: list[Told], at: datetime
) -> None:
    line = Line(at, "ab" * 32, stands, tuple(told), tuple(inputs))
    written = encode_line(line)
    assert written.count(b"\n") == 1
    assert list(decode_lines(written, "x")) == [line]
    assert encode_line(next(decode_lines(written, "x"))) == written


@pytest.mark.parametrize("town", [a_town(), load_town()], ids=["small", "fengjie"])
def test_a_town_comes_back_to_the_byte(town: object) -> None:
    written = encode_town(town)  # type: ignore[arg-type]  # towns, says the list above
    assert decode_town(written) == town
    assert encode_town(decode_town(written)) == written


@given(
    plain=st.dictionaries(st.text(max_size=5), st.integers(-9, 9) | st.text() | st.lists(st.booleans())),
    shapes=st.lists(st.tuples(st.integers(0, 5000), st.sampled_from(["<f8", "<i4", "|b1"])), max_size=3),
)
def test_a_snapshot_in_blocks_comes_back_to_the_byte(plain: dict[str, object], shapes: list[tuple[int, str]]) -> None:
    arrays = {f"a{n}": np.arange(size).astype(kind) for n, (size, kind) in enumerate(shapes)}
    state = pack({"plain": plain, "deep": {"list": [1, arrays]}})
    skeleton, parts = split(state)
    assert join(skeleton, parts.__getitem__) == state


def test_what_did_not_change_between_two_snapshots_is_kept_once() -> None:
    ring = np.arange(20_000, dtype=np.float64)
    before = split(pack({"ring": ring}))[1]
    ring[3] = -1.0
    after = split(pack({"ring": ring}))[1]
    assert len(after) > 5
    assert len(after.keys() - before.keys()) == 1


def test_two_runs_that_stand_alike_have_one_fingerprint_however_they_came_there() -> None:
    first, second = a_guidance("G01"), a_guidance("G02")
    direct, roundabout = Stands(), Stands()
    ours = direct.apply(Decisions(NOON, guidance=(first, second)))
    roundabout.apply(Decisions(NOON, guidance=(second,), alerts=(an_alert(),)))
    roundabout.apply(Decisions(NOON, guidance=(replace(first, rows=()),)))
    theirs = roundabout.apply(Decisions(NOON, guidance=(first,)))
    assert theirs[Kind.SIGNS] == ours[Kind.SIGNS]
    assert Kind.ALERTS not in ours
    assert roundabout.apply(Decisions(NOON)) == {}


def test_a_whole_file_tells_its_run_its_end_and_its_seek_bar(whole: Path) -> None:
    run = RecordedRun(whole)
    assert is_recording(whole)
    assert run.header.origin == Origin(Source.SIMULATION, "test", seed=1)
    assert run.town == a_town()
    assert not run.is_cut_short
    assert (run.begins, run.ends) == (NOON + timedelta(seconds=5), NOON + timedelta(seconds=5 * TICKS))
    assert run.end is not None
    assert run.end.measures == {"search_s_mean": 12.5}
    assert run.end.report["readings"] == sum(stretch.readings for stretch in run.index()) == TICKS
    assert {mark.what for stretch in run.index() for mark in stretch.marks} >= {"sign"}
    assert [line.at for line in run.lines(run.ends - timedelta(seconds=10))] == [
        run.ends - timedelta(seconds=5),
        run.ends,
    ]


def test_any_tool_reads_it(whole: Path) -> None:
    with ZipFile(whole) as zipped:
        assert zipped.testzip() is None
        assert json.loads(zipped.read("header.json"))["format"] == "parking-recording"
        ticks = [name for name in zipped.namelist() if name.startswith("ticks/")]
        first = json.loads(zipped.read(ticks[0]).splitlines()[0])
        assert first["inputs"][0]["kind"] == "gate"


def test_the_same_run_gives_the_same_bytes(whole: Path, tmp_path: Path) -> None:
    ticking(tmp_path / "again.rec").finish(measures={"search_s_mean": 12.5})
    assert (tmp_path / "again.rec").read_bytes() == whole.read_bytes()


def test_a_file_gets_its_name_when_it_is_complete(tmp_path: Path) -> None:
    file = tmp_path / "run.rec"
    recorder = ticking(file)
    assert not file.exists()
    with pytest.raises(BadRecording, match=r"run\.rec\.part is: it was cut short, replay that one"):
        RecordedRun(file)
    recorder.finish()
    assert file.exists()
    assert not (tmp_path / "run.rec.part").exists()


def test_a_killed_recorder_leaves_what_it_had_and_says_so(tmp_path: Path, whole: Path) -> None:
    recorder = ticking(tmp_path / "run.rec")
    left = shutil.copy(tmp_path / "run.rec.part", tmp_path / "left.rec")
    recorder.abandon()
    run = RecordedRun(Path(left))
    assert run.is_cut_short
    assert list(run.lines()) == lines_of(whole)[: len(list(run.lines()))]
    assert len(list(run.lines())) >= TICKS - EVERY.total_seconds() / 5


@given(share=st.floats(0, 1))
def test_a_file_cut_anywhere_tells_a_part_of_the_truth_or_nothing(
    share: float, whole: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    data = whole.read_bytes()
    cut = tmp_path_factory.mktemp("cut") / "cut.rec"
    cut.write_bytes(data[: int(share * len(data))])
    truth = lines_of(whole)
    try:
        found = lines_of(cut)
    except BadRecording:
        return
    assert found == truth[: len(found)]
    assert RecordedRun(cut).is_cut_short or found == truth


@given(share=st.floats(0, 1, exclude_max=True), flip=st.integers(1, 255))
def test_a_byte_that_was_changed_is_noticed_or_changes_nothing(
    share: float, flip: int, whole: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    data = bytearray(whole.read_bytes())
    data[int(share * len(data))] ^= flip
    bad = tmp_path_factory.mktemp("bad") / "bad.rec"
    bad.write_bytes(data)
    try:
        run = RecordedRun(bad)
        found = list(run.lines())
        snapshots = [run.state(at) for at in map(run.snapshot_before, (line.at for line in found)) if at is not None]
    except BadRecording as trouble:
        assert "take another copy" in str(trouble) or "give a file" in str(trouble) or "too early" in str(trouble)
        return
    truth = RecordedRun(whole)
    assert found == lines_of(whole)[: len(found)]
    assert run.is_cut_short or len(found) == TICKS
    assert snapshots == [
        truth.state(at) for at in map(truth.snapshot_before, (line.at for line in found)) if at is not None
    ]


def test_a_foreign_file_is_refused_with_what_to_do(tmp_path: Path) -> None:
    foreign = tmp_path / "foreign.zip"
    with ZipFile(foreign, "w") as zipped:
        zipped.writestr("readme.txt", "hello")
    with pytest.raises(BadRecording, match="is no recording; give a file that"):
        RecordedRun(foreign)
    nothing = tmp_path / "nothing.rec"
    nothing.write_bytes(b"")
    assert not is_recording(nothing)
    with pytest.raises(BadRecording, match="is no recording"):
        RecordedRun(nothing)
    with pytest.raises(BadRecording, match="check the name"):
        RecordedRun(tmp_path / "absent.rec")


def test_a_newer_format_is_refused_with_both_numbers(tmp_path: Path, whole: Path) -> None:
    newer = tmp_path / "newer.rec"
    with ZipFile(whole) as old, ZipFile(newer, "w") as new:
        for name in old.namelist():
            data = old.read(name)
            changed = json.dumps(json.loads(data) | {"version": 9}).encode() if name == "header.json" else data
            new.writestr(name, changed)
    with pytest.raises(BadRecording, match="has format 9, this program reads up to 1"):
        RecordedRun(newer)


def test_a_recording_that_cannot_be_written_says_where(tmp_path: Path) -> None:
    with pytest.raises(BadRecording, match="choose another place"):
        ticking(tmp_path / "nowhere" / "run.rec")

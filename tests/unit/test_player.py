"""A player stands where it is told to, goes as fast as it is told to, and looks at no clock."""

from datetime import timedelta
from math import inf
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from parking.codec import digest
from parking.domain.errors import BadRecording
from parking.recording.player import Player
from parking.recording.run import RecordedRun
from tests.unit.ticking import NOON, TICKS, ticking


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Five minutes, with a snapshot each minute."""
    file = tmp_path_factory.mktemp("player") / "whole.rec"
    ticking(file).finish()
    return file


def test_play_takes_as_long_as_the_street_at_its_speed(whole: Path) -> None:
    player = Player(RecordedRun(whole))
    assert player.waits_s(0.0) is None
    player.set_speed(10.0, 100.0)
    player.play(100.0)
    player.step()
    assert player.waits_s(100.0) == pytest.approx(0.5, abs=0.01)
    assert player.waits_s(100.6) == 0.0
    player.pause()
    assert player.waits_s(1e9) is None
    player.set_speed(inf, 0.0)
    player.play(0.0)
    assert player.waits_s(0.0) == 0.0


def test_faster_and_slower_go_one_step_and_end_at_the_ends(whole: Path) -> None:
    player = Player(RecordedRun(whole))
    player.set_speed(60.0, 0.0)
    player.faster(0.0)
    assert player.speed == 120.0
    player.slower(0.0)
    player.slower(0.0)
    assert player.speed == 20.0
    for _ in range(30):
        player.slower(0.0)
    assert player.speed == 1.0
    for _ in range(30):
        player.faster(0.0)
    assert player.speed == inf
    with pytest.raises(BadRecording, match="above 0"):
        player.set_speed(0.0, 0.0)


def test_stepping_to_the_end_is_identical_and_then_over(whole: Path) -> None:
    player = Player(RecordedRun(whole))
    turned = [player.step() for _ in range(TICKS)]
    assert all(one is not None and one.is_identical for one in turned)
    assert player.is_over
    assert player.step() is None


@given(first=st.integers(0, TICKS + 5), second=st.integers(-5, TICKS + 5))
def test_seeking_forth_and_back_stands_where_an_uninterrupted_run_stood(first: int, second: int, whole: Path) -> None:
    player, straight = Player(RecordedRun(whole)), Player(RecordedRun(whole))
    player.seek(NOON + timedelta(seconds=5 * first))
    player.seek(NOON + timedelta(seconds=5 * second + 2))
    for _ in range(max(0, min(second, TICKS))):
        straight.step()
    assert player.engine.save() == straight.engine.save()
    one, other = player.step(), straight.step()
    assert (one and digest(one.decisions)) == (other and digest(other.decisions))

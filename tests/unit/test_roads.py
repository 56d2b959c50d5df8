"""How sections and entrance queues stand."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from parking.codec import encode
from parking.congestion.levels import level_of
from parking.congestion.queues import Queues
from parking.congestion.roads import Roads
from parking.domain.errors import NotFound
from parking.domain.ids import SectionId
from parking.domain.roadstate import ROAD_LEVELS, RoadLevel
from parking.domain.settings import RoadSettings
from parking.pack import pack, unpack
from tests.makers import a_lot, a_queue_reading, a_section, a_traffic_reading, at

LIMITS = RoadSettings()
R1 = SectionId("R1")


def some_roads() -> Roads:
    return Roads([a_section("R1"), a_section("R2")], LIMITS)


def level_after(*speeds: float | None, loop_share: float = 0.1) -> RoadLevel:
    """R1's level after one reading a minute."""
    roads = some_roads()
    for minute, speed in enumerate(speeds):
        roads.take(a_traffic_reading(speed, at(60 * minute), seq=minute, loop_occupancy_share=loop_share))
        roads.judge(at(60 * minute + 1))
    return roads.state(R1).level


@pytest.mark.parametrize(
    ("speed", "level"),
    [(40, "free"), (28, "mostly_free"), (20, "light"), (16, "moderate"), (12, "severe"), (0, "severe")],
)
def test_a_level_is_a_share_of_the_streets_own_free_flow(speed: float, level: str) -> None:
    assert level_after(speed) == level


def test_no_car_on_an_empty_loop_is_a_free_road() -> None:
    assert level_after(None, loop_share=0.0) is RoadLevel.FREE


def test_no_car_over_a_covered_loop_is_a_standstill() -> None:
    assert level_after(None, loop_share=0.9) is RoadLevel.SEVERE


def test_one_slow_minute_is_smoothed() -> None:
    assert level_after(40, 40, 18) is RoadLevel.MOSTLY_FREE
    assert level_after(40, 40, 9, 9, 9, 9) is RoadLevel.SEVERE


def test_a_section_nobody_hears_is_unknown_and_never_jammed() -> None:
    roads = some_roads()
    assert [state.level for state in roads.judge(at(0))] == [RoadLevel.UNKNOWN, RoadLevel.UNKNOWN]
    roads.take(a_traffic_reading(5.0, at(0)))
    assert [state.level for state in roads.judge(at(5))] == [RoadLevel.SEVERE]
    assert roads.judge(at(150)) == ()
    (silent,) = roads.judge(at(155))
    assert (silent.level, silent.speed_kmh, silent.since, silent.heard_at) == (RoadLevel.UNKNOWN, None, at(155), at(0))
    assert roads.slow() == ()


def test_a_level_keeps_the_time_it_began() -> None:
    roads = some_roads()
    for minute in range(5):
        roads.take(a_traffic_reading(12.0, at(60 * minute), seq=minute))
        roads.judge(at(60 * minute))
    assert roads.state(R1).since == at(0)
    assert roads.state(R1).at == at(240)


def test_late_readings_are_history_only() -> None:
    roads = some_roads()
    roads.take(a_traffic_reading(40.0, at(60)))
    roads.take(a_traffic_reading(1.0, at(0)))
    roads.judge(at(61))
    assert roads.state(R1).speed_kmh == 40.0


def test_a_road_nobody_knows_is_passed_over() -> None:
    roads = some_roads()
    roads.take(a_traffic_reading(1.0, section=SectionId("R99")))
    roads.judge(at(0))
    with pytest.raises(NotFound):
        roads.state(SectionId("R99"))


@given(ratios=st.lists(st.floats(0.27, 0.33), max_size=50))
def test_a_speed_that_swings_within_the_dead_band_changes_the_level_at_most_once(ratios: list[float]) -> None:
    level, levels = RoadLevel.FREE, []
    for ratio in ratios:
        level = level_of(ratio, LIMITS.level_ratios, LIMITS.dead_band, level)
        levels.append(level)
    words = [word for i, word in enumerate(levels) if i == 0 or word is not levels[i - 1]]
    assert words in ([], [RoadLevel.MODERATE], [RoadLevel.SEVERE], [RoadLevel.MODERATE, RoadLevel.SEVERE])


@given(ratio=st.floats(0, 2), before=st.sampled_from(ROAD_LEVELS))
def test_a_level_is_never_better_than_its_ratio_and_at_most_a_dead_band_worse(ratio: float, before: RoadLevel) -> None:
    level = ROAD_LEVELS.index(level_of(ratio, LIMITS.level_ratios, LIMITS.dead_band, before))
    exact = sum(ratio <= limit for limit in LIMITS.level_ratios)
    worse = sum(ratio - LIMITS.dead_band <= limit for limit in LIMITS.level_ratios)
    assert exact <= level <= worse


hours = st.lists(
    st.tuples(st.sampled_from(["R1", "R2"]), st.none() | st.floats(0, 60), st.integers(0, 200)), max_size=25
)


@settings(max_examples=60, deadline=None)
@given(hour=hours, cut=st.integers(0, 25))
def test_a_restart_in_the_middle_changes_no_level(hour: list[tuple[str, float | None, int]], cut: int) -> None:
    def live(roads: Roads, first: int, last: int) -> list[bytes]:
        said = []
        for tick, (section, speed, pause) in list(enumerate(hour))[first:last]:
            roads.take(
                a_traffic_reading(speed, at(60 * tick + pause), section=SectionId(section), device=f"loop-{section}")
            )
            said.append(encode((roads.judge(at(60 * tick + pause)), roads.slow())))
        return said

    one, other = some_roads(), some_roads()
    live(one, 0, cut)
    other.load(unpack(pack(one.save())))
    assert live(one, cut, 99) == live(other, cut, 99)


def test_a_queue_overflows_when_more_cars_wait_than_the_access_road_holds() -> None:
    queues = Queues([a_lot("P01", queue_room=6)])
    queues.take(a_queue_reading(6))
    assert queues.overflowing(at(1), 7.0) == ()
    queues.take(a_queue_reading(7, at(5)))
    (queue,) = queues.overflowing(at(6), 7.0)
    assert (queue.vehicles, queue.metres) == (7.0, 49.0)


def test_a_measured_queue_counts_in_cars() -> None:
    queues = Queues([a_lot("P01", queue_room=6)])
    queues.take(a_queue_reading(queue_m=70.0))
    (queue,) = queues.overflowing(at(1), 7.0)
    assert (queue.vehicles, queue.metres) == (10.0, 70.0)


def test_an_old_queue_is_nobodys_knowledge() -> None:
    queues = Queues([a_lot("P01", queue_room=6)])
    queues.take(a_queue_reading(20))
    queues.take(a_queue_reading(0, at(-60)))
    assert queues.overflowing(at(120), 7.0)
    assert queues.overflowing(at(121), 7.0) == ()

"""What a run is judged by: journeys, looks at the street, and numbers over seeds."""

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from parking.domain.guidance import State
from sim.core.fields import T_ORIGIN
from sim.journeys import GAVE_UP_S, Journey, Journeys
from sim.measures import measure, paired, percentile, ratio, together
from sim.policies import Order
from sim.shipped import load_demand
from sim.street import Street
from sim.tally import Tally
from sim.trip import Trips
from sim.wire import Show
from tests.unit.staged import line_up, slow_down
from tests.unit.test_street import a_street, light, the_town

LOTS = [str(lot.id) for lot in the_town().lots]


def a_journey(**changes: object) -> Journey:
    fields: dict[str, Any] = {
        "has_parked": True,
        "search_s": 60.0,
        "after_first_lot_s": 20.0,
        "detour_m": 500.0,
        "walk_m": 100.0,
        "door_to_door_s": 600.0,
        "failures": 0,
        "guided": 1,
        "misled": 0,
    }
    return Journey(**fields | changes)


def watched(minutes: int = 60, text: str = "", compliance: float | None = None) -> Street:
    street = a_street() if compliance is None else a_street(compliance=compliance)
    street.watch(watched=True)
    if text:
        light(street, text)
    street.advance(street.now + 60 * minutes)
    return street


def judged(street: Street, **changes: object) -> Journey:
    """One driver who came to lot 0 from portal 0, as changed."""
    fields: dict[str, Any] = {
        "token": 1,
        "at": 1000.0,
        "origin": street.ledger.state.t[0 + T_ORIGIN],
        "destination": 0,
        "lot": -1,
        "last_lot": 0,
        "settled_at": 1400.0,
        "first_at": 1300.0,
        "metres": 0.0,
        "failures": 1,
        "guided": 0,
        "misled": 0,
    }
    row = Trips._make(np.array([value]) for value in (fields | changes).values())
    return Journeys(street, load_demand("fengjie")).judge(row)[0]


def test_everybody_who_sets_out_is_watched_and_their_ends_are_the_streets_counts() -> None:
    street = watched()
    trips = street.trips
    settled = np.isfinite(trips.settled_at)
    assert len(trips.at) == street.counts.set_out > 500
    assert np.sum(trips.lot >= 0) == street.counts.parked
    assert np.sum(settled & (trips.lot < 0)) == street.counts.gave_up
    assert trips.failures.sum() == street.counts.turned_away
    assert np.sum(~settled) == street.under_way == street.watched_looking


def test_nobody_is_quicker_than_the_free_direct_way() -> None:
    street = watched()
    trips = street.trips
    journeys = Journeys(street, load_demand("fengjie")).judge(trips)
    for journey, settled_at, at in zip(journeys, trips.settled_at, trips.at, strict=True):
        if np.isfinite(settled_at):
            assert 0 <= journey.after_first_lot_s <= settled_at - at
            assert journey.door_to_door_s >= settled_at - at


def test_a_driver_who_finds_a_bay_at_once_searched_for_nothing_and_drove_no_detour() -> None:
    street = watched(20, compliance=0.0)
    trips = street.trips
    which = (trips.lot >= 0) & (trips.failures == 0) & (trips.settled_at == trips.first_at)
    smooth = Journeys(street, load_demand("fengjie")).judge(Trips._make(column[which] for column in trips))
    assert len(smooth) > 50
    assert all(one.detour_m < 1 for one in smooth)
    assert all(one.failures == 0 and one.after_first_lot_s == 0 for one in smooth)


def test_who_never_parks_does_not_look_like_one_who_arrived_early() -> None:
    journey = judged(watched(1))
    assert not journey.has_parked
    assert journey.walk_m is None
    assert journey.door_to_door_s == 400 + GAVE_UP_S
    assert journey.after_first_lot_s == 100


def test_who_is_still_under_way_counts_as_having_given_up_now() -> None:
    street = watched(1)
    journey = judged(street, at=street.now - 900, settled_at=float("nan"), first_at=float("nan"))
    assert not journey.has_parked
    assert journey.door_to_door_s == 900 + GAVE_UP_S


def test_signs_that_promise_room_in_full_lots_are_caught() -> None:
    promised, silent = watched(90, "50").trips, watched(90).trips
    assert silent.guided.sum() == 0
    assert 0 < promised.misled.sum() < promised.guided.sum()
    assert watched(90, "50", compliance=0.0).trips.guided.sum() == 0


def an_order(texts: tuple[str, ...], words: tuple[State, ...], sign: str = "G07") -> Order:
    return Order(sign, Show(1, 1, 0.0, 180.0, 180.0, texts), words)


def test_a_change_is_a_change_of_the_word_never_of_the_number() -> None:
    tally = Tally(the_town())
    free, full = State.FREE, State.FULL
    for texts, words in ((("9", "8"), (free, free)), (("7", "8"), (free, free)), (("7", "满"), (free, full))):
        tally.hear([an_order(texts, words)])
    assert tally.changes == 1


def test_queues_on_the_road_and_jams_are_looked_at_as_they_are() -> None:
    street, tally = a_street(), Tally(the_town())
    tally.look(street, ())
    before = (tally.spilled, tally.jammed)
    p15 = LOTS.index("P15")
    line_up(street, p15, street.carparks[p15].lot.queue_room + 1)
    slow_down(street, 0, 0.29 * the_town().sections[0].limit_kmh)
    slow_down(street, 1, 0.31 * the_town().sections[1].limit_kmh)
    tally.look(street, ())
    assert (tally.spilled - 2 * before[0], tally.jammed - 2 * before[1]) == (1, 1)


def test_the_error_of_a_belief_is_a_share_of_the_lot_and_ignorance_is_no_error() -> None:
    street, tally = a_street(), Tally(the_town())
    believed = [None, *(float(park.taken) for park in street.carparks[1:])]
    believed[1] = street.carparks[1].taken + 0.1 * street.carparks[1].capacity
    tally.look(street, believed)
    assert tally.beliefs == len(LOTS) - 1
    assert tally.errors == pytest.approx(0.1)


def test_measures_are_per_driver_per_lot_hour_and_in_minutes() -> None:
    tally = Tally(the_town())
    tally.looks, tally.spilled, tally.jammed, tally.changes = 720, 24, 12, 2 * tally.panels
    tally.queued, tally.longest = 240, 9
    lost = a_journey(has_parked=False, walk_m=None, search_s=180.0, failures=3, guided=3, misled=1, detour_m=1500.0)
    found = measure([a_journey(), lost], tally, 5)
    assert found["search_s_mean"] == 120
    assert found["search_s_p95"] == 180
    assert found["failures_per_driver"] == 1.5
    assert found["cruising_km_mean"] == 1
    assert found["walk_m_mean"] == 100
    assert found["not_parked_share"] == 0.5
    assert found["followed_to_full_share"] == 0.25
    assert (found["queued_car_min"], found["longest_queue_cars"]) == (20, 9)
    assert (found["spillback_min"], found["jammed_section_min"]) == (2, 1)
    assert found["changes_per_lot_hour"] == 2
    assert found["occupancy_mae_share"] is None


def test_a_street_without_drivers_has_no_means() -> None:
    found = measure([], Tally(the_town()), 5)
    assert found["search_s_mean"] is found["search_s_p95"] is found["followed_to_full_share"] is None


@given(values=st.lists(st.floats(0, 1e4), min_size=1, max_size=60))
def test_a_percentile_is_one_of_the_values_and_enough_do_not_exceed_it(values: list[float]) -> None:
    p95 = percentile(values, 0.95)
    assert p95 in values
    assert sum(value <= p95 for value in values) >= 0.95 * len(values) - 1e-9


def test_the_ninety_fifth_of_a_hundred_is_the_ninety_fifth() -> None:
    assert percentile([float(n) for n in range(100, 0, -1)], 0.95) == 95


def test_seeds_together_give_mean_and_deviation_and_never_hide_a_missing_one() -> None:
    assert together([1.0, 3.0]) == {"mean": 2.0, "sd": 1.414214, "by_seed": [1.0, 3.0]}
    assert together([2.0]) == {"mean": 2.0, "sd": None, "by_seed": [2.0]}
    assert together([1.0, None]) == {"mean": None, "sd": None, "by_seed": [1.0, None]}


def test_pairs_are_ratios_seed_by_seed() -> None:
    found = paired({"search_s_mean": [50.0, 80.0]}, {"search_s_mean": [100.0, 100.0]})
    assert found == {"search_s_mean": {"ratio_mean": 0.65, "ratio_by_seed": [0.5, 0.8]}}
    assert paired({"x": [1.0]}, {"x": [0.0]})["x"] == {"ratio_mean": None, "ratio_by_seed": [None]}
    assert ratio(None, 3.0) is None

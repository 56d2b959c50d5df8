"""Laws of signs over random streets: never more than there is, never old, and the same after a restart."""

from typing import Any

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from parking.codec import encode
from parking.domain.guidance import Guidance, State
from parking.domain.ids import SignId
from parking.domain.inputs import Override, OverrideMode
from parking.domain.occupancy import QUALITIES, Quality
from parking.domain.settings import SignSettings
from parking.domain.sign import Level
from parking.pack import pack, unpack
from signage.choose import Chooser, LotView
from tests.makers import NOON, a_lot, a_panel, a_sign, at

CAPACITY = np.array([30, 50, 200])
LOTS = tuple(a_lot(f"P{i + 1:02}", int(CAPACITY[i])) for i in range(3))
SIGNS = (
    a_sign("G01", a_panel("P01", "P02", area="A1"), a_panel("P03", line=2, area="A2"), level=Level.AREA),
    a_sign("G02", a_panel("P01"), a_panel("P03", line=2), a_panel("P02", line=3)),
    a_sign("G03", a_panel("P02", travel_s=0.0), level=Level.ENTRANCE),
)
NAMES: dict[str, list[tuple[str, ...]]] = {
    "G01": [("P01", "P02"), ("P03",)],
    "G02": [("P01",), ("P03",), ("P02",)],
    "G03": [("P02",)],
}


def a_view(lots: list[tuple[int, int, bool, int]], p_free: float) -> LotView:
    free, quality, closed, fresh = zip(*lots, strict=True)
    return LotView(
        free=np.array(free),
        capacity=CAPACITY,
        quality=np.array(quality, dtype=np.int8),
        closed=np.array(closed),
        fresh=np.array(fresh),
        p_free=np.full(7, p_free),
    )


one_lot = st.tuples(st.integers(-1, 250), st.integers(0, 3), st.booleans(), st.integers(0, 3))
views = st.builds(
    a_view,
    lots=st.lists(one_lot, min_size=3, max_size=3),
    p_free=st.sampled_from([0.2, 0.6, 1.0, float("nan")]),
)
hands = st.builds(
    Override,
    sign=st.sampled_from([SignId("G01"), SignId("G02")]),
    mode=st.sampled_from(OverrideMode),
    texts=st.just(("绕行",)),
    actor=st.just("operator"),
    reason=st.just("works"),
    at=st.just(NOON),
    until=st.integers(0, 600).map(at),
)
days = st.lists(st.one_of(views, views, views, hands), min_size=1, max_size=30)


def live(chooser: Chooser, day: list[Any], first: int = 0) -> list[tuple[LotView, tuple[Guidance, ...], bytes]]:
    """Turn the chooser through a day; what it saw and said on each tick."""
    said = []
    for tick, happens in enumerate(day, first):
        if isinstance(happens, Override):
            chooser.override(happens)
        else:
            choice = chooser.choose(at(tick * 15), happens)
            said.append((happens, choice.guidance, encode((choice.guidance, choice.states.tolist()))))
    return said


@settings(max_examples=150, deadline=None)
@given(day=st.lists(views, min_size=1, max_size=20))
def test_no_panel_shows_more_than_the_lots_hold_nor_less_than_none_nor_old_or_closed_lots(day: list[Any]) -> None:
    index: dict[str, int] = {lot.id: i for i, lot in enumerate(LOTS)}
    stale = QUALITIES.index(Quality.STALE)
    for view, guidance, _ in live(Chooser(SIGNS, LOTS, SignSettings()), day):
        for one in guidance:
            for row, names in zip(one.rows, NAMES[one.sign], strict=True):
                usable = [
                    i
                    for i in map(index.__getitem__, names)
                    if view.quality[i] < stale and not view.closed[i] and view.free[i] >= 0
                ]
                most = sum(min(int(view.free[i]), int(CAPACITY[i])) for i in usable)
                if row.state in (State.FREE, State.LIMITED):
                    assert usable
                    assert row.free is not None
                    assert 0 <= row.free <= most <= CAPACITY.sum()
                    assert row.text == str(row.free)
                else:
                    assert not row.text.isdigit()


@settings(max_examples=100, deadline=None)
@given(day=days, cut=st.integers(0, 30))
def test_a_restart_in_the_middle_changes_nothing_afterwards(day: list[Any], cut: int) -> None:
    cut = min(cut, len(day))
    chooser, restarted = Chooser(SIGNS, LOTS, SignSettings()), Chooser(SIGNS, LOTS, SignSettings())
    live(chooser, day[:cut])
    restarted.load(unpack(pack(chooser.save())))
    assert [said for *_, said in live(restarted, day[cut:], cut)] == [
        said for *_, said in live(chooser, day[cut:], cut)
    ]


@settings(max_examples=60, deadline=None)
@given(day=days)
def test_sequences_grow_by_one_for_each_sign_and_every_guidance_has_an_end(day: list[Any]) -> None:
    last: dict[str, int] = {}
    for _, guidance, _ in live(Chooser(SIGNS, LOTS, SignSettings()), day):
        for one in guidance:
            assert one.sequence == last.get(one.sign, 0) + 1
            assert one.until > one.at
            assert len(one.why) == len(one.rows)
            last[one.sign] = one.sequence

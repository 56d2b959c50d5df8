"""What signs are told: numbers, areas, renewals, an operator's hand."""

import time
from datetime import timedelta
from typing import Any

import numpy as np

from parking.domain.guidance import STATES, Colour, Guidance, State
from parking.domain.ids import SignId
from parking.domain.inputs import Override, OverrideMode
from parking.domain.occupancy import QUALITIES, Quality
from parking.domain.settings import SignSettings
from parking.domain.sign import Level
from signage.choose import Chooser, LotView
from tests.makers import NOON, a_lot, a_panel, a_sign, at

LOTS = (a_lot("P01", 100), a_lot("P02", 50), a_lot("P03", 200))
AREA = a_sign("G01", a_panel("P01", "P02", area="A1"), level=Level.AREA)
BLOCK = a_sign("G02", a_panel("P01", travel_s=120.0), a_panel("P03", line=2, travel_s=240.0))
DOOR = a_sign("G03", a_panel("P02", travel_s=0.0), level=Level.ENTRANCE)
SIGNS = (AREA, BLOCK, DOOR)
DEGRADED, STALE = QUALITIES.index(Quality.DEGRADED), QUALITIES.index(Quality.STALE)


def a_chooser() -> Chooser:
    return Chooser(SIGNS, LOTS, SignSettings())


def a_view(*free: int, **columns: np.ndarray) -> LotView:
    fields: dict[str, Any] = {
        "free": np.array(free),
        "capacity": np.array([100, 50, 200]),
        "quality": np.where(np.array(free) < 0, STALE, 0).astype(np.int8),
        "closed": np.zeros(3, dtype=bool),
        "fresh": np.full(3, 9),
        "p_free": np.ones(6),
    }
    return LotView(**fields | columns)


def by_sign(guidance: tuple[Guidance, ...]) -> dict[str, Guidance]:
    return {one.sign: one for one in guidance}


def texts_of(guidance: Guidance) -> list[str]:
    return [row.text for row in guidance.rows]


def test_single_panels_come_first_then_every_lot_for_its_own_word() -> None:
    chooser = a_chooser()
    assert chooser.row_lot.tolist() == [0, 2, 1, 0, 1, 2]
    assert chooser.travel_s.tolist() == [120.0, 240.0, 0.0, 0.0, 0.0, 0.0]


def test_every_sign_is_told_on_the_first_tick() -> None:
    choice = a_chooser().choose(NOON, a_view(60, 20, 10))
    told = by_sign(choice.guidance)
    assert {sign: texts_of(one) for sign, one in told.items()} == {"G01": ["80"], "G02": ["60", "10"], "G03": ["20"]}
    assert [row.colour for row in told["G02"].rows] == [Colour.GREEN, Colour.YELLOW]
    assert told["G01"].until == at(180)
    assert [STATES[code] for code in choice.states] == [State.FREE, State.FREE, State.LIMITED]


def test_a_new_number_is_told_at_once_but_is_no_change() -> None:
    chooser = a_chooser()
    chooser.choose(NOON, a_view(60, 20, 100))
    (told,) = chooser.choose(at(5), a_view(60, 20, 99)).guidance
    assert (told.sign, texts_of(told), told.sequence, told.changed) == ("G02", ["60", "99"], 2, False)


def test_a_new_word_is_a_change() -> None:
    chooser = a_chooser()
    chooser.choose(NOON, a_view(60, 20, 100))
    told = by_sign(chooser.choose(at(5), a_view(60, 0, 100)).guidance)
    assert told["G03"].changed
    assert texts_of(told["G03"]) == ["满"]
    assert not told["G01"].changed, "the area still has 60 of 150"


def test_an_area_counts_only_trusted_open_lots() -> None:
    def area(*free: int, **columns: np.ndarray) -> Guidance:
        return by_sign(a_chooser().choose(NOON, a_view(*free, **columns)).guidance)["G01"]

    assert texts_of(area(-1, 20, 9)) == ["20"]
    assert texts_of(area(60, 20, 9, closed=np.array([True, False, False]))) == ["20"]
    assert texts_of(area(-1, -1, 9)) == ["--"]
    assert texts_of(area(60, 20, 9, closed=np.array([True, True, False]))) == ["关闭"]
    assert texts_of(area(-1, 20, 9, closed=np.array([False, True, False]))) == ["--"]
    assert texts_of(area(60, 1, 9)) == ["60"], "what is left of a full lot is promised to nobody"
    assert texts_of(area(2, 1, 9)) == ["满"]


def test_a_degraded_number_may_stand_and_a_stale_one_may_not() -> None:
    quality = np.array([DEGRADED, STALE, 0], dtype=np.int8)
    told = by_sign(a_chooser().choose(NOON, a_view(60, 20, 90, quality=quality)).guidance)
    assert texts_of(told["G02"]) == ["60", "90"]
    assert texts_of(told["G03"]) == ["--"]
    assert told["G03"].why[0].rule == "stale"


def test_early_full_is_said_where_it_is_true_and_nowhere_else() -> None:
    p_free = np.array([0.3, 1.0, 1.0, 1.0, 1.0, 1.0])
    choice = a_chooser().choose(NOON, a_view(12, 20, 90, p_free=p_free))
    told = by_sign(choice.guidance)["G02"]
    assert texts_of(told) == ["满", "90"]
    assert told.why[0].rule == "full_on_arrival"
    assert told.why[0].numbers == {"capacity": 100.0, "free": 12.0, "p_free": 0.3, "travel_s": 120.0}
    assert STATES[choice.states[0]] is State.LIMITED, "at the lot itself there is still a bay"


def test_a_chance_nobody_can_tell_leaves_the_word_to_the_count() -> None:
    told = by_sign(a_chooser().choose(NOON, a_view(12, 20, 90, p_free=np.full(6, np.nan))).guidance)
    assert texts_of(told["G02"]) == ["12", "90"]


def test_unchanged_guidance_is_renewed_within_the_minute_and_never_in_between() -> None:
    chooser = a_chooser()
    chooser.choose(NOON, a_view(60, 20, 100))
    told = [
        (tick, one.sign) for tick in range(1, 49) for one in chooser.choose(at(5 * tick), a_view(60, 20, 100)).guidance
    ]
    assert told[:6] == [(4, "G01"), (8, "G02"), (12, "G03"), (16, "G01"), (20, "G02"), (24, "G03")]
    assert len(told) == 12


def a_hand(mode: OverrideMode, until_s: float = 100.0, sign: str = "G02") -> Override:
    return Override(SignId(sign), mode, ("绕行", "前方施工"), "operator", "works", NOON, at(until_s))


def test_a_hand_on_a_sign_holds_it_until_its_end_and_auto_returns_by_itself() -> None:
    chooser = a_chooser()
    chooser.choose(NOON, a_view(60, 20, 100))
    chooser.override(a_hand(OverrideMode.MESSAGE))
    told = by_sign(chooser.choose(at(5), a_view(59, 20, 99)).guidance)["G02"]
    assert texts_of(told) == ["绕行", "前方施工"]
    assert told.why[0].rule == "override_message"
    assert "G02" not in by_sign(chooser.choose(at(10), a_view(58, 20, 98)).guidance), "the hand decides, not the count"
    assert texts_of(by_sign(chooser.choose(at(65), a_view(58, 20, 98)).guidance)["G02"]) == ["绕行", "前方施工"]
    back = by_sign(chooser.choose(at(100), a_view(58, 20, 98)).guidance)["G02"]
    assert texts_of(back) == ["58", "98"]
    assert back.changed


def test_a_blank_sign_comes_back_even_when_its_lot_is_unknown() -> None:
    chooser = a_chooser()
    chooser.choose(NOON, a_view(60, -1, 100))
    chooser.override(a_hand(OverrideMode.BLANK, sign="G03"))
    assert texts_of(by_sign(chooser.choose(at(5), a_view(60, -1, 100)).guidance)["G03"]) == [""]
    chooser.override(a_hand(OverrideMode.AUTO, sign="G03"))
    assert texts_of(by_sign(chooser.choose(at(10), a_view(60, -1, 100)).guidance)["G03"]) == ["--"]


def test_a_hand_on_a_sign_nobody_knows_changes_nothing() -> None:
    chooser = a_chooser()
    chooser.choose(NOON, a_view(60, 20, 100))
    chooser.override(a_hand(OverrideMode.BLANK, sign="G99"))
    assert chooser.choose(at(5), a_view(60, 20, 100)).guidance == ()


def test_new_thresholds_count_from_the_next_choice_on() -> None:
    chooser = a_chooser()
    chooser.choose(NOON, a_view(60, 20, 100))
    chooser.configure(SignSettings(full_enter_bays=30, full_leave_bays=40))
    told = by_sign(chooser.choose(at(60), a_view(60, 20, 100)).guidance)
    assert texts_of(told["G03"]) == ["满"]


def test_a_quiet_tick_costs_next_to_nothing() -> None:
    lots = tuple(a_lot(f"P{i:02}") for i in range(16))
    signs = tuple(a_sign(f"G{s:02}", *(a_panel(f"P{s:02}", line=n) for n in range(1, 4))) for s in range(12))
    chooser = Chooser(signs, lots, SignSettings(renew_s=1e6, valid_s=1e7))
    count = len(chooser.row_lot)
    view = LotView(
        np.full(16, 50), np.full(16, 100), np.zeros(16, np.int8), np.zeros(16, bool), np.full(16, 9), np.ones(count)
    )
    chooser.choose(NOON, view)
    chooser.choose(at(1e6), view)
    begun, now, turns = time.perf_counter(), at(1e6), 200
    for _ in range(turns):
        now += timedelta(seconds=5)
        assert chooser.choose(now, view).guidance == ()
    assert (time.perf_counter() - begun) / turns < 0.002, "twenty times what it takes on an idle machine"

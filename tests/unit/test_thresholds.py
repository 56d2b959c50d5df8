"""Thresholds by name: what is meant is found, what does not fit is refused with what would."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from parking.domain.errors import BadSettings
from parking.domain.settings import Settings, SignSettings
from parking.domain.thresholds import changed, crossings, differences, flat, read_changes


def test_a_threshold_is_changed_by_its_dotted_name_and_nothing_else_is() -> None:
    other = changed(Settings(), read_changes(["signs.full_enter_share=0.05", "alerts.filling_within_min=20"]))
    assert differences(Settings(), other) == {
        "signs.full_enter_share": (0.02, 0.05),
        "alerts.filling_within_min": (30, 20),
    }


@given(name=st.sampled_from(sorted(flat(Settings()))))
def test_every_threshold_takes_its_own_default(name: str) -> None:
    default = flat(Settings())[name]
    text = str(list(default)) if isinstance(default, tuple) else str(default)
    changes = read_changes([f"{name}={text}"])
    assert changed(Settings(), changes) == Settings()
    assert type(changes[name]) is type(default)


def test_an_unknown_threshold_is_answered_with_the_near_ones() -> None:
    with pytest.raises(BadSettings, match=r"did you mean signs\.full_enter_bays"):
        read_changes(["signs.full_enter_bay=3"])
    with pytest.raises(BadSettings, match=r"did you mean signs\.full_enter_share"):
        read_changes(["full_enter_share=0.05"])


@pytest.mark.parametrize(
    ("word", "said"),
    [
        ("signs.full_enter_share=much", "does not fit; write it like 0.02"),
        ("signs.full_enter_share", "does not fit"),
        ("signs.full_enter_share=1.5", "more than 1; write a share"),
        ("signs.calm_s=-1", "below 0"),
        ("signs.calm_s=true", "does not fit"),
        ("signs.calm_s=1e999", "does not fit"),
        ("signs.full_enter_bays=2.5", "does not fit; write it like 2"),
        ("roads.level_ratios=[0.7,0.5]", "give 4 numbers"),
        ("forecast.quantiles=[0.1,0.9]", "hold 0.5"),
        ("forecast.horizons_min=[30,15]", "horizons grow"),
        ("forecast.step_min=0", "no length of time"),
    ],
)
def test_a_value_that_does_not_fit_is_refused_with_what_would(word: str, said: str) -> None:
    with pytest.raises(BadSettings, match=said):
        read_changes([word])


def test_all_errors_are_told_at_once() -> None:
    with pytest.raises(BadSettings) as trouble:
        read_changes(["signs.calm=1", "signs.calm_s=x", "signs.calm_s=3"])
    assert len(trouble.value.problems) == 2


@pytest.mark.parametrize(
    ("changes", "count"), [({}, 0), ({"signs.full_enter_share": 0.05}, 1), ({"signs.full_enter_share": 0.04}, 0)]
)
def test_thresholds_that_cross_are_named(changes: dict[str, Any], count: int) -> None:
    assert len(crossings(changed(Settings(), changes))) == count


def test_a_change_knows_the_part_it_belongs_to() -> None:
    assert changed(Settings(), {"version": 4, "signs.calm_s": 1.0}) == Settings(
        version=4, signs=SignSettings(calm_s=1.0)
    )

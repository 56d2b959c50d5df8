"""What lamps spell."""

import pytest

from parking.domain.guidance import Colour, State
from parking.domain.ids import SignId
from parking.domain.inputs import Override, OverrideMode
from signage.wording import neutral_row, override_row, row, texts
from tests.makers import NOON, a_guidance, at


@pytest.mark.parametrize(
    ("state", "free", "text", "colour", "told"),
    [
        (State.FREE, 42, "42", Colour.GREEN, 42),
        (State.LIMITED, 7, "7", Colour.YELLOW, 7),
        (State.FULL, 1, "满", Colour.RED, 0),
        (State.CLOSED, 9, "关闭", Colour.RED, None),
        (State.UNKNOWN, None, "--", Colour.OFF, None),
    ],
)
def test_a_word_has_its_text_its_colour_and_its_number(
    state: State, free: int, text: str, colour: Colour, told: int | None
) -> None:
    one = row(1, state, free)
    assert (one.text, one.colour, one.free) == (text, colour, told)


def test_a_neutral_panel_says_nothing_about_free_bays() -> None:
    assert neutral_row(2) == row(2, State.UNKNOWN, None)


def a_hand(mode: OverrideMode, *words: str) -> Override:
    return Override(SignId("G01"), mode, words, "operator", "test", NOON, at(60))


@pytest.mark.parametrize(
    ("mode", "spelt"),
    [
        (OverrideMode.FULL, ["满", "满"]),
        (OverrideMode.CLOSED, ["关闭", "关闭"]),
        (OverrideMode.BLANK, ["", ""]),
        (OverrideMode.TEST, ["8888", "8888"]),
        (OverrideMode.MESSAGE, ["前方施工", ""]),
    ],
)
def test_a_hand_on_the_sign_decides_every_panel(mode: OverrideMode, spelt: list[str]) -> None:
    hand = a_hand(mode, "前方施工")
    assert [override_row(place + 1, place, hand).text for place in range(2)] == spelt


def test_a_sign_confirms_the_texts_of_its_lines_in_order() -> None:
    assert texts(a_guidance(free=12)) == ("12",)

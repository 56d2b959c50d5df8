"""Who answers for a place."""

from parking.cases.duty import find_post, list_gaps
from parking.domain.duty import Post, PostKind
from parking.domain.ids import CellCode, SectionId
from parking.domain.section import Cell
from tests.makers import CELL, CENTRE, OTHER_CELL, a_post, a_section, a_town

R1, R2 = SectionId("R1"), SectionId("R2")
ROAD = a_post("road", PostKind.ROAD_CHIEF, sections=frozenset({R1}))
STREET = a_post("street", PostKind.STREET_CHIEF, cells=(CellCode("500236001"),))
COMMUNITY = a_post("community", PostKind.STREET_CHIEF, cells=(CellCode("500236001010"),))
LEADER = a_post("leader", PostKind.AREA_LEADER, cells=(CellCode("500236001"),))
SHIFT = a_post("shift", PostKind.SHIFT_LEADER)
OWN_SHIFT = a_post("own-shift", PostKind.SHIFT_LEADER, cells=(CellCode("500236003"),))
ROSTER = (SHIFT, OWN_SHIFT, LEADER, STREET, COMMUNITY, ROAD)


def answers(*posts: Post, section: SectionId | None = R1, cell: CellCode = CELL) -> str | None:
    post = find_post(posts, section, cell)
    return None if post is None else post.id


def test_the_road_chief_comes_first_then_street_area_and_shift() -> None:
    assert answers(*ROSTER) == "road"
    assert answers(*ROSTER, section=R2) == "community"
    assert answers(SHIFT, LEADER, section=R2) == "leader"
    assert answers(*ROSTER, section=None, cell=OTHER_CELL) == "own-shift"
    assert answers(SHIFT, ROAD, section=R2) == "shift"


def test_of_one_kind_the_post_of_the_smaller_place_answers() -> None:
    assert answers(STREET, COMMUNITY, section=None) == "community"
    assert answers(STREET, COMMUNITY, section=None, cell=CellCode("500236001002001")) == "street"


def test_nobody_may_answer_and_then_nobody_is_made_up() -> None:
    assert answers(ROAD, section=R2) is None


def test_every_place_without_a_chief_is_listed() -> None:
    town = a_town(
        sections=[a_section("R1"), a_section("R2", cell=OTHER_CELL)],
        cells=(Cell(CELL, "滨河", "永安街道", CENTRE), Cell(OTHER_CELL, "宝塔坪", "夔门街道", CENTRE)),
        posts=(ROAD, STREET, SHIFT),
    )
    gaps = list_gaps(town)
    assert [(gap.section, gap.cell) for gap in gaps] == [(R2, OTHER_CELL), (None, OTHER_CELL)]
    assert {gap.covered_by for gap in gaps} == {SHIFT}
    assert [gap.covered_by for gap in list_gaps(a_town(posts=()))] == [None, None]

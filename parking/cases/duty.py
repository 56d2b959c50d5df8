"""Who answers for a place (六长制): 路长, then 街长, then 包片领导, then the shift leader; every gap is listed."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from parking.domain.duty import Post, PostKind
from parking.domain.ids import CellCode, SectionId
from parking.domain.town import Town

ORDER: Final = (PostKind.ROAD_CHIEF, PostKind.STREET_CHIEF, PostKind.AREA_LEADER, PostKind.SHIFT_LEADER)

CHIEFS: Final = ORDER[:-1]
"""A place that has none of these is a gap: the shift leader covers it, but nobody was named for it."""


@dataclass(frozen=True, slots=True)
class Gap:
    """A section or cell that nobody was named for."""

    section: SectionId | None
    cell: CellCode
    covered_by: Post | None


def find_post(posts: Sequence[Post], section: SectionId | None, cell: CellCode) -> Post | None:
    """The post that answers; of one kind the one named for the smallest place. None: nobody at all."""
    for kind in ORDER:
        nearness = [(_nearness(post, section, cell), post) for post in posts if post.kind is kind]
        near = max(nearness, key=lambda found: found[0], default=None)
        if near is not None and near[0] >= 0:
            return near[1]
    return None


def _nearness(post: Post, section: SectionId | None, cell: CellCode) -> int:
    """How closely a post is named for a place: -1 not at all, 0 with the whole county, 99 by its section."""
    if section is not None and section in post.sections:
        return 99
    if not post.sections and not post.cells:
        return 0
    return max((len(prefix) for prefix in post.cells if cell.startswith(prefix)), default=-1)


def list_gaps(town: Town) -> tuple[Gap, ...]:
    """Sections, then cells, that no chief answers for."""
    places = [(section.id, section.cell) for section in town.sections]
    places_and_cells: list[tuple[SectionId | None, CellCode]] = [*places, *((None, cell.code) for cell in town.cells)]
    found = ((section, cell, find_post(town.posts, section, cell)) for section, cell in places_and_cells)
    return tuple(Gap(section, cell, post) for section, cell, post in found if post is None or post.kind not in CHIEFS)

"""How the panels of all signs lie in rows: worked out once, so that a tick is arithmetic on columns.

*Lot rows* come first: one for every panel of a single lot, in the order of signs and lines, then one for every lot's
own word. *Area rows* follow: one for every panel that sums up an area. A *panel* points at the row it shows.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from parking.domain.lot import Lot
from parking.domain.sign import Panel, Sign
from signage.states import F64, I64


@dataclass(frozen=True, slots=True)
class Plan:
    """Where every panel finds its words."""

    row_lot: I64
    """Lot of each lot row, shape (R,): panels of single lots, then every lot once."""
    travel_s: F64
    """Driving time to it at free flow, shape (R,); 0 for a lot's own row."""
    area_lots: tuple[tuple[int, ...], ...]
    """Lots of each area row."""
    panel_row: I64
    """Row of each panel, shape (P,), in the order of signs and lines; area rows count on after lot rows."""
    panel_sign: I64
    """Sign of each panel, shape (P,), ascending."""
    first_panel: tuple[int, ...]
    """First panel of each sign, and the number of panels."""


def stands_for_area(panel: Panel) -> bool:
    """Whether a panel sums up lots instead of naming one."""
    return panel.area is not None or len(panel.lots) != 1


def plan_rows(signs: Sequence[Sign], lots: Sequence[Lot]) -> Plan:
    """Lay out the rows. Raises KeyError for a panel of a lot that does not exist; town data are checked before."""
    index = {lot.id: i for i, lot in enumerate(lots)}
    panels = [(s, panel) for s, sign in enumerate(signs) for panel in sign.panels]
    single = [panel for _, panel in panels if not stands_for_area(panel)]
    areas = [panel for _, panel in panels if stands_for_area(panel)]
    lot_rows = len(single) + len(lots)
    next_single, next_area = iter(range(len(single))), iter(range(lot_rows, lot_rows + len(areas)))
    rows = [next(next_area if stands_for_area(panel) else next_single) for _, panel in panels]
    sizes = [len(sign.panels) for sign in signs]
    return Plan(
        row_lot=np.array([*(index[panel.lots[0]] for panel in single), *range(len(lots))], dtype=np.int64),
        travel_s=np.array([*(panel.travel_s for panel in single), *(0.0 for _ in lots)], dtype=np.float64),
        area_lots=tuple(tuple(index[lot] for lot in panel.lots) for panel in areas),
        panel_row=np.array(rows, dtype=np.int64),
        panel_sign=np.array([s for s, _ in panels], dtype=np.int64),
        first_panel=(0, *(int(end) for end in np.cumsum(sizes))),
    )

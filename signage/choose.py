"""What every sign shows now, and why: words with hysteresis, numbers that refresh freely, an operator's hand above."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import numpy as np

from parking.domain.guidance import Guidance
from parking.domain.inputs import Override
from parking.domain.lot import Lot
from parking.domain.occupancy import QUALITIES, Quality
from parking.domain.settings import SignSettings
from parking.domain.sign import Sign
from signage.areas import Areas
from signage.overrides import Overrides
from signage.plan import plan_rows
from signage.rows import Rows, lots_as_seen
from signage.states import BOOLS, F64, I8, I64, Seen
from signage.told import Told
from signage.write import Writer

STALE = QUALITIES.index(Quality.STALE)


@dataclass(frozen=True, slots=True)
class LotView:
    """What the chooser is told of all lots, columns of shape (L,) in the order of lots."""

    free: I64
    """Free bays; -1 when nobody can know."""
    capacity: I64
    quality: I8
    """Index into QUALITIES; only live and degraded numbers may stand on a sign."""
    closed: BOOLS
    """Takes nobody now: closed on purpose, or outside its hours."""
    fresh: I64
    """Trusted readings since the lot last had none; a panel leaves UNKNOWN after a few."""
    p_free: F64
    """Chance of a free bay on arrival for each lot row, shape (R,); NaN where nobody can tell."""


@dataclass(frozen=True, slots=True)
class Choice:
    """Guidance of signs whose content changed or is due for renewal, in the order of signs; each lot's own word."""

    guidance: tuple[Guidance, ...]
    states: I8
    """Index into STATES, shape (L,)."""


class Chooser:
    """Guidance of all signs of one area."""

    def __init__(self, signs: Sequence[Sign], lots: Sequence[Lot], settings: SignSettings) -> None:
        self._plan = plan_rows(signs, lots)
        self._settings = settings
        self._lots = Rows(len(self._plan.row_lot))
        self._areas = Areas(self._plan.area_lots)
        self._area_rows = Rows(self._areas.count)
        self._own = len(self._plan.row_lot) - len(lots)
        self._overrides = Overrides([sign.id for sign in signs])
        self._told = Told(len(signs), self._plan.panel_sign)
        self._write = Writer(signs, self._plan)

    @property
    def row_lot(self) -> I64:
        """Lot of each lot row, shape (R,): all panels of single lots, then every lot once for its own word."""
        return self._plan.row_lot

    @property
    def travel_s(self) -> F64:
        """Driving time from the sign to the lot for each lot row, shape (R,)."""
        return self._plan.travel_s

    def configure(self, settings: SignSettings) -> None:
        """Use these thresholds from the next choice on."""
        self._settings = settings
        self._lots.forget_seen()
        self._area_rows.forget_seen()

    def override(self, command: Override) -> None:
        """An operator takes a sign, or gives it back; a sign nobody knows is passed over."""
        sign = self._overrides.take(command)
        if sign is not None:
            self._told.make_due(sign)

    def choose(self, now: datetime, view: LotView) -> Choice:
        """Turn all words forward and write what is new or due."""
        now_s = now.timestamp()
        for sign in self._overrides.end(now):
            self._told.make_due(sign)
        word, number = self._turn(now_s, view)
        signs = self._told.new_or_due(now_s, word, number, self._overrides.signs)
        guidance = tuple(self._guide(sign, now, word, number) for sign in signs)
        return Choice(guidance, self._lots.words.word[self._own :].copy())

    def _turn(self, now_s: float, view: LotView) -> tuple[I8, I64]:
        """Words and numbers of all panels, shape (P,)."""
        turned = self._lots.advance(now_s, self._see(view), self._settings)
        number = self._lots.numbers()
        if turned or self._area_rows.seen is None or self._area_rows.waiting.any():
            own = self._lots.words.word[self._own :]
            areas = self._areas.seen(own, number[self._own :], view.capacity)
            self._area_rows.advance(now_s, areas, self._settings)
        words = np.concatenate((self._lots.words.word, self._area_rows.words.word))
        numbers = np.concatenate((number, self._area_rows.numbers()))
        return words[self._plan.panel_row], numbers[self._plan.panel_row]

    def _see(self, view: LotView) -> Seen:
        lot = self._plan.row_lot
        trusted = (view.quality < STALE) & (view.free >= 0)
        return lots_as_seen(
            view.free[lot], view.capacity[lot], trusted[lot], view.closed[lot], view.fresh[lot], view.p_free
        )

    def _guide(self, sign: int, now: datetime, word: I8, number: I64) -> Guidance:
        override = self._overrides.of(sign)
        changed = self._told.tell(sign, now.timestamp(), word, number, self._settings.renew_s, override)
        sequence = self._told.next_sequence(sign)
        if override is not None:
            return self._write.by_hand(sign, sequence, now, override, self._settings, changed=changed)
        rows = (self._lots.seen, self._area_rows.seen)
        return self._write.by_rule(sign, sequence, now, word, number, rows, self._settings, changed=changed)

    def save(self) -> dict[str, Any]:
        """Words, what signs were told, overrides."""
        return {
            "lots": self._lots.save(),
            "areas": self._area_rows.save(),
            "told": self._told.save(),
            "overrides": self._overrides.save(),
        }

    def load(self, state: dict[str, Any]) -> None:
        """Back to what was saved: nothing is said again that was said."""
        self._lots.load(state["lots"])
        self._area_rows.load(state["areas"])
        self._told.load(state["told"])
        self._overrides.load(state["overrides"])

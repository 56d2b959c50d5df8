"""Guidance as nouns, written only for signs that have news."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from parking.domain.guidance import STATES, Guidance, Row, Why
from parking.domain.inputs import Override
from parking.domain.settings import SignSettings
from parking.domain.sign import Sign
from signage.plan import Plan
from signage.states import I8, I64, Seen
from signage.why import why_area, why_lot
from signage.wording import override_row, row


class Writer:
    """Puts words, numbers and reasons of one sign together."""

    def __init__(self, signs: Sequence[Sign], plan: Plan) -> None:
        self._signs = tuple(signs)
        self._plan = plan
        self._lot_rows = len(plan.row_lot)

    def by_rule(
        self,
        sign: int,
        sequence: int,
        now: datetime,
        word: I8,
        number: I64,
        seen: tuple[Seen | None, Seen | None],
        settings: SignSettings,
        *,
        changed: bool,
    ) -> Guidance:
        """What the rules say; `word` and `number` are of all panels, `seen` of lot rows and of area rows."""
        rows: list[Row] = []
        reasons: list[Why] = []
        first = self._plan.first_panel[sign]
        for panel, spec in enumerate(self._signs[sign].panels, first):
            code = int(word[panel])
            rows.append(row(spec.line, STATES[code], int(number[panel]) if number[panel] >= 0 else None))
            reasons.append(self._why(spec.line, code, int(self._plan.panel_row[panel]), seen, settings))
        return self._guidance(sign, sequence, now, rows, reasons, settings, changed=changed)

    def by_hand(
        self, sign: int, sequence: int, now: datetime, override: Override, settings: SignSettings, *, changed: bool
    ) -> Guidance:
        """What an operator wants."""
        panels = self._signs[sign].panels
        rows = [override_row(panel.line, place, override) for place, panel in enumerate(panels)]
        reasons = [Why(panel.line, f"override_{override.mode}", {}) for panel in panels]
        return self._guidance(sign, sequence, now, rows, reasons, settings, changed=changed)

    def _why(
        self, line: int, word: int, at_row: int, seen: tuple[Seen | None, Seen | None], settings: SignSettings
    ) -> Why:
        lots, areas = seen
        if at_row >= self._lot_rows and areas is not None:
            return why_area(line, word, areas, at_row - self._lot_rows)
        if lots is None:
            return Why(line, "stale", {})
        return why_lot(line, word, lots, at_row, float(self._plan.travel_s[at_row]), settings)

    def _guidance(
        self,
        sign: int,
        sequence: int,
        now: datetime,
        rows: list[Row],
        reasons: list[Why],
        settings: SignSettings,
        *,
        changed: bool,
    ) -> Guidance:
        until = now + timedelta(seconds=settings.valid_s)
        return Guidance(self._signs[sign].id, sequence, now, until, tuple(rows), tuple(reasons), changed)

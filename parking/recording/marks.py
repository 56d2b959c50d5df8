"""The index of a recording: what a seek bar shows of each stretch between two snapshots."""

from collections.abc import Iterator
from datetime import datetime

from parking.domain.alert import Alert
from parking.domain.decisions import Decisions
from parking.domain.guidance import State
from parking.recording.nouns import Mark, Stretch


class Index:
    """Keeps count; `close` gives the stretch since the last one."""

    def __init__(self) -> None:
        self._full: set[str] = set()
        self._open: dict[str, Alert] = {}
        self._marks: list[Mark] = []
        self._begins: datetime | None = None
        self._ends: datetime | None = None
        self._ticks = self._readings = 0

    @property
    def lots_full(self) -> int:
        """Lots that say full now."""
        return len(self._full)

    @property
    def alerts_open(self) -> int:
        """Alerts that stand now."""
        return len(self._open)

    def begin(self, picture: Decisions) -> None:
        """Everything as it stands before the first tick."""
        self._apply(picture)
        self._marks.clear()

    def hear(self, readings: int, decisions: Decisions) -> None:
        """One tick."""
        self._begins = self._begins or decisions.at
        self._ends = decisions.at
        self._ticks += 1
        self._readings += readings
        self._apply(decisions)

    def close(self) -> Stretch:
        """What was heard since the last one; at least one tick."""
        assert self._begins is not None  # noqa: S101 -- promised above
        assert self._ends is not None  # noqa: S101 -- promised above
        counts = (self._ticks, self._readings, len(self._full), len(self._open))
        stretch = Stretch(self._begins, self._ends, *counts, tuple(self._marks))
        self._marks.clear()
        self._begins, self._ticks, self._readings = None, 0, 0
        return stretch

    def _apply(self, decisions: Decisions) -> None:
        for lot in decisions.lots:
            (self._full.add if lot.state is State.FULL else self._full.discard)(lot.lot)
        self._marks += (Mark(decisions.at, "sign", one.sign) for one in decisions.guidance if one.changed)
        for alert in decisions.alerts:
            self._marks += self._marks_of(decisions.at, alert)

    def _marks_of(self, at: datetime, alert: Alert) -> Iterator[Mark]:
        before = self._open.get(alert.id)
        grade = None if alert.grade is None else int(alert.grade)
        if not alert.is_open:
            if self._open.pop(alert.id, None) is not None:
                yield Mark(at, "ended", alert.id, alert.kind.value, grade)
            return
        self._open[alert.id] = alert
        if before is None:
            yield Mark(at, "raised", alert.id, alert.kind.value, grade)
        elif before.grade != alert.grade:
            yield Mark(at, "graded", alert.id, alert.kind.value, grade)

"""What a run left, by time, in lists."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from parking.domain.forecast import Forecast
from parking.domain.ids import AlertId
from parking.domain.reading import Reading, StatusReading
from parking.domain.tick import Tick
from parking.ports import Tally


@dataclass
class MemoryTallies:
    """`Tallies` of what it is told of."""

    _readings: list[datetime] = field(default_factory=list)
    _sign_changes: list[datetime] = field(default_factory=list)
    _alerts: list[tuple[datetime, AlertId]] = field(default_factory=list)
    _cases: list[datetime] = field(default_factory=list)
    _forecasts: list[Forecast] = field(default_factory=list)

    async def tally(self, since: datetime, until: datetime) -> Tally:
        """As `Tallies.tally`."""
        return Tally(
            readings=_within(self._readings, since, until),
            sign_changes=_within(self._sign_changes, since, until),
            alerts=len({alert for at, alert in self._alerts if since <= at < until}),
            cases=_within(self._cases, since, until),
        )

    async def issued(self, since: datetime, until: datetime) -> Sequence[Forecast]:
        """As `Tallies.issued`."""
        found = (one for one in self._forecasts if since <= one.issued_at < until)
        return sorted(found, key=lambda one: (one.issued_at, one.lot))

    def hear(self, readings: Sequence[Reading]) -> None:
        """These are new."""
        self._readings += [one.at for one in readings if not isinstance(one, StatusReading)]

    def note(self, tick: Tick) -> None:
        """This tick is committed."""
        decisions = tick.decisions
        self._sign_changes += [one.at for one in decisions.guidance if one.changed]
        self._alerts += [(alert.updated_at, alert.id) for alert in decisions.alerts]
        self._cases += [case.reported_at for case in tick.cases]
        self._forecasts += decisions.forecasts


def _within(times: Sequence[datetime], since: datetime, until: datetime) -> int:
    return sum(since <= at < until for at in times)

"""A stretch of a run, told from what the store holds: the same figures a replay without wires tells of itself."""

from collections import defaultdict
from datetime import UTC, datetime
from hashlib import sha256

from parking.domain.decisions import Decisions
from parking.domain.forecast import Forecast
from parking.domain.occupancy import Occupancy
from parking.domain.settings import Settings
from parking.domain.town import Town
from parking.flow.replay import Report, Scoring
from parking.ports import Stores


async def judge(
    stores: Stores, town: Town, begins: datetime, ends: datetime, settings: Settings | None = None
) -> Report:
    """What [begins, ends) came to; `wall_s` is left to who ran it.

    `decisions_sha256` is the SHA-256 of the journal's digests in their order, each as 64 hexadecimal digits and a
    line feed: `SELECT decisions_sha256 FROM journal ORDER BY at` through `sha256sum` gives it too.
    """
    report = Report(lots=len(town.lots), simulated_s=(ends - begins).total_seconds())
    marks = [mark for mark in await stores.ledger.ticks_after(None) if begins <= mark.at < ends]
    report.decisions = len(marks)
    report.decisions_sha256 = sha256("".join(f"{mark.decisions_sha256}\n" for mark in marks).encode()).hexdigest()
    tally = await stores.tallies.tally(begins, ends)
    report.readings, report.sign_changes = tally.readings, tally.sign_changes
    report.alerts, report.cases = tally.alerts, tally.cases
    step_s = 60 * (settings or Settings()).forecast.step_min
    await _score(report, stores, begins, ends, step_s)
    return report


async def _score(report: Report, stores: Stores, begins: datetime, ends: datetime, step_s: int) -> None:
    """Issued forecasts against later slots, by slot: a tick that came late still stands for its own."""
    slots: dict[datetime, list[Occupancy]] = defaultdict(list)
    forecasts: dict[datetime, list[Forecast]] = defaultdict(list)
    for slot in await stores.histories.lot_slots(begins, ends):
        slots[datetime.fromtimestamp(slot.at.timestamp() // step_s * step_s, UTC)].append(slot)
    for forecast in await stores.tallies.issued(begins, ends):
        forecasts[forecast.issued_at].append(forecast)
    scoring = Scoring(report)
    for at in sorted(slots):
        scoring.hear(Decisions(at, slot=tuple(slots[at]), forecasts=tuple(forecasts[at])))

"""The engine: inputs in, decisions out. No I/O, no clock, no chance; time is an argument.

`take` everything that happened, then `decide(now)` on the fixed grid of street time. A snapshot (`save`) and the
journal of what was taken before each tick give the same decisions to the byte.
"""

from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, Final

import numpy as np

from forecast.forecaster import Forecaster
from parking.board import BOOLS, F64, Board
from parking.codec import decode, encode
from parking.congestion.alerts import Alerts
from parking.congestion.condition import Condition
from parking.congestion.queues import Queues
from parking.congestion.roads import Roads
from parking.congestion.watch import Watch
from parking.domain.case import CaseChanged
from parking.domain.decisions import Decisions
from parking.domain.errors import BadJournal
from parking.domain.forecast import Forecast
from parking.domain.guidance import Guidance, Shown
from parking.domain.ids import LotId, SignId
from parking.domain.inputs import Acknowledge, Closure, Event, Input, ModelFitted, Override, Shelve
from parking.domain.reading import QueueReading, Reading, TrafficReading
from parking.domain.settings import Settings
from parking.domain.town import Town
from parking.pack import pack, unpack
from sensors.estimate import Estimator
from sensors.health import Health
from signage.choose import Chooser, LotView
from signage.confirm import Confirmation

STEP_S: Final = 5
"""The grid of decisions: a driver passes a sign in about that time."""

FORMAT: Final = 1
"""Version of the saved state; a different one is refused, the journal before it must be replayed by its own version."""


class Engine:
    """All decisions of one area."""

    def __init__(self, town: Town, settings: Settings | None = None) -> None:
        self.town = town
        self.settings = settings or Settings()
        self.at: datetime | None = None
        """Street time of the last tick."""
        self._board = Board(town.lots)
        self._estimator = Estimator(town.lots, town.devices, self.settings.estimate, town.calendar.timezone)
        self._health = Health(town.devices)
        self._forecaster = Forecaster(self._board.capacity, town.calendar, town.calendar.timezone)
        self._roads = Roads(town.sections, self.settings.roads)
        self._queues = Queues(town.lots)
        self._watch = Watch(town, self.settings)
        self._alerts = Alerts(town, self.settings.alerts)
        self._chooser = Chooser(town.signs, town.lots, self.settings.signs)
        self._confirmation = Confirmation(town.signs, self.settings.alerts)
        self._closures: tuple[Closure, ...] = ()
        self._forecasts: dict[LotId, Forecast] = {}
        self._guidance: dict[SignId, Guidance] = {}
        self._slot: datetime | None = None
        self._takers: dict[type, Callable[[Any], None]] = {
            TrafficReading: self._take_traffic,
            QueueReading: self._take_queue,
            Shown: self._confirmation.take,
            Override: self._chooser.override,
            Acknowledge: self._alerts.take,
            Shelve: self._alerts.take,
            CaseChanged: self._alerts.take,
            Event: self._alerts.take,
            Closure: self._take_closure,
            Settings: self._configure,
            ModelFitted: self._use_model,
        }

    def take(self, inputs: Iterable[Input]) -> None:
        """Hear what happened, in order."""
        takers, other = self._takers, self._take_reading
        for value in inputs:
            takers.get(type(value), other)(value)

    def decide(self, now: datetime) -> Decisions:
        """What follows from everything taken so far. `now` must grow from tick to tick.

        Raises:
            BadJournal: `now` is not later than the tick before.
        """
        if self.at is not None and now <= self.at:
            raise BadJournal(f"tick {now} does not follow {self.at}; street time must grow")
        self.at = now
        estimates = self._estimator.estimate(now)
        self._board.put(
            estimates.taken, estimates.sd, estimates.quality, estimates.reason, estimates.heard_s, estimates.fresh
        )
        forecasts = self._refresh_forecasts(now)
        guidance = self._choose(now)
        roads = self._roads.judge(now)
        alerts = self._alerts.judge(now, self._conditions(now))
        return Decisions(
            at=now,
            lots=tuple(self._board.lot_state(int(i), now) for i in self._board.changed()),
            slot=tuple(self._board.occupancies(now)) if forecasts else (),
            roads=roads,
            guidance=guidance,
            alerts=alerts,
            forecasts=forecasts,
        )

    def picture(self) -> Decisions | None:
        """Everything as it stands after the last tick, for whoever joins late; None before the first."""
        if self.at is None:
            return None
        return Decisions(
            at=self.at,
            lots=tuple(self._board.lot_state(i, self.at) for i in range(len(self.town.lots))),
            roads=tuple(self._roads.state(section.id) for section in self.town.sections),
            guidance=tuple(self._guidance.values()),
            alerts=self._alerts.open(),
            forecasts=tuple(self._forecasts.values()),
        )

    def heard(self) -> dict[LotId, datetime]:
        """Proofs of life of lots since this was asked last: ages on a page, never a decision."""
        return self._board.heard()

    def _refresh_forecasts(self, now: datetime) -> tuple[Forecast, ...]:
        """Once a slot: tell the forecaster what is, ask it what will be."""
        step = timedelta(minutes=self.settings.forecast.step_min)
        slot = datetime.fromtimestamp(now.timestamp() // step.total_seconds() * step.total_seconds(), UTC)
        if self._slot is not None and slot <= self._slot:
            return ()
        self._slot = slot
        known = self._board.free >= 0
        self._forecaster.observe(slot, np.where(known, self._board.taken, np.nan), trust=known.astype(np.float64))
        wanted = self.settings.forecast
        values = self._forecaster.predict(slot, wanted.horizons_min, wanted.quantiles)
        forecasts = tuple(
            Forecast(lot.id, slot, wanted.horizons_min, wanted.quantiles, _rounded(values[i]), self._forecaster.model)
            for i, lot in enumerate(self.town.lots)
        )
        self._forecasts = {forecast.lot: forecast for forecast in forecasts}
        return forecasts

    def _choose(self, now: datetime) -> tuple[Guidance, ...]:
        p_free = self._forecaster.p_free_rows(
            now, self._chooser.row_lot, self._chooser.travel_s / 60, taken=self._board.taken, sd=self._board.sd
        )
        view = LotView(
            free=self._board.free,
            capacity=self._board.capacity,
            quality=self._board.quality,
            closed=self._closed(now),
            fresh=self._board.fresh,
            p_free=p_free,
        )
        choice = self._chooser.choose(now, view)
        self._board.state = choice.states
        for guidance in choice.guidance:
            self._guidance[guidance.sign] = guidance
            self._confirmation.wanted(guidance)
        return choice.guidance

    def _closed(self, now: datetime) -> BOOLS:
        """Which lots take nobody now: outside their hours, or closed on purpose. Shape (L,)."""
        local = self.town.calendar.local(now).time()
        closed = np.array([lot.hours is not None and not lot.hours.is_open(local) for lot in self.town.lots])
        for closure in self._closures:
            i = self._board.index.get(LotId(closure.subject))
            if i is not None and closure.begins <= now < closure.ends:
                closed[i] = True
        return closed

    def _conditions(self, now: datetime) -> Sequence[Condition]:
        return self._watch.conditions(
            now,
            roads=self._roads,
            queues=self._queues,
            free=self._board.free,
            states=self._board.state,
            forecasts=self._forecasts,
            silences=self._health.silent(now),
            wrong=self._estimator.wrong(now),
            unconfirmed=self._confirmation.unconfirmed(now),
        )

    def _take_reading(self, reading: Reading) -> None:
        self._estimator.take(reading)
        self._health.take(reading)

    def _take_traffic(self, reading: TrafficReading) -> None:
        self._roads.take(reading)
        self._health.take(reading)

    def _take_queue(self, reading: QueueReading) -> None:
        self._queues.take(reading)
        self._take_reading(reading)

    def _take_closure(self, closure: Closure) -> None:
        # One that ended before the last tick can change nothing any more.
        still = (old for old in self._closures if self.at is None or old.ends > self.at)
        self._closures = (*still, closure)
        self._alerts.take(closure)

    def _configure(self, settings: Settings) -> None:
        self.settings = settings
        self._estimator.configure(settings.estimate)
        self._chooser.configure(settings.signs)
        self._confirmation.configure(settings.alerts)
        self._roads.configure(settings.roads)
        self._watch.configure(settings)
        self._alerts.configure(settings.alerts)

    def _use_model(self, fitted: ModelFitted) -> None:
        self._forecaster.use(fitted.coefficients)

    def save(self) -> bytes:
        """The whole state; `load` of it and the same inputs give the same decisions."""
        parts: dict[str, Any] = {
            "format": FORMAT,
            "lots": [lot.id for lot in self.town.lots],
            "at": None if self.at is None else self.at.isoformat(),
            "slot": None if self._slot is None else self._slot.isoformat(),
            "settings": encode(self.settings),
            "closures": encode(self._closures),
            "forecasts": encode(tuple(self._forecasts.values())),
            "guidance": encode(tuple(self._guidance.values())),
            "board": self._board.save(),
        }
        return pack(parts | {name: part.save() for name, part in self._parts().items()})

    def load(self, state: bytes) -> None:
        """Become what was saved. Raises BadJournal for another format or another town."""
        parts = unpack(state)
        if parts.get("format") != FORMAT:
            raise BadJournal(f"snapshot format {parts.get('format')} is not {FORMAT}; use the version that wrote it")
        if parts["lots"] != [lot.id for lot in self.town.lots]:
            raise BadJournal("the snapshot is of a town with other lots; start a new run for the changed town")
        self._configure(decode(parts["settings"], Settings))
        self.at = None if parts["at"] is None else datetime.fromisoformat(parts["at"])
        self._slot = None if parts["slot"] is None else datetime.fromisoformat(parts["slot"])
        self._closures = decode(parts["closures"], tuple[Closure, ...])
        self._forecasts = {old.lot: old for old in decode(parts["forecasts"], tuple[Forecast, ...])}
        self._guidance = {old.sign: old for old in decode(parts["guidance"], tuple[Guidance, ...])}
        self._board.load(parts["board"])
        for name, part in self._parts().items():
            part.load(parts[name])

    def _parts(self) -> dict[str, Any]:
        return {
            "estimator": self._estimator,
            "health": self._health,
            "forecaster": self._forecaster,
            "roads": self._roads,
            "queues": self._queues,
            "watch": self._watch,
            "alerts": self._alerts,
            "chooser": self._chooser,
            "confirmation": self._confirmation,
        }


def _rounded(values: F64) -> tuple[tuple[float, ...], ...]:
    """Taken bays to a hundredth: nobody reads more, and it keeps the store small."""
    return tuple(tuple(row) for row in np.round(values, 2).tolist())

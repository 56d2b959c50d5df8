"""A scenario without wires: street, hardware and a policy in one process, as fast as it goes.

The same seconds as over wires: devices look at each, the policy decides on the grid, lamps obey a second later.
Who sets out in the measured hours is followed until they have a bay or have given up, so that nobody's search is cut
off in the middle; lots, sections and signs are looked at in the measured hours alone.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Final, Protocol

import msgspec

from sim.board import Board
from sim.episodes import Episodes
from sim.faults_stage import with_faults
from sim.fitting import fit_out
from sim.ground import Ground, faults_on
from sim.hardware import Hardware
from sim.journeys import Journeys
from sim.measures import Measures, measure, rounded
from sim.notary import fingerprint, greet, words_of
from sim.policies import Policy
from sim.scenario import Scenario
from sim.street import Street
from sim.streets import street_on
from sim.tally import Tally
from sim.trip import Trips
from sim.verdict import Tried, by_kind, verdict

DECIDE_S: Final = 5
MINUTE_S: Final = 60
LONGEST_AFTER_S: Final = 3600
"""Who has no bay so long after the measured hours counts as one who has given up."""

Progress = Callable[[float], None]
"""Told once a simulated minute which share of the measured hours is done."""


class Witness(Protocol):
    """Somebody who looks at a run while it goes on; may act as people do, never on its chances."""

    def look(self, street: Street, hardware: Hardware[Street], at: int) -> None:
        """Street and hardware after the decisions of this instant of the grid, in the measured hours."""
        ...


@dataclass(frozen=True, slots=True)
class Outcome:
    """One run."""

    seed: int
    measures: Measures
    drivers: int
    simulated_s: float
    """With the time after the measured hours."""
    drivers_sha256: str
    """Who set out: the same under every policy."""
    truth_sha256: str
    """Where every car, queue and section was, each five seconds, and what became of every driver."""
    readings_sha256: str
    decisions_sha256: str
    """What signs were told."""
    alerts: Mapping[str, Tried] = field(default_factory=dict)
    """By kind, what there was and what was told of it; empty for a policy that tells nobody."""
    taken: tuple[tuple[int, ...], ...] = ()
    """Taken bays of each lot, a row a minute of the measured hours."""
    cases: Mapping[str, float | None] = field(default_factory=dict)
    """What became of the cases, where people answered; empty without them."""


class DryRun:
    """One seed of one scenario under one policy."""

    def __init__(
        self,
        ground: Ground,
        scenario: Scenario,
        seed: int,
        policy: Policy,
        hours: float,
        witnesses: Sequence[Witness] = (),
    ) -> None:
        self._seed, self._policy, self._witnesses = seed, policy, witnesses
        town = ground.town
        self.longest_after_s = LONGEST_AFTER_S
        self._street = street_on(ground, scenario, seed)
        sound = fit_out(town, self._street, seed, boot=int(self._street.now))
        self._hardware = with_faults(sound, faults_on(ground, scenario), town, seed, scenario.begins)
        greet(self._hardware, int(self._street.now))
        self._boards = {one.mouth.device: one for one in self._hardware.devices if isinstance(one, Board)}
        self._begins = int(self._street.now)
        self._ends = self._begins + round(hours * 3600)
        self._journeys = Journeys(self._street, ground.demand)
        self._tally, self._episodes = Tally(town), Episodes(town)
        self._taken: list[tuple[int, ...]] = []
        self._truth, self._readings, self._decisions = sha256(), sha256(), sha256()

    def run(self, progress: Progress = lambda _share: None) -> Outcome:
        """Turn it to its end."""
        self._street.watch(watched=True)
        for second in range(self._begins + 1, self._ends + 1):
            self._second(second)
            if second % 60 == 0:
                progress((second - self._begins) / (self._ends - self._begins))
        self._street.watch(watched=False)
        second = self._ends
        while second < self._ends + self.longest_after_s and self._street.watched_looking:
            second += 1
            self._second(second)
        return self._outcome(self._street.trips)

    def _second(self, at: int) -> None:
        self._street.advance(at)
        said = self._hardware.observe(self._street, at)
        self._readings.update(words_of(said))
        self._policy.hear(said, at)
        if at % DECIDE_S == 0:
            self._decide(at)

    def _decide(self, at: int) -> None:
        self._truth.update(fingerprint(self._street))
        orders = self._policy.decide(self._street, at)
        self._decisions.update(msgspec.json.encode([(one.sign, one.show, one.words) for one in orders]))
        for order in orders:
            self._boards[order.sign].obey(order.show, at)
        if at <= self._ends:
            self._tally.hear(orders)
            self._tally.look(self._street, self._policy.believes())
            self._episodes.look(self._street, at)
            if (at - self._begins) % MINUTE_S == 0:
                self._taken.append(tuple(park.taken for park in self._street.carparks))
            for witness in self._witnesses:
                witness.look(self._street, self._hardware, at)

    def _outcome(self, trips: Trips) -> Outcome:
        journeys = self._journeys.judge(trips)
        self._truth.update(msgspec.json.encode(journeys))
        about = self._street.town, self._episodes.found()
        alarms, span = self._policy.alarms(), (self._begins, self._ends)
        return Outcome(
            seed=self._seed,
            measures=measure(journeys, self._tally, DECIDE_S) | rounded(verdict(*about, alarms, *span)),
            alerts={} if alarms is None else by_kind(*about, alarms, *span),
            drivers=len(journeys),
            simulated_s=self._street.now - self._begins,
            drivers_sha256=self._drivers_sha256(trips),
            truth_sha256=self._truth.hexdigest(),
            readings_sha256=self._readings.hexdigest(),
            decisions_sha256=self._decisions.hexdigest(),
            taken=tuple(self._taken),
        )

    def _drivers_sha256(self, trips: Trips) -> str:
        return sha256(b"".join(column.tobytes() for column in (trips.at, trips.origin, trips.destination))).hexdigest()

"""What everybody who works on cases has in common: screens, an agenda, crews, eyes, and chances of one's own."""

import heapq
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Final, TypeAlias

import numpy as np

from parking.domain.alert import Alert
from parking.domain.case import Stage
from parking.domain.ids import AlertId, CaseNo
from parking.domain.town import Town
from sim.people_crews import Crew, Job, Pool
from sim.people_eyes import Eyes, Scene
from sim.people_habits import Habits, Trade
from sim.people_said import File, Move, Said
from sim.streams import Purpose, stream

Act: TypeAlias = Callable[[Scene, int], Iterable[Said]]
Owner: TypeAlias = Callable[[File, int], None]
"""Takes on a case that has just come to a stage."""

DISPATCHER: Final = "dispatcher"

UNGRADED: Final = 9


@dataclass(slots=True)
class Office:
    """One town's, in one run."""

    town: Town
    seed: int
    habits: Habits
    alerts: dict[AlertId, Alert] = field(default_factory=dict)
    files: dict[CaseNo, File] = field(default_factory=dict)
    """Cases that are open, in their newest version."""
    eyes: Eyes = field(init=False)
    pool: Pool = field(init=False)
    _agenda: list[tuple[float, int, Act]] = field(default_factory=list)
    _resumes: dict[CaseNo, float] = field(default_factory=dict)
    _numbers: int = 0

    def __post_init__(self) -> None:
        self.eyes, self.pool = Eyes(self.town), Pool(self.town, self.habits.crews)

    def chance(self, *keys: int | str) -> np.random.Generator:
        """A stream for this alone."""
        return stream(self.seed, Purpose.PEOPLE, *keys)

    def chance_of(self, file: File, what: str) -> np.random.Generator:
        """A stream for one thing that befalls a case at the step where it is."""
        return self.chance(file.case.no, len(file.case.steps), what)

    def later(self, due: float, act: Act) -> None:
        """Do that then."""
        heapq.heappush(self._agenda, (due, self._next(), act))

    def after(self, file: File, due: float, act: Act) -> None:
        """Do that then, unless somebody has carried the case on meanwhile."""
        self.later(due, lambda scene, at: act(scene, at) if self.is_as(file) else ())

    def act(self, scene: Scene, at: int) -> Iterable[Said]:
        """Everything that is due."""
        while self._agenda and self._agenda[0][0] <= at:
            yield from heapq.heappop(self._agenda)[2](scene, at)

    def send(self, file: File, trade: Trade, arrive: Callable[[Crew], Act]) -> None:
        """Somebody of that trade drives there as soon as one is free, and does that on arrival."""
        chance = self.chance_of(file, "way")

        def go(crew: Crew, soonest: float) -> None:
            act = arrive(crew)
            self.later(soonest + self.habits.set_off.draw_s(chance), self.if_same(file, act, crew.leave))

        grave = file.case.grade or UNGRADED
        self.pool.want(trade, Job(grave, self._next(), file.case.place, go, lambda: self.is_as(file)))

    def if_same(self, file: File, act: Act, leave: Callable[[], None]) -> Act:
        """That act; where somebody has carried the case on meanwhile, the crew just leaves."""

        def judge(scene: Scene, at: int) -> Iterable[Said]:
            if self.is_as(file):
                return act(scene, at)
            leave()
            return ()

        return judge

    def done(self, file: File, crew: Crew, words: str) -> Iterable[Said]:
        """The crew reports that, and leaves."""
        crew.leave()
        if self.is_as(file):
            yield Move(file.case.no, Stage.DISPOSED, crew.name, DISPATCHER, words)

    def suspend(self, file: File, crew: Crew, until: float, why: str) -> Iterable[Said]:
        """挂账 until then; the crew leaves."""
        crew.leave()
        self._resumes[file.case.no] = until
        if self.is_as(file):
            yield Move(file.case.no, Stage.SUSPENDED, crew.name, DISPATCHER, why)

    def resumes_at(self, file: File, at: float) -> float:
        """When a suspended case goes on."""
        return self._resumes.pop(file.case.no, at)

    def clerk_of(self, file: File) -> str:
        """Whoever answers for the department's paper."""
        return f"{file.case.department}-clerk"

    def is_as(self, file: File) -> bool:
        """Whether nobody has carried the case on meanwhile."""
        known = self.files.get(file.case.no)
        return known is not None and len(known.case.steps) == len(file.case.steps)

    def newest(self, file: File) -> File:
        """The case with what was asked for and granted meanwhile."""
        return self.files[file.case.no]

    def stands(self, file: File) -> bool:
        """Whether its alert still stands on the board; False where there is none."""
        alert = None if file.case.alert is None else self.alerts.get(file.case.alert)
        return alert is not None and alert.is_open

    def onset(self, file: File) -> float:
        """When its trouble began, as far as anybody was told, seconds since 1970."""
        alert = None if file.case.alert is None else self.alerts.get(file.case.alert)
        return (file.case.reported_at if alert is None else alert.onset_at).timestamp()

    def _next(self) -> int:
        self._numbers += 1
        return self._numbers


def times_at(file: File, stage: Stage) -> int:
    """How often the case has come to that stage."""
    return sum(step.stage is stage for step in file.case.steps)

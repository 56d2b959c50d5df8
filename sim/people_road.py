"""Units on a road or at an entrance: they clear what stands there, direct traffic, and leave when it is quiet."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from parking.domain.alert import AlertKind
from parking.domain.case import Closing, Stage
from sim.people_crews import Crew
from sim.people_eyes import Scene
from sim.people_habits import DAY, HOUR, MINUTE
from sim.people_inside import SHIFT_LEADER
from sim.people_inspectors import NOTHING
from sim.people_office import Office, times_at
from sim.people_said import Ask, File, Move, Said
from sim.people_workshop import SOUND
from sim.scenario import IncidentKind

LOOK_S: Final = MINUTE
"""Between two looks of a unit that stands there."""
GUARD_S: Final = 3 * MINUTE
"""For so long a word to those who wait on the carriageway holds; it is renewed at each look."""
BEFORE_S: Final = 10 * MINUTE
"""Trouble so long before an alert's onset is the alert's: detectors do not know the first second."""
ASK_BEFORE_S: Final = 10 * MINUTE
MOST_ASKED: Final = 2

CLEARED: Final = "疏导完毕，恢复通行 · cleared, traffic flows"
TOWED: Final = "事故车已清走，恢复通行 · the crash is towed, traffic flows"
MOVED_ON: Final = "违停车已移走，恢复通行 · parked cars are gone, traffic flows"
ENGINEERING: Final = "工程或灾害断道，待抢通 · closed by works or a slide, to be reopened"
TAKES_LONGER: Final = "车流大，疏导未完 · heavy traffic, not done yet"

LOTS: Final = (AlertKind.LOT_QUEUE, AlertKind.LOT_FILLING)


@dataclass(slots=True)
class Stay:
    """A unit at work somewhere."""

    file: File
    crew: Crew
    since: int
    guarded: bool = False
    asked: int = 0
    words: str = CLEARED
    """What it reports in the end."""


class Road:
    """What units do."""

    def __init__(self, office: Office) -> None:
        self._office = office

    def look(self, scene: Scene, file: File, crew: Crew, at: int) -> Iterable[Said]:
        """The first look: can it be cleared, was there anything at all?"""
        office, eyes, stay = self._office, self._office.eyes, Stay(file, crew, at)
        kinds = [kind for section in self._along(file) for kind in eyes.standing(scene, section)]
        if kinds and file.kind is not AlertKind.LOT_FILLING:
            delay = office.habits.tow if IncidentKind.CRASH in kinds else office.habits.move_on
            stay.words = TOWED if IncidentKind.CRASH in kinds else MOVED_ON
            due = at + delay.draw_s(office.chance_of(file, "clear"))
            office.later(due, lambda scene, now: self._clear(scene, stay, now))
            return ()
        ends = eyes.blocked_until(scene, file.subject)
        if ends is not None and ends - at > HOUR and not times_at(file, Stage.SUSPENDED):
            return office.suspend(file, crew, min(ends, at + office.habits.maker_days * DAY), ENGINEERING)
        if file.kind is AlertKind.ILLEGAL_PARKING:
            return office.done(file, crew, SOUND)
        if file.kind is AlertKind.LOT_FILLING or eyes.last(file.kind, file.subject) >= office.onset(file) - BEFORE_S:
            return self._stand(scene, stay, at)
        if times_at(file, Stage.REWORK):
            return office.done(file, crew, SOUND)  # it was there the first time
        return self._call_it_wrong(stay, at)

    def _clear(self, scene: Scene, stay: Stay, at: int) -> Iterable[Said]:
        for section in self._along(stay.file):
            scene.street.clear(section)
        return self._stand(scene, stay, at)

    def _stand(self, scene: Scene, stay: Stay, at: int) -> Iterable[Said]:
        """Direct traffic, let nobody wait on the carriageway, and look again until it is quiet."""
        file, office = stay.file, self._office
        if not office.is_as(file):
            stay.crew.leave()
            return ()
        lots = [file.subject] if file.kind in LOTS else office.eyes.queues_on(self._along(file), at)
        for lot in lots:
            scene.street.guard(lot, at + GUARD_S)
            stay.guarded = True
        if self._is_quiet(scene, stay, at):
            return office.done(file, stay.crew, stay.words)
        office.later(at + LOOK_S, lambda scene, now: self._stand(scene, stay, now))
        return self._ask(stay, at)

    def _is_quiet(self, scene: Scene, stay: Stay, at: int) -> bool:
        file, habits, eyes = stay.file, self._office.habits, self._office.eyes
        stayed_s = at - stay.since
        if stay.guarded and stayed_s < habits.stay_s:
            return False
        if file.kind in (AlertKind.LOT_FILLING, AlertKind.ILLEGAL_PARKING):
            return stayed_s >= habits.quiet_s and not eyes.sees(scene, file.kind, file.subject, at)
        return eyes.last(file.kind, file.subject) < at - habits.quiet_s

    def _ask(self, stay: Stay, at: int) -> Iterable[Said]:
        """For more time, once for each deadline, when it cannot be met."""
        case = self._office.newest(stay.file).case
        left_s = case.deadline.timestamp() - at
        if 0 < left_s < ASK_BEFORE_S and stay.asked < MOST_ASKED and all(one.granted for one in case.extensions):
            stay.asked += 1
            return (Ask(case.no, stay.crew.name, TAKES_LONGER),)
        return ()

    def _call_it_wrong(self, stay: Stay, at: int) -> Iterable[Said]:
        """差错结案: the crew reports it, the shift leader closes it."""
        stay.crew.leave()
        over = Move(stay.file.case.no, Stage.CLOSED, SHIFT_LEADER, stay.crew.name, NOTHING, Closing.ERROR)
        due = at + self._office.habits.close.draw_s(self._office.chance_of(stay.file, "wrong"))
        self._office.after(stay.file, due, lambda _scene, _at: (over,))
        return ()

    def _along(self, file: File) -> Sequence[str]:
        """The sections a crew looks along."""
        if file.kind in LOTS:
            return [str(one.section) for one in self._office.town.lots if one.id == file.subject]
        return [file.subject] if file.kind is AlertKind.ILLEGAL_PARKING else self._office.eyes.corridor(file.subject)

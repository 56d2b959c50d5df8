"""People who answer: 有人发现、有人巡查、有人解决、有人反馈.

Officers acknowledge, units drive there and clear the road, departments dispose, hand back, ask for time or err,
inspectors verify and check, the centre files, dispatches and closes, citizens call. Each case is somebody's at every
stage; who that is does the next thing after a time of their own, drawn from a stream of its own by case and step, so
that one case shifts no other. They act on the street as people do and never on its chances.
"""

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from typing import Final

from parking.domain.alert import Alert, AlertState
from parking.domain.case import Stage
from parking.domain.ids import CaseNo
from parking.domain.town import Town
from sim.citizens import MINUTE_S, Citizens
from sim.people_departments import Departments
from sim.people_eyes import Scene
from sim.people_habits import HABITS, Habits
from sim.people_inside import Inside
from sim.people_inspectors import Inspectors
from sim.people_office import Office
from sim.people_said import File, Said, Seen

UNSEEN: Final = (AlertState.RAISED, AlertState.RETURNED)
OVER: Final = (Stage.CLOSED, Stage.VOIDED, Stage.NOT_FILED)


class People:
    """Everybody who works for the town in one run, and everybody who calls."""

    def __init__(self, town: Town, seed: int, habits: Habits = HABITS) -> None:
        self._office = Office(town, seed, habits)
        self._citizens = Citizens(town, seed, habits)
        self._inside = Inside(self._office)
        rooms = self._inside, Inspectors(self._office), Departments(self._office)
        self._owners = {stage: owner for room in rooms for stage, owner in room.owners().items()}
        self._busy_until = [0.0] * max(habits.officers_by_day, habits.officers_by_night)
        """Of each officer's hands."""
        self._unseen: list[Alert] = []
        self._new: list[File] = []
        self._known: dict[CaseNo, tuple[int, int]] = {}
        """Steps and requests of each case that somebody has taken on."""

    def hear(self, alerts: Iterable[Alert], files: Iterable[File]) -> None:
        """New versions of alerts and cases, as screens show them."""
        for alert in alerts:
            before = self._office.alerts.get(alert.id)
            is_new = before is None or alert.raised_at > before.raised_at
            if is_new and alert.state in UNSEEN and not alert.acknowledged_by:
                self._unseen.append(alert)
            self._office.alerts[alert.id] = alert
        for file in files:
            self._office.files[file.case.no] = file
            self._new.append(file)

    def turn(self, scene: Scene, at: int) -> list[Said]:
        """Everything that people do at this instant, and what they say; called at equal steps."""
        self._office.eyes.look(scene, at)
        said: list[Said] = []
        if at % MINUTE_S == 0:
            said += self._citizens.call(scene, self._office.eyes, at)
        self._take_on(at)
        self._office.pool.send(at)
        said += self._office.act(scene, at)
        return said

    def _take_on(self, at: int) -> None:
        unseen, self._unseen = self._unseen, []
        for alert in unseen:
            self._see(alert, at)
        new, self._new = self._new, []
        for file in new:
            case = file.case
            steps, asked = self._known.get(case.no, (0, 0))
            if case.stage in OVER:
                self._office.files.pop(case.no, None)
                self._known.pop(case.no, None)
                continue
            self._known[case.no] = len(case.steps), len(case.extensions)
            if len(case.steps) > steps:
                self._owners[case.stage](file, at)
            if len(case.extensions) > asked:
                self._inside.answer(file, at)

    def _see(self, alert: Alert, at: int) -> None:
        """An officer turns to it when there is a hand free."""
        office, habits = self._office, self._office.habits
        now = office.town.calendar.local(datetime.fromtimestamp(at, UTC)).time()
        by_day = habits.officers_open <= now < habits.officers_close
        on_duty = habits.officers_by_day if by_day else habits.officers_by_night
        nth = min(range(on_duty), key=lambda one: self._busy_until[one])
        chance = office.chance(alert.id, int(alert.raised_at.timestamp()))
        begins = max(at + habits.notice.draw_s(chance), self._busy_until[nth])
        self._busy_until[nth] = begins + habits.handle.draw_s(chance)

        def seen(_scene: Scene, _at: int) -> Iterator[Said]:
            yield Seen(alert.id, f"officer-{nth + 1}")

        office.later(self._busy_until[nth], seen)

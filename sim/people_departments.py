"""Departments (专业部门): a clerk who sends crews or hands back, and crews that deal with it, or say that they did."""

from collections.abc import Iterable, Mapping
from typing import Final

from parking.domain.alert import DEVICE_KINDS, AlertKind
from parking.domain.case import Stage
from parking.domain.ids import CaseNo
from sim.people_crews import Crew
from sim.people_eyes import Scene
from sim.people_habits import Trade
from sim.people_office import DISPATCHER, Act, Office, Owner, times_at
from sim.people_road import Road
from sim.people_said import File, Move, Said
from sim.people_workshop import Workshop

TRADE: Final[Mapping[AlertKind, Trade]] = {
    AlertKind.JAM: Trade.UNIT,
    AlertKind.ROAD_CLOSED: Trade.UNIT,
    AlertKind.LOT_QUEUE: Trade.UNIT,
    AlertKind.ILLEGAL_PARKING: Trade.UNIT,
    AlertKind.LOT_FILLING: Trade.GUARD,
    AlertKind.SENSOR_SILENT: Trade.TECHNICIAN,
    AlertKind.SENSOR_WRONG: Trade.TECHNICIAN,
    AlertKind.SIGN_UNCONFIRMED: Trade.TECHNICIAN,
}

DONE: Final = "已处理 · dealt with"
"""Of whoever did nothing as well."""
NOT_OURS: Final = "非本单位职责 · not our task"


class Departments:
    """From dispatch to what they report as done."""

    def __init__(self, office: Office) -> None:
        self._office, self._road, self._workshop = office, Road(office), Workshop(office)
        self._there: dict[CaseNo, Crew] = {}
        """Crews that have just come to where a case is."""

    def owners(self) -> Mapping[Stage, Owner]:
        """Who takes on a case at which stage."""
        return {
            Stage.DISPATCHED: self._take_on,
            Stage.REWORK: lambda file, _at: self._go(file),
            Stage.DISPOSING: self._dispose,
            Stage.SUSPENDED: self._wait,
        }

    def _take_on(self, file: File, at: int) -> None:
        """The clerk sends a crew; or finds that it is somebody else's, once."""
        office, case = self._office, file.case
        chance = office.chance_of(file, "clerk")
        if not times_at(file, Stage.RETURNED) and float(chance.random()) < office.habits.returns:
            back = Move(case.no, Stage.RETURNED, office.clerk_of(file), DISPATCHER, NOT_OURS)
            office.after(file, at + office.habits.dispatch.draw_s(chance), lambda _scene, _at: (back,))
            return
        self._go(file)

    def _go(self, file: File) -> None:
        """A crew drives there: on scene is DISPOSING."""

        def arrive(crew: Crew) -> Act:
            def there(_scene: Scene, _at: int) -> Iterable[Said]:
                self._there[file.case.no] = crew
                yield Move(file.case.no, Stage.DISPOSING, crew.name, file.case.department)

            return there

        self._office.send(file, TRADE[file.kind], arrive)

    def _dispose(self, file: File, at: int) -> None:
        """Whoever has come begins; after a suspension somebody drives there first."""
        crew = self._there.pop(file.case.no, None)
        if crew is not None:
            self._begin(file, crew, at)
            return

        def arrive(crew: Crew) -> Act:
            def there(_scene: Scene, now: int) -> Iterable[Said]:
                self._begin(file, crew, now)
                return ()

            return there

        self._office.send(file, TRADE[file.kind], arrive)

    def _begin(self, file: File, crew: Crew, at: int) -> None:
        office = self._office
        chance = office.chance_of(file, "work")
        does_nothing = float(chance.random()) < office.habits.shams and not times_at(file, Stage.REWORK)
        looked = at + office.habits.look.draw_s(chance)
        if does_nothing:
            office.later(looked, lambda _scene, _at: office.done(file, crew, DONE))
        elif file.kind in DEVICE_KINDS:
            office.later(looked, lambda scene, now: self._workshop.look(scene, file, crew, now))
        else:
            office.later(looked, lambda scene, now: self._road.look(scene, file, crew, now))

    def _wait(self, file: File, at: int) -> None:
        """挂账: its end is known, and it goes on by itself."""
        back = Move(file.case.no, Stage.DISPOSING, DISPATCHER, file.case.department)
        self._office.after(file, self._office.resumes_at(file, at), lambda _scene, _at: (back,))

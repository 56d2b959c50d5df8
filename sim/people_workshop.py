"""Technicians: they mend sensors and signs, now and then with a part that is not there."""

from collections.abc import Iterable
from typing import Final

from parking.domain.case import Stage
from sim.people_crews import Crew
from sim.people_eyes import Scene
from sim.people_habits import DAY, Trade
from sim.people_office import Act, Office, times_at
from sim.people_said import Ask, File, Said

MENDED: Final = "已修复 · mended"
SOUND: Final = "到场时已恢复 · it was well again on arrival"
NO_PART: Final = "缺备件，已订 · a part is missing and ordered"


class Workshop:
    """Equipment maintenance (设备运维)."""

    def __init__(self, office: Office) -> None:
        self._office = office

    def look(self, scene: Scene, file: File, crew: Crew, at: int) -> Iterable[Said]:
        """What is wrong with it, and is there a part?"""
        office, habits = self._office, self._office.habits
        if not scene.hardware.is_broken(file.subject, at):
            return office.done(file, crew, SOUND)
        chance = office.chance_of(file, "part")
        if times_at(file, Stage.SUSPENDED) or float(chance.random()) >= habits.lacks_part:
            due = at + habits.repair.draw_s(chance)
            office.later(due, lambda scene, now: self._mend(scene, file, crew, now))
            return ()
        if float(chance.random()) < habits.from_maker:
            return office.suspend(file, crew, at + habits.maker_days * DAY, NO_PART)
        crew.leave()
        comes_at = at + habits.part.draw_s(chance)
        office.after(file, comes_at, lambda _scene, _at: self._fetch(file))
        is_late = comes_at > file.case.deadline.timestamp() > at
        return (Ask(file.case.no, office.clerk_of(file), NO_PART),) if is_late else ()

    def _fetch(self, file: File) -> Iterable[Said]:
        """The part is there; whoever is free brings it."""

        def arrive(crew: Crew) -> Act:
            return lambda scene, at: self._mend(scene, file, crew, at)

        self._office.send(file, Trade.TECHNICIAN, arrive)
        return ()

    def _mend(self, scene: Scene, file: File, crew: Crew, at: int) -> Iterable[Said]:
        scene.hardware.mend(file.subject, at)
        return self._office.done(file, crew, MENDED)

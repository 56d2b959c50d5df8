"""Case files in dicts."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from parking.domain.case import Case, CaseChanged, Stage, Step
from parking.domain.errors import NotAllowed, NotFound
from parking.domain.ids import AlertId, CaseNo
from parking.domain.tick import Message
from parking.memory.intake import MemoryIntake
from parking.memory.outbox import MemoryOutbox
from parking.ports import Kept

ENDED = frozenset({Stage.CLOSED, Stage.VOIDED, Stage.NOT_FILED})


class MemoryCases:
    """`OpenCases`, `CaseSteps` and `CaseSerials` in dicts."""

    def __init__(self, intake: MemoryIntake, outbox: MemoryOutbox) -> None:
        self._intake = intake
        self._outbox = outbox
        self._files: dict[CaseNo, Case] = {}
        self._alerts: dict[AlertId, CaseNo] = {}
        self._serials: dict[date, int] = {}

    async def list_cases(self, *, open_only: bool, limit: int = 200) -> Sequence[Case]:
        """As `OpenCases.list_cases`."""
        wanted = [case for case in self._files.values() if not (open_only and case.stage in ENDED)]
        return sorted(wanted, key=lambda case: (case.reported_at, case.no), reverse=True)[:limit]

    async def find_case(self, no: str) -> Case | None:
        """As `OpenCases.find_case`."""
        return self._files.get(CaseNo(no))

    async def add_step(self, no: CaseNo, step: Step, messages: Sequence[Message] = ()) -> Kept:
        """As `CaseSteps.add_step`."""
        case = self._files.get(no)
        if case is None:
            raise NotFound(f"no case {no}; check the number")
        if step.n != len(case.steps) + 1:
            raise NotAllowed(f"{no} has {len(case.steps)} steps, so the next is not {step.n}: read the case again")
        self._files[no] = replace(case.with_step(step), closing=step.closing or case.closing)
        self._outbox.send(messages, step.at)
        return self._intake.append([CaseChanged(no, case.alert, step.stage, step.at)])

    async def reserve(self, day: date) -> int:
        """As `CaseSerials.reserve`."""
        self._serials[day] = self._serials.get(day, 0) + 1
        return self._serials[day]

    def check(self, cases: Sequence[Case]) -> None:
        """Refuse what has a file already, before anything is written."""
        numbers, alerts = set(self._files), set(self._alerts)
        for case in cases:
            if case.no in numbers or case.alert in alerts:
                raise NotAllowed(f"{case.no}: this number, or a case of alert {case.alert}, is filed already")
            numbers.add(case.no)
            if case.alert is not None:
                alerts.add(case.alert)

    def file(self, case: Case) -> None:
        """One more file."""
        self._files[case.no] = case
        if case.alert is not None:
            self._alerts[case.alert] = case.no

"""Case files in PostgreSQL: first facts, then steps that are only ever appended."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any, Final

import asyncpg

from parking.codec import decode, encode
from parking.domain.case import Case, CaseChanged, Closing, Operate, Stage, Step
from parking.domain.errors import NotAllowed, NotFound
from parking.domain.ids import CaseNo
from parking.domain.tick import Message
from parking.ports import Kept
from parking.postgres.intake import append
from parking.postgres.outbox import send
from parking.postgres.queries import queries
from parking.postgres.transaction import transaction
from parking.postgres.trouble import told

SQL: Final = queries("cases")


class PgCases:
    """`OpenCases` and `CaseSteps` on a pool."""

    def __init__(self, pool: asyncpg.Pool) -> None:
        self._pool = pool

    async def list_cases(self, *, open_only: bool, limit: int = 200) -> Sequence[Case]:
        """As `OpenCases.list_cases`."""
        with told("reading cases"):
            async with transaction(self._pool, reading=True) as conn:
                files = await conn.fetch(SQL["newest_open" if open_only else "newest"], limit)
                return await _with_steps(conn, files)

    async def find_case(self, no: str) -> Case | None:
        """As `OpenCases.find_case`."""
        with told("reading a case"):
            async with transaction(self._pool, reading=True) as conn:
                found = await _with_steps(conn, await conn.fetch(SQL["find"], no))
        return found[0] if found else None

    async def add_step(self, no: CaseNo, step: Step, messages: Sequence[Message] = ()) -> Kept:
        """As `CaseSteps.add_step`."""
        with told("writing a case's step"):
            async with transaction(self._pool) as conn:
                row = await conn.fetchrow(SQL["lock"], no)
                if row is None:
                    raise NotFound(f"no case {no}; check the number")
                steps = await conn.fetchval(SQL["count_steps"], no)  # once it is locked, not with the lock
                if step.n != steps + 1:
                    raise NotAllowed(f"{no} has {steps} steps, so the next is not {step.n}: read the case again")
                await conn.execute(SQL["add_step"], *_step_row(no, step))
                await conn.execute(SQL["move"], no, step.stage.value, step.at, _word(step.closing))
                await send(conn, messages, step.at)
                changed = CaseChanged(no, row["alert"], step.stage, step.at)
                return Kept(await append(conn, (), (changed,), None), (changed,))


async def file_cases(conn: asyncpg.Connection, cases: Sequence[Case]) -> None:
    """File these with their first steps. Raises NotAllowed for an alert or a number that has a file already."""
    for case in cases:
        if not await conn.fetchval(SQL["file"], *_file_row(case)):
            raise NotAllowed(f"{case.no}: this number, or a case of alert {case.alert}, is filed already")
        await conn.executemany(SQL["add_step"], [_step_row(case.no, step) for step in case.steps])


def _file_row(case: Case) -> tuple[object, ...]:
    who = (case.no, case.alert, case.class_code, case.source, case.grade, case.cell, case.department, case.post)
    when = (case.reported_at, case.deadline, case.stage.value, case.updated_at)
    return *who, *when, _word(case.closing), encode(replace(case, steps=()))


def _step_row(no: CaseNo, step: Step) -> tuple[object, ...]:
    who = (step.actor, step.receiver, step.opinion)
    return no, step.n, step.stage.value, step.operate.value, *who, step.at, _word(step.closing)


def _word(closing: Closing | None) -> str | None:
    return None if closing is None else closing.value


async def _with_steps(conn: asyncpg.Connection, files: Sequence[Any]) -> list[Case]:
    steps: dict[str, list[Step]] = {row["no"]: [] for row in files}
    for row in await conn.fetch(SQL["steps_of"], list(steps)):
        steps[row["no"]].append(_step(row))
    return [
        replace(
            decode(row["facts"], Case),
            steps=tuple(steps[row["no"]]),
            closing=None if row["closing"] is None else Closing(row["closing"]),
        )
        for row in files
    ]


def _step(row: asyncpg.Record) -> Step:
    return Step(
        n=row["n"],
        stage=Stage(row["stage"]),
        operate=Operate(row["operate"]),
        actor=row["actor"],
        receiver=row["receiver"],
        opinion=row["opinion"],
        at=row["at"],
        closing=None if row["closing"] is None else Closing(row["closing"]),
    )

"""Departments, posts and the calendar out of their files."""

from collections.abc import Sequence
from datetime import date, timedelta
from zoneinfo import ZoneInfo

from parking.domain.calendar import Calendar
from parking.domain.duty import Department, Post, PostKind
from parking.domain.ids import CellCode, DepartmentId, PostId, SectionId
from parking.towns.problems import Item

LONGEST_HOLIDAY = timedelta(days=15)


def department_from(item: Item) -> Department:
    """A responsible department."""
    return Department(id=DepartmentId(item.identifier()), name=item.text("name"), name_en=item.text("name_en"))


def post_from(item: Item) -> Post:
    """A post of the roster."""
    return Post(
        id=PostId(item.identifier()),
        kind=item.one_of("kind", PostKind),
        title=item.text("title"),
        title_en=item.text("title_en"),
        department=DepartmentId(item.text("department")),
        sections=frozenset(map(SectionId, item.names("sections"))),
        cells=tuple(map(CellCode, item.names("cells"))),
    )


def calendar_from(items: Sequence[Item], timezone: ZoneInfo) -> Calendar:
    """Holidays and make-up days of all years given."""
    holidays: dict[date, str] = {}
    worked: set[date] = set()
    for item in items:
        for day in _days(item):
            if day in holidays:
                item.wrong(f"{day} is already {holidays[day]}", "let holidays not overlap")
            holidays[day] = item.text("name")
        worked.update(_worked(item))
    for day in sorted(worked & holidays.keys()):
        items[0].problems.add("calendar.toml", f"{day} is both a holiday and worked", "keep one of the two")
    return Calendar(timezone=timezone, holidays=holidays, make_up_days=frozenset(worked))


def _days(item: Item) -> Sequence[date]:
    first, last = item.fields.get("first"), item.fields.get("last")
    if not isinstance(first, date) or not isinstance(last, date):
        item.wrong(
            f"first and last are {first!r} and {last!r}", "give dates without quotes, such as first = 2026-05-01"
        )
        return ()
    if not timedelta(0) <= last - first <= LONGEST_HOLIDAY:
        item.wrong(f"it runs from {first} to {last}", "let last follow first within 15 days")
        return ()
    return [first + timedelta(days=nth) for nth in range((last - first).days + 1)]


def _worked(item: Item) -> Sequence[date]:
    given = item.fields.get("worked", [])
    if not isinstance(given, list) or not all(isinstance(day, date) for day in given):
        item.wrong(f"worked is {given!r}", "give a list of dates without quotes")
        return ()
    for day in given:
        if day.weekday() < 5:
            item.wrong(f"{day} is no weekend day", "only weekend days are worked to make up for a holiday")
    return given

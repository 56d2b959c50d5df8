"""Calendars of regions whose holidays follow rules. A town whose holidays are decreed brings its own `Calendar`."""

from collections.abc import Callable, Mapping
from datetime import date, timedelta
from functools import partial
from typing import Final
from zoneinfo import ZoneInfo

from parking.domain.calendar import Calendar
from parking.domain.errors import NotFound

FIRST_YEAR: Final = 2000
LAST_YEAR: Final = 2060

Holidays = dict[date, str]


def easter(year: int) -> date:
    """Easter Sunday of the Gregorian calendar.

    Source:
        Anonymous Gregorian algorithm (Meeus, Astronomical Algorithms, 8).
    """
    a, b, c = year % 19, year // 100, year % 100
    d, e, f = b // 4, b % 4, (b + 8) // 25
    h = (19 * a + b - d - (b - f + 1) // 3 + 15) % 30
    k = (32 + 2 * e + 2 * (c // 4) - h - c % 4) % 7
    m = (a + 11 * h + 22 * k) // 451
    month, day = divmod(h + k - 7 * m + 114, 31)
    return date(year, month, day + 1)


def _after_easter(year: int, **days: int) -> Holidays:
    return {easter(year) + timedelta(days=n): name.replace("_", " ") for name, n in days.items()}


def germany(year: int) -> Holidays:
    """Holidays of all German states."""
    return _after_easter(year, Good_Friday=-2, Easter_Monday=1, Ascension=39, Whit_Monday=50) | {
        date(year, 1, 1): "New Year",
        date(year, 5, 1): "Labour Day",
        date(year, 10, 3): "German Unity",
        date(year, 12, 25): "Christmas Day",
        date(year, 12, 26): "Second Christmas Day",
    }


EXTRA: Final[Mapping[str, Callable[[int], Holidays]]] = {
    "epiphany": lambda year: {date(year, 1, 6): "Epiphany"},
    "corpus_christi": lambda year: _after_easter(year, Corpus_Christi=60),
    "assumption": lambda year: {date(year, 8, 15): "Assumption"},
    "reformation": lambda year: {date(year, 10, 31): "Reformation Day"},
    "all_saints": lambda year: {date(year, 11, 1): "All Saints"},
    "repentance": lambda year: {_wednesday_before(date(year, 11, 23)): "Repentance Day"},
}
"""Holidays that some German states add."""

STATES: Final[Mapping[str, tuple[str, ...]]] = {
    "DE": (),
    "DE-BB": ("reformation",),
    "DE-BE": (),
    "DE-BW": ("epiphany", "corpus_christi", "all_saints"),
    "DE-BY": ("epiphany", "corpus_christi", "assumption", "all_saints"),
    "DE-HB": ("reformation",),
    "DE-HE": ("corpus_christi",),
    "DE-HH": ("reformation",),
    "DE-MV": ("reformation",),
    "DE-NI": ("reformation",),
    "DE-NW": ("corpus_christi", "all_saints"),
    "DE-RP": ("corpus_christi", "all_saints"),
    "DE-SH": ("reformation",),
    "DE-SL": ("corpus_christi", "assumption", "all_saints"),
    "DE-SN": ("reformation", "repentance"),
    "DE-ST": ("epiphany", "reformation"),
    "DE-TH": ("reformation",),
}


def german_state(year: int, state: str) -> Holidays:
    """Germany's holidays and those the state adds."""
    return germany(year) | {day: name for extra in STATES[state] for day, name in EXTRA[extra](year).items()}


def _wednesday_before(day: date) -> date:
    return day - timedelta(days=(day.weekday() - 3) % 7 + 1)


def england(year: int) -> Holidays:
    """Bank holidays of England; one that falls on a weekend is kept on the next free weekday as well."""
    days = _after_easter(year, Good_Friday=-2, Easter_Monday=1) | {
        _monday(date(year, 5, 1)): "Early May",
        _monday(date(year, 5, 25)): "Spring",
        _monday(date(year, 8, 25)): "Summer",
    }
    for month, day, name in ((1, 1, "New Year"), (12, 25, "Christmas"), (12, 26, "Boxing")):
        kept = date(year, month, day)
        days[kept] = name
        while kept.weekday() > 4 or days.get(kept, name) != name:
            kept += timedelta(days=1)
        days[kept] = name
    return days


def _monday(on_or_after: date) -> date:
    return on_or_after + timedelta(days=-on_or_after.weekday() % 7)


RULES: Final[Mapping[str, Callable[[int], Holidays]]] = {
    **{state: partial(german_state, state=state) for state in STATES},
    "GB-ENG": england,
}


def get_calendar(region: str, timezone: ZoneInfo) -> Calendar:
    """The calendar of a region code.

    Raises:
        NotFound: no rule for it; pass a `Calendar` with the region's own holidays instead.
    """
    rule = RULES.get(region)
    if rule is None:
        known = ", ".join(RULES)
        raise NotFound(f"no holiday rules for region {region!r} (known: {known}); pass the town's own Calendar instead")
    holidays = {day: name for year in range(FIRST_YEAR, LAST_YEAR) for day, name in rule(year).items()}
    return Calendar(timezone, dict(sorted(holidays.items())))

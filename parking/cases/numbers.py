"""Case numbers: FJ, the local day as yyyyMMdd, a four-digit serial of that day."""

import re
from datetime import date
from typing import Final

from parking.domain.errors import NotAllowed
from parking.domain.ids import CaseNo

COUNTY_LETTERS: Final = "FJ"
MOST_A_DAY: Final = 9999

PATTERN: Final = re.compile(rf"{COUNTY_LETTERS}(\d{{8}})(\d{{4}})")


def case_no(day: date, serial: int) -> CaseNo:
    """The number of that local day's serial. Raises NotAllowed outside 1..9999."""
    if not 1 <= serial <= MOST_A_DAY:
        raise NotAllowed(f"serial {serial} of {day}: a day has the numbers 1 to {MOST_A_DAY}; wait for the next day")
    return CaseNo(f"{COUNTY_LETTERS}{day:%Y%m%d}{serial:04}")


def parse_case_no(text: str) -> tuple[date, int]:
    """Day and serial of a case number. Raises NotAllowed when it is none."""
    found = PATTERN.fullmatch(text)
    if found is None or found[2] == "0000":
        raise NotAllowed(f"{text!r} is no case number; it reads {COUNTY_LETTERS}yyyyMMdd0001")
    try:
        return date.fromisoformat(found[1]), int(found[2])
    except ValueError:
        raise NotAllowed(f"{text!r} names no day of the calendar") from None

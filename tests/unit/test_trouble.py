"""What waiting or an operator can cure is StoreDown with its remedy; a bug stays a bug."""

import asyncpg
import pytest

from parking.domain.errors import StoreDown
from parking.postgres.trouble import told


@pytest.mark.parametrize(
    ("error", "remedy"),
    [
        (asyncpg.DiskFullError("could not extend file: No space left on device"), "free disk"),
        (asyncpg.TooManyConnectionsError("sorry, too many clients already"), "connections"),
        (asyncpg.AdminShutdownError("terminating connection"), "stopping or starting"),
        (asyncpg.DeadlockDetectedError("deadlock detected"), "try again"),
        (ConnectionRefusedError(111, "Connection refused"), "is the database up"),
        (TimeoutError(), "is the database up"),
    ],
)
def test_what_can_be_waited_for_says_what_to_do(error: Exception, remedy: str) -> None:
    with pytest.raises(StoreDown, match=remedy), told("keeping what came in"):
        raise error


def test_a_bug_in_a_query_is_not_waited_for() -> None:
    with pytest.raises(asyncpg.UndefinedColumnError), told("keeping what came in"):
        raise asyncpg.UndefinedColumnError("no such column")

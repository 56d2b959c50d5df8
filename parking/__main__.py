"""`parking`, and `python -m parking`: the little that must happen before anything heavy is imported."""

import os
import signal
import sys
from typing import Final

import parking.started  # noqa: F401 -- its clock starts here

LONG: Final = (["sim", "run"], ["bench", "sim"], ["bench", "estimate"])
"""Commands that simulate for hours: worth a compiled law of the street, which is chosen when it is imported."""
ON_A_NETWORK: Final = "--sumo"
"""… but not where SUMO moves the cars: the law has little to do there."""


def main() -> None:
    """Be the command line. Ctrl-C while modules load just ends: there is nothing to put away yet."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    if sys.argv[1:3] in LONG and not any(word.startswith(ON_A_NETWORK) for word in sys.argv):
        os.environ.setdefault("PARKING_SIM_COMPILED", "1")
    from parking import cli  # noqa: PLC0415 -- half a second of imports, after the line above

    signal.signal(signal.SIGINT, signal.default_int_handler)
    cli.main()


if __name__ == "__main__":  # a process of the pool imports this file as well
    main()

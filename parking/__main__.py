"""`parking`, and `python -m parking`: the little that must happen before anything heavy is imported."""

import signal

import parking.started  # noqa: F401 -- its clock starts here


def main() -> None:
    """Be the command line. Ctrl-C while modules load just ends: there is nothing to put away yet."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    from parking import cli  # noqa: PLC0415 -- half a second of imports, after the line above

    signal.signal(signal.SIGINT, signal.default_int_handler)
    cli.main()


if __name__ == "__main__":  # a process of the pool imports this file as well
    main()

"""The command line. Long work shows progress; `--json` prints one document and nothing else on standard output."""

import sys
from typing import Annotated, NoReturn

import typer

from parking import (
    __version__,
    cli_bench,
    cli_config,
    cli_db,
    cli_decode,
    cli_demo,
    cli_device,
    cli_record,
    cli_replay,
    cli_serve,
    cli_sim,
    cli_sumo,
)
from parking.domain.errors import ParkingError

app = typer.Typer(
    name="parking",
    help="停车诱导与治堵 · Parking guidance and congestion for a city.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)

app.command("demo")(cli_demo.demo)
app.command("serve")(cli_serve.serve)
app.command("replay")(cli_replay.replay)
app.command("record")(cli_record.record)
app.command("decode")(cli_decode.decode)
app.command("doctor")(cli_config.doctor)
app.add_typer(cli_sim.app, name="sim")
app.add_typer(cli_sumo.app, name="sumo")
app.add_typer(cli_bench.app, name="bench")
app.add_typer(cli_db.app, name="db")
app.add_typer(cli_config.app, name="config")
app.add_typer(cli_device.app, name="device")


def _version(wanted: bool) -> None:
    if wanted:
        print(f"parking {__version__}")
        raise typer.Exit


@app.callback()
def root(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="版本 · Version")
    ] = False,
) -> None:
    """停车诱导与治堵 · Parking guidance and congestion for a city."""


def main() -> None:
    """Run a command; what goes wrong on purpose is said on standard error, with exit code 1."""
    try:
        app()
    except ParkingError as trouble:
        _fail(trouble)
    except BaseExceptionGroup as several:
        if (bugs := several.split(ParkingError)[1]) is not None:
            raise bugs from None
        _fail(several)
    except KeyboardInterrupt:
        sys.exit(130)


def _fail(trouble: BaseException) -> NoReturn:
    while isinstance(trouble, BaseExceptionGroup):
        trouble = trouble.exceptions[0]
    print(f"parking: {trouble}", file=sys.stderr)
    sys.exit(1)

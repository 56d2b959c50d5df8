"""`parking bench`: each benchmark beside its limit or peer in the same run."""

import importlib
import json
from typing import Annotated, Any

import typer

from parking.domain.errors import NotFound

app = typer.Typer(help="基准 · Benchmarks, each beside its limit.", no_args_is_help=True)

Json = Annotated[bool, typer.Option("--json", help="只输出一个 JSON 文档 · One JSON document and nothing else")]


@app.callback()
def group() -> None:
    """基准 · Benchmarks, each beside its limit."""


@app.command("ingest")
def ingest(as_json: Json = False) -> None:
    """接入：收到、入库、确认 · Intake: received, committed, acknowledged, beside receiving alone."""
    _tell(_bench("ingest").run(quiet=as_json), as_json=as_json)


@app.command("sim")
def sim(as_json: Json = False) -> None:
    """模拟：每秒能模拟几小时 · The street: simulated hours a second, by the number of lots."""
    _tell(_bench("sim").run(quiet=as_json), as_json=as_json)


@app.command("estimate")
def estimate(as_json: Json = False) -> None:
    """估计：误差、置信带、多快发现故障 · The estimate: error, band, how soon it finds what is broken."""
    _tell(_bench("estimate").run(quiet=as_json), as_json=as_json)


@app.command("decide")
def decide(as_json: Json = False) -> None:
    """决定：十万个停车场的一拍估计 · Deciding: one tick of the estimate for 100,000 lots."""
    _tell(_bench("decide").run(quiet=as_json), as_json=as_json)


def _bench(name: str) -> Any:  # noqa: ANN401 -- benchmarks are scripts of the source tree, not of the wheel
    try:
        return importlib.import_module(f"bench.{name}")
    except ModuleNotFoundError as missing:
        raise NotFound(f"{missing}; benchmarks come with the source tree: run this in a clone") from missing


def _tell(result: dict[str, Any], *, as_json: bool) -> None:
    if as_json:
        print(json.dumps(result, ensure_ascii=False))
        return
    for name, value in result.items():
        print(f"{name:12}", *(f"{k}={v}" for k, v in value.items()) if isinstance(value, dict) else (value,))

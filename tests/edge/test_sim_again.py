"""A street over wires can be told again: the same truth and the same readings, whatever the machine was busy with."""

import asyncio
import json
import sys
import time
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from typer.testing import CliRunner

from parking.broker import open_broker
from parking.cli import app
from parking.domain.errors import BadReading
from parking.streetclock import StreetTime
from parking.towns.load import load_town
from sim.ground import ground_of
from sim.notary import Deed, again, read_deed
from sim.run import Run, be_street
from sim.shipped import load_scenario
from tests.edge.wires import Speaker

DEMO = load_scenario("demo")
SPEED = 60.0
LASTS = timedelta(minutes=5)
ORDERS = 20


async def over_wires(folder: Path, *, told: bool) -> Deed:
    """Five minutes of the demo's street at ×60 on a broker of its own; somebody tells a sign what to show, or not."""
    async with open_broker(folder / "broker") as broker:
        ends = DEMO.begins + LASTS
        run = Run(
            broker.url,
            "t",
            ground_of(DEMO, load_town(), 1),
            DEMO,
            StreetTime(DEMO.begins, time.time() + 0.5, SPEED),
            until=ends,
        )
        street = asyncio.create_task(be_street(replace(run, deed=folder / "deed.json"), asyncio.Event()))
        if told:
            await asyncio.wait_for(tell(broker.url), 20)
        await asyncio.wait_for(street, 30)
    return read_deed(folder / "deed.json")


async def tell(url: str) -> None:
    """Name other numbers as soon as the last ones are confirmed: whoever reads G10 drives elsewhere."""
    speaker = Speaker(url, "guide")
    speaker.listen("t/signs/G10/shown")
    for nth in range(ORDERS):
        speaker.say([an_order(nth)], "t/signs/G10/show", retain=True)
        while not any(json.loads(one.payload)["sequence"] > nth for one in speaker.heard):
            await asyncio.sleep(0.02)
    speaker.close()


def an_order(nth: int) -> bytes:
    at = DEMO.begins
    rows = [{"line": line, "text": "满" if line != 1 + nth % 3 else str(40 + nth)} for line in (1, 2, 3)]
    fields = {"sign": "G10", "rows": rows, "epoch": 1, "sequence": nth + 1, "valid_s": 180.0}
    return json.dumps({**fields, "at": at.isoformat(), "until": (at + timedelta(minutes=9)).isoformat()}).encode()


@pytest.fixture
def folders(tmp_path: Path) -> list[Path]:
    found = [tmp_path / "one", tmp_path / "two"]
    for folder in found:
        folder.mkdir()
    return found


async def test_the_same_street_over_wires_twice_is_the_same_truth_and_says_the_same(folders: list[Path]) -> None:
    one, two = [await over_wires(folder, told=False) for folder in folders]
    assert one == two
    assert one.seconds == LASTS.total_seconds()
    assert again(ground_of(DEMO, load_town(), 1), DEMO, one) == one


async def test_with_the_orders_its_signs_were_given_a_run_comes_about_again_without_wires(tmp_path: Path) -> None:
    told = await over_wires(tmp_path, told=True)
    assert len(told.orders) == ORDERS
    assert again(ground_of(DEMO, load_town(), 1), DEMO, told) == told
    untold = again(ground_of(DEMO, load_town(), 1), DEMO, replace(told, orders=()))
    assert untold.readings_sha256 != told.readings_sha256


async def test_a_built_city_with_other_faults_is_told_again_from_its_deed_alone(tmp_path: Path) -> None:
    deed, ends = tmp_path / "deed.json", (DEMO.begins + timedelta(minutes=1)).isoformat()
    varied = ["--lots", "8", "--faults", "mild", "--scale", "0.5", "--seed", "3"]
    async with open_broker(tmp_path / "broker") as broker:
        words = ["sim", "street", "demo", "--broker", broker.url, "--speed", "60", "--until", ends, *varied]
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "parking", *words, "--deed", str(deed), stderr=asyncio.subprocess.DEVNULL
        )
        assert await asyncio.wait_for(process.wait(), 60) == 0
    assert read_deed(deed).changes == {"lots": 8, "faults": "mild", "scale": 0.5}
    result = CliRunner().invoke(app, ["sim", "again", str(deed)])
    assert result.exit_code == 0, result.output
    assert "identical" in result.stdout


def test_a_file_that_is_no_deed_is_refused_with_what_to_give(tmp_path: Path) -> None:
    (tmp_path / "x.json").write_text("{}")
    with pytest.raises(BadReading, match="sim street --deed"):
        read_deed(tmp_path / "x.json")

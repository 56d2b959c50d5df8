"""Pictures of simulated runs."""

from pathlib import Path

from typer.testing import CliRunner

from parking.cli import app


def test_pictures_compare_policies_and_show_lots_over_time(tmp_path: Path) -> None:
    words = ["sim", "run", "demo", "--policy", "none,margin", "--hours", "0.1", "--jobs", "1", "--plot", str(tmp_path)]
    result = CliRunner().invoke(app, words)
    assert result.exit_code == 0, result.output
    names = {"demo-policies.png", "demo-policies.svg", "demo-lots.png", "demo-lots.svg"}
    assert {one.name for one in tmp_path.iterdir()} == names
    for name in names:
        data = (tmp_path / name).read_bytes()
        if name.endswith("png"):
            assert data.startswith(b"\x89PNG")
        else:
            text = data.decode("utf-8")
            assert "margin" in text
            assert ("P15" in text) == ("lots" in name)
        assert len(data) < 400_000

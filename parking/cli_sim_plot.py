"""Pictures of simulated runs: policies compared, and lots over time. PNG and SVG, by matplotlib (the extra `plot`)."""

from collections.abc import Mapping, Sequence
from importlib.util import find_spec
from math import ceil
from pathlib import Path
from typing import Any, Final

from parking.domain.errors import NotFound
from parking.domain.town import Town
from sim.dry import Outcome

MEASURES: Final[Mapping[str, tuple[str, str]]] = {
    "search_s_mean": ("平均寻位，秒", "mean search, s"),
    "search_s_p95": ("寻位 95 %，秒", "95 % search, s"),
    "failures_per_driver": ("每人碰壁", "failures a driver"),
    "door_to_door_s_mean": ("门到门，秒", "door to door, s"),
    "followed_to_full_share": ("引到满场的份额", "share led to a full lot"),
    "changes_per_lot_hour": ("每场每小时变字", "changes a lot-hour"),
}
FONTS: Final = ("Noto Sans CJK SC", "Noto Sans SC", "WenQuanYi Zen Hei", "Source Han Sans SC", "SimHei")
COLOURS: Final = ("#7f7f7f", "#d55e00", "#0072b2", "#009e73", "#cc79a7")
"""Okabe and Ito: told apart by who sees no red or no green."""
MOST_LOTS: Final = 24


def plot(folder: Path, found: Mapping[str, Any], outcomes: Mapping[str, Sequence[Outcome]], town: Town) -> list[Path]:
    """Draw everything into that folder; returns the files. Raises NotFound without matplotlib."""
    if find_spec("matplotlib") is None:
        raise NotFound("matplotlib is not installed: pip install 'parking-guidance[plot]', or leave --plot out")
    folder.mkdir(parents=True, exist_ok=True)
    figures = {"policies": _policies(found), "lots": _lots(found, outcomes, town)}
    files = []
    for name, figure in figures.items():
        for kind in ("png", "svg"):
            file = folder / f"{found['scenario']}-{name}.{kind}"
            figure.savefig(file, dpi=110)
            files.append(file)
    return files


def _new_figure(rows: int, columns: int, size: tuple[float, float]) -> tuple[Any, Any, bool]:
    """A figure, its axes, and whether it can write Chinese."""
    import matplotlib  # noqa: PLC0415 -- an extra

    matplotlib.use("Agg")
    from matplotlib import font_manager, pyplot  # noqa: PLC0415

    known = {one.name for one in font_manager.fontManager.ttflist}
    font = next((one for one in FONTS if one in known), None)
    settings: dict[Any, Any] = {"svg.fonttype": "none", "font.size": 9, "axes.unicode_minus": False}
    if font is not None:
        settings["font.family"] = font
    matplotlib.rcParams.update(settings)
    figure, axes = pyplot.subplots(rows, columns, figsize=size, squeeze=False, layout="constrained")
    return figure, axes, font is not None


def _policies(found: Mapping[str, Any]) -> Any:  # noqa: ANN401 -- a figure of an optional library
    """A small picture a measure: the mean as a bar, each seed as a point."""
    figure, axes, is_chinese = _new_figure(2, 3, (10.5, 6.0))
    names = list(found["policies"])
    for axis, (key, labels) in zip(axes.flat, MEASURES.items(), strict=True):
        for nth, name in enumerate(names):
            values = [one for one in found["policies"][name][key]["by_seed"] if one is not None]
            if values:
                colour = COLOURS[nth % len(COLOURS)]
                axis.bar(nth, sum(values) / len(values), color=colour, alpha=0.45, width=0.65)
                axis.plot([nth] * len(values), values, "o", color=colour, markersize=4)
        axis.set_xticks(range(len(names)), names)
        axis.set_title(labels[not is_chinese])
        axis.set_xlim(-0.6, len(names) - 0.4)
        axis.set_ylim(bottom=0)
    head = f"{found['scenario']}, {found['hours']:g} h, {len(found['seeds'])} seeds"
    figure.suptitle(f"策略比较：{head}" if is_chinese else f"Policies compared: {head}")
    return figure


def _lots(found: Mapping[str, Any], outcomes: Mapping[str, Sequence[Outcome]], town: Town) -> Any:  # noqa: ANN401
    """A small picture a lot: taken bays over time under each policy, the first seed, and the capacity."""
    lots = town.lots[:MOST_LOTS]
    rows = ceil(len(lots) / 4)
    figure, axes, is_chinese = _new_figure(rows, 4, (12.0, 1.0 + 1.9 * rows))
    for axis in axes.flat[len(lots) :]:
        axis.set_axis_off()
    for nth, lot in enumerate(lots):
        axis = axes.flat[nth]
        axis.axhline(lot.capacity, color="black", linewidth=0.8, linestyle=":")
        for at, (name, runs) in enumerate(outcomes.items()):
            taken = runs[0].taken
            minutes = [60 * row / 3600 for row in range(len(taken))]
            axis.plot(minutes, [row[nth] for row in taken], color=COLOURS[at % len(COLOURS)], linewidth=1.1, label=name)
        axis.set_title(f"{lot.id} {lot.name if is_chinese else lot.name_en}", fontsize=8)
        axis.set_ylim(0, 1.08 * lot.capacity)
    handles, labels = axes.flat[0].get_legend_handles_labels()
    figure.legend(handles, labels, loc="outside lower center", ncols=len(labels))
    begins = found["begins"]
    figure.suptitle(
        f"车位占用，自 {begins} 起的小时数；虚线为容量"
        if is_chinese
        else f"Taken bays, hours from {begins}; dotted: capacity"
    )
    return figure

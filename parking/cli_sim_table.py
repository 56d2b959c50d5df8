"""What `parking sim run` found, as a table: measures down, policies across."""

from collections.abc import Mapping, Sequence
from typing import Any, Final
from unicodedata import east_asian_width

LABELS: Final[Mapping[str, str]] = {
    "search_s_mean": "寻位 search s",
    "search_s_p95": "寻位 95 % search s",
    "after_first_lot_s_mean": "首个车场起 from first lot s",
    "failures_per_driver": "碰壁 failures / driver",
    "cruising_km_mean": "绕行 detour km",
    "walk_m_mean": "步行 walk m",
    "not_parked_share": "未停成 never parked",
    "door_to_door_s_mean": "门到门 door to door s",
    "queued_car_min": "排队 queued car min",
    "longest_queue_cars": "最长队列 longest queue, cars",
    "spillback_min": "溢出 spillback min",
    "jammed_section_min": "拥堵 jammed section min",
    "followed_to_full_share": "引到满场 led to full",
    "changes_per_lot_hour": "变字 changes / lot h",
    "occupancy_mae_share": "占用误差 occupancy error",
    "alerts_found_share": "报警命中 alerts found",
    "alerts_right_share": "报警准确 alerts right",
    "alerts_delay_s_mean": "报警延迟 alert delay s",
    "alerts_false_per_section_hour": "误报 false / section h",
}

CASES: Final[Mapping[str, str]] = {
    "cases": "案卷 cases",
    "by_alert": "报警立案 by alert",
    "closed": "结案 closed",
    "voided": "不予立案 voided",
    "open": "在办 open",
    "closed_overdue": "超时结案 closed overdue",
    "closed_error": "差错结案 closed as error",
    "returned": "回退 returned",
    "reworked": "返工 reworked",
    "suspended": "挂账 suspended",
    "extensions_granted": "延期获准 extensions granted",
    "reports_linked": "重复举报 reports linked",
    "acknowledged_s_median": "确认 acknowledged s, median",
    "to_scene_s_median": "到场 to scene s, median",
    "to_disposed_s_median": "处置 to disposed s, median",
    "to_closed_s_median": "结案 to closed s, median",
}


def table(result: Mapping[str, Any]) -> str:
    """Measures down, policies across: the mean over seeds, with the deviation where there is one."""
    policies = result["policies"]
    seeds = ", ".join(map(str, result["seeds"]))
    head = (
        f"{result['scenario']}  {result['hours']:g} h  种子 seeds {seeds}  听从 compliance {result['compliance']:.0%}"
    )
    lines = [head, "", _row("", list(policies))]
    for key, label in LABELS.items():
        lines.append(_row(label, [_cell(found[key]) for found in policies.values()]))
    if people := result.get("people"):
        lines += ["", _row("", list(people))]
        for key, label in CASES.items():
            lines.append(_row(label, [_cell(found[key]) for found in people.values()]))
    return "\n".join([*lines, "", f"truth {result['truth_sha256']}", f"decisions {result['decisions_sha256']}"])


def _row(label: str, cells: Sequence[str]) -> str:
    wide = sum(east_asian_width(letter) in "WF" for letter in label)
    return label.ljust(32 - wide) + "".join(f"{cell:>22}" for cell in cells)


def _cell(found: Mapping[str, Any]) -> str:
    if found["mean"] is None:
        return "–"
    return _number(found["mean"]) + ("" if found["sd"] is None else f" ± {_number(found['sd'])}")


def _number(value: float) -> str:
    return f"{value:.0f}" if abs(value) >= 100 else f"{value:.3g}"

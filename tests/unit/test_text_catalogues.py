"""Both languages say everything: the same keys, the same gaps, and every code of the domain."""

import json
import re
from enum import Enum
from importlib import resources

import pytest

from parking.domain.alert import AlertKind, AlertState, Grade
from parking.domain.case import Clock, Stage
from parking.domain.guidance import NoProof, State
from parking.domain.inputs import OverrideMode
from parking.domain.lot import LotKind
from parking.domain.occupancy import Quality
from parking.domain.roadstate import RoadLevel
from parking.domain.sign import Arrow, Level
from parking.flow.present import PartState
from parking.web.run import RunKind
from parking.web.views.lot import NOT_YET
from parking.web.views.sign import SignStatus
from sensors.estimate_judge import REASONS
from signage.why import AREA_RULES

STATIC = resources.files("parking.web") / "static"


def catalogue(language: str) -> dict[str, str]:
    pairs = json.loads((STATIC / "text" / f"{language}.json").read_text("utf-8"), object_pairs_hook=list)
    assert len(pairs) == len(dict(pairs)), "a key stands twice"
    return dict(pairs)


ZH, EN = catalogue("zh"), catalogue("en")

GROUPS: dict[str, type[Enum]] = {
    "state": State,
    "quality": Quality,
    "level": RoadLevel,
    "lotkind": LotKind,
    "signlevel": Level,
    "signstatus": SignStatus,
    "arrow": Arrow,
    "alert": AlertKind,
    "alertstate": AlertState,
    "stage": Stage,
    "clock": Clock,
    "partstate": PartState,
    "run": RunKind,
}


def test_both_languages_have_the_same_keys_in_the_same_order() -> None:
    assert list(ZH) == list(EN)


def test_no_text_is_empty_and_gaps_are_the_same_things() -> None:
    for key, text in ZH.items():
        assert text.strip(), key
        assert EN[key].strip(), key
        gaps = set(re.findall(r"{(\w+)}", text))
        if key not in ("clock.date", "clock.day_time"):  # a month is a number here and a name there
            assert gaps == set(re.findall(r"{(\w+)}", EN[key])), key


@pytest.mark.parametrize("group", GROUPS)
def test_every_code_of_the_domain_has_its_word(group: str) -> None:
    assert {f"{group}.{member.value}" for member in GROUPS[group]} <= set(ZH)


def test_every_grade_and_every_reason_of_an_estimate_has_its_word() -> None:
    assert {f"grade.{int(grade)}" for grade in Grade} | {"grade.0"} <= set(ZH)
    assert {f"reason.{reason}" for reason in (*REASONS, NOT_YET) if reason} <= set(ZH)


def test_every_rule_of_a_sign_and_every_cause_of_an_alert_has_its_sentence() -> None:
    by_hand = {f"why.override_{mode}" for mode in OverrideMode if mode is not OverrideMode.AUTO}
    assert {f"why.{rule}" for rule in AREA_RULES.values()} | by_hand <= set(ZH)
    jams = {f"alertreason.jam_{level}" for level in (RoadLevel.LIGHT, RoadLevel.MODERATE, RoadLevel.SEVERE)}
    assert {f"alertreason.sign_{proof}" for proof in NoProof} | jams <= set(ZH)


def test_every_text_that_the_page_asks_for_is_there() -> None:
    asked = set()
    for folder in (STATIC, STATIC / "views", STATIC / "map"):
        for file in folder.iterdir():
            if file.name.endswith(".mjs"):
                asked |= set(re.findall(r"\bt\(\"([\w.]+)\"", file.read_text("utf-8")))
    assert len(asked) > 40
    assert asked <= set(ZH)


def test_the_chinese_catalogue_is_chinese() -> None:
    latin = [key for key, text in ZH.items() if not re.search(r"[\u4e00-\u9fff—Ⅰ-Ⅳ：]", text)]
    assert latin == []

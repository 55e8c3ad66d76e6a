from __future__ import annotations

from pathlib import Path
from typing import get_args

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from heedful.errors import ConfigError, InputError
from heedful.judge.base import Judge
from heedful.practise.hear import hear
from heedful.practise.pack import FOLDER, check_scenario, scenario, scenario_names, scenarios
from heedful.practise.scenario import MOMENTS, Area

TEXT = (FOLDER / "biopsy.toml").read_text(encoding="utf-8")


def test_there_are_at_least_forty_scenarios_in_every_area_and_none_is_told_twice() -> None:
    found = scenarios()
    assert len(found) >= 40
    assert {each.area for each in found} == set(get_args(Area))
    lines = [line for each in found for moment in MOMENTS for line in each.lines[moment]]
    lines += [fact.says for each in found for fact in each.facts]
    long = [line for line in lines if len(line) > 40]
    assert len(long) == len(set(long))
    ages = [each.person.age for each in found]
    assert min(ages) < 14
    assert max(ages) > 75


def test_what_authors_offer_as_good_listening_is_heard_as_such(judge: Judge) -> None:
    for each in scenarios():
        opening = [each.opening("cooperative")]
        for feeling in each.feelings:
            heard = hear(judge, each, opening, [feeling.reflect], [])
            assert not any((heard.harms, heard.advice, heard.formula, heard.echo)), feeling.reflect
            assert feeling.name in heard.feelings, feeling.reflect
        for fact in each.facts:
            heard = hear(judge, each, opening, [fact.question], [])
            assert not any((heard.harms, heard.advice, heard.formula, heard.interrogates)), fact.question
            assert fact.name in heard.facts, fact.question


@pytest.mark.parametrize(
    ("old", "new", "line_of", "told"),
    [
        ('area = "health"', 'area = "space"', 'area = "space"', "'area' must be one of"),
        ('event = "illness"', 'event = "party"', 'event = "party"', "no kind of event 'party'"),
        ('setting = "health_support"', 'setting = "zoo"', 'setting = "zoo"', "no norm pack 'zoo'"),
        ('label = "fear"', 'label = "fright"', 'label = "fright"', "'label' must be one of"),
        ("at = 0.2", "at = 2.0", "at = 2.0", "from 0.0 to 1.0"),
        ("age = 54", 'age = "old"', 'age = "old"', "Expected `int`"),
        ("shown = true", "shown = false", "[feelings.fear]", "at least one feeling must be shown"),
        ('title = "It will be Thursday"', 'titel = "It will be Thursday"', 'titel = "It', "unknown key 'titel'"),
        ('cold = ["So', 'cold = []\nchilly = ["So', "chilly =", "unknown moment 'chilly'"),
        ('quiet"', "quiet", None, "this is not TOML"),
    ],
)
def test_a_mistake_is_told_with_file_and_line(
    tmp_path: Path, old: str, new: str, line_of: str | None, told: str
) -> None:
    path = tmp_path / "mine.toml"
    text = TEXT.replace(old, new, 1) if old in TEXT else f"{TEXT}\nbroken = [\n"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(ConfigError) as caught:
        check_scenario(path)
    assert told in str(caught.value)
    assert f"{path}, line " in str(caught.value)
    if line_of is not None:
        number = next(n for n, line in enumerate(text.splitlines(), 1) if line.startswith(line_of))
        assert any(f"line {number}: " in each and told in each for each in str(caught.value).splitlines())


def test_a_line_that_is_said_twice_is_found(tmp_path: Path) -> None:
    path = tmp_path / "twice.toml"
    path.write_text(
        TEXT.replace('"They all pat my arm. I\'m not dead."', '"Six days for a grain of rice."'), encoding="utf-8"
    )
    with pytest.raises(ConfigError, match="also stands under 'angry'"):
        check_scenario(path)


def test_scenarios_of_ones_own_go_before_ours(tmp_path: Path) -> None:
    (tmp_path / "biopsy.toml").write_text(TEXT.replace("It will be Thursday", "Mine"), encoding="utf-8")
    assert scenario("biopsy", tmp_path).title == "Mine"
    assert scenario("biopsy").title == "It will be Thursday"
    assert len(scenario_names(tmp_path)) == len(scenario_names())


def test_an_unknown_scenario_is_told_with_those_that_are_close() -> None:
    with pytest.raises(InputError, match="Did you mean biopsy"):
        scenario("biopsi")


@settings(max_examples=30, deadline=None)
@given(st.integers(0, len(TEXT) - 1), st.text(max_size=4))
def test_no_damage_to_a_file_does_more_than_be_told(
    tmp_path_factory: pytest.TempPathFactory, at: int, put: str
) -> None:
    path = tmp_path_factory.mktemp("damaged") / "mine.toml"
    path.write_text((TEXT[:at] + put + TEXT[at + 1 :]).replace("\r", ""), encoding="utf-8", errors="surrogatepass")
    told = str(path)
    try:
        check_scenario(path)
    except ConfigError as error:
        told = str(error)
    assert str(path) in told

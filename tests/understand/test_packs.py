from __future__ import annotations

import tomllib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from heedful.errors import ConfigError
from heedful.understand.packs import FOLDER, check_pack, norm_for, pack_names, read_pack_file
from heedful.understand.rules import problems

SETTINGS = ("companion", "customer_service", "health_support", "education", "workplace")
CULTURES = ("direct", "reserved", "family", "faith")
HEAD = 'use = "setting"\nabout = "Mine."\ninherits = "base"\n'


def write(folder: Path, text: str, name: str = "mine") -> Path:
    path = folder / f"{name}.toml"
    path.write_text(text, encoding="utf-8")
    return path


@pytest.mark.parametrize("setting", SETTINGS)
@pytest.mark.parametrize("culture", ["", *CULTURES])
def test_every_shipped_pack_is_right_alone_and_together(setting: str, culture: str) -> None:
    norm = norm_for(setting, culture)
    assert norm.setting == setting
    assert norm.name == (f"{setting} + {culture}" if culture else setting)
    assert {"loss", "pet_loss"} <= set(norm.advice_asked_only)
    assert "advice" in norm.manners["loss"].must_not
    assert "exclamation" in norm.manners["low"].must_not


def test_the_settings_truly_differ() -> None:
    norms = {setting: norm_for(setting) for setting in SETTINGS}
    assert norms["customer_service"].formality == "formal"
    assert "own the problem" in norms["customer_service"].manners["service"].must
    assert "illness" in norms["health_support"].advice_never
    assert norms["workplace"].sentences == 2
    assert norms["workplace"].topics["religion"].talk == "avoid"
    assert "talented" in norms["education"].manners["always"].avoid
    assert len({(norm.formality, norm.sentences, norm.advice_after) for norm in norms.values()}) >= 4


def test_the_cultures_truly_differ() -> None:
    norms = {culture: norm_for("companion", culture) for culture in CULTURES}
    assert norms["direct"].directness == "direct"
    assert norms["reserved"].directness == "indirect"
    assert norms["reserved"].topics["death"].talk == "avoid"
    assert norms["direct"].topics["death"].talk == "welcome"
    assert norms["faith"].topics["religion"].talk == "welcome"
    assert norms["family"].topics["family"].talk == "welcome"


def test_a_pack_replaces_what_it_inherits_but_adds_to_what_is_forbidden(tmp_path: Path) -> None:
    path = write(
        tmp_path,
        HEAD + '[style]\nsentences = 1\n[when.low]\navoid = ["yay"]\n[when.loss]\nfirst = ["console"]\n'
        '[topics.sport]\ntalk = "avoid"\nwords = ["football"]\n',
    )
    base, mine = check_pack(FOLDER / "base.toml"), check_pack(path)
    assert (mine.sentences, mine.ask_every) == (1, base.ask_every)
    assert mine.manners["low"].avoid == (*base.manners["low"].avoid, "yay")
    assert mine.manners["loss"].first == ("console",)
    assert mine.manners["loss"].avoid == base.manners["loss"].avoid
    assert mine.topics["sport"].words == ("football",)
    assert mine.topics["religion"] == base.topics["religion"]


def test_ones_own_pack_takes_the_place_of_ours_and_may_inherit_from_it(tmp_path: Path) -> None:
    write(tmp_path, 'use = "setting"\nabout = "Ours."\ninherits = "workplace"\n[style]\nsentences = 4\n', "workplace")
    norm = norm_for("workplace", "", tmp_path)
    assert (norm.about, norm.sentences, norm.ask_every) == ("Ours.", 4, 2)
    assert pack_names(tmp_path)["workplace"].parent == tmp_path


@pytest.mark.parametrize(
    ("text", "line", "says"),
    [
        (HEAD + '[style]\nformality = "friendly"\n', 5, "Expected one of: casual, neutral, formal"),
        (HEAD + "[style]\nsentences = 0\n", 5, "whole number from 1 to 6"),
        (HEAD + "[style]\nsentences = true\n", 5, "whole number from 1 to 6"),
        (HEAD + "[style]\nformalty = 1\n", 5, "Did you mean formality"),
        (HEAD + "[stlye]\n", 4, "Did you mean style"),
        (HEAD + "style = 3\n", 4, r"write \[style\] on a line of its own"),
        (HEAD + '[when.loss]\nlater = [\n  ["reflect"],\n  ["refelct"],\n]\n', 7, "Did you mean reflect"),
        (HEAD + '[when.loss]\nfirst = ["reflect", "reflect"]\n', 5, "names a strategy twice"),
        (HEAD + "[when.loss]\nfirst = []\n", 5, "from 1 to 5 strategies"),
        (HEAD + "[when.loss]\nlater = []\n", 5, "list of lists"),
        (HEAD + '[when.grief]\ntone = "warm"\n', 4, "'grief' is not known here"),
        (HEAD + '[when.low]\nmust = ["smile"]\n', 5, "own the problem"),
        (HEAD + '[when.low]\navoid = ["a.*b"]\n', 5, "is not a word or phrase"),
        (HEAD + '[when.low]\navoid = "word"\n', 5, "list of words"),
        (HEAD + '[topics.sport]\ntalk = "never"\n', 5, "welcome, if raised, avoid"),
        (HEAD + '[advice]\nnever = ["los"]\n', 5, "Did you mean loss"),
        ('about = "Mine."\n', 1, "use is missing"),
        ('use = "company"\nabout = "Mine."\n', 1, "setting, culture"),
        ('use = "setting"\nabout = ""\n', 2, "text in quotes"),
        (HEAD + "[style\n", 4, "not TOML"),
        ('use = "setting"\nabout = "Mine."\ninherits = "nobody"\n', 3, "no pack 'nobody' to inherit"),
        ('use = "setting"\nabout = "Mine."\ninherits = "mine"\n', 3, "in a circle"),
    ],
)
def test_what_is_wrong_is_told_with_file_and_line(tmp_path: Path, text: str, line: int, says: str) -> None:
    path = write(tmp_path, text)
    with pytest.raises(ConfigError, match=says) as caught:
        check_pack(path)
    assert f"{path}, line {line}: " in str(caught.value)


def test_everything_wrong_is_told_at_once(tmp_path: Path) -> None:
    path = write(tmp_path, HEAD + '[style]\nformality = "x"\nsentences = 99\n[when.low]\ntone = "loud"\n')
    with pytest.raises(ConfigError) as caught:
        check_pack(path)
    assert [line.split(": ")[0].rpartition(" ")[2] for line in str(caught.value).splitlines()] == ["5", "6", "8"]


def test_packs_that_inherit_from_each_other_are_refused(tmp_path: Path) -> None:
    write(tmp_path, 'use = "setting"\nabout = "A."\ninherits = "b"\n', "a")
    write(tmp_path, 'use = "setting"\nabout = "B."\ninherits = "a"\n', "b")
    with pytest.raises(ConfigError, match="in a circle: a -> b -> a"):
        norm_for("a", "", tmp_path)


def test_what_is_not_there_is_named_with_what_is(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"no norm pack 'marsian' for a culture\. Known are: direct, faith"):
        norm_for("companion", "marsian")
    with pytest.raises(ConfigError, match="expected one for a culture"):
        norm_for("companion", "workplace")
    with pytest.raises(ConfigError, match="there is no folder"):
        norm_for("companion", "", tmp_path / "gone")
    with pytest.raises(ConfigError, match="cannot be read"):
        read_pack_file(tmp_path / "gone.toml")


def test_a_file_that_is_no_text_is_named(tmp_path: Path) -> None:
    path = tmp_path / "mine.toml"
    path.write_bytes(b"\xff\xfe\x00")
    with pytest.raises(ConfigError, match="cannot be read"):
        check_pack(path)


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)
NAMES = st.sampled_from(["use", "about", "inherits", "style", "advice", "topics", "when", "else"])


@given(st.dictionaries(NAMES, VALUES | st.dictionaries(st.sampled_from(["low", "loss", "formality"]), VALUES)))
def test_any_pack_is_either_right_or_told_what_is_wrong(pack: dict[str, object]) -> None:
    for path, told, _ in problems(pack):
        assert told
        assert all(isinstance(part, str) for part in path)


def test_no_shipped_pack_forbids_a_word_that_is_a_pattern() -> None:
    for path in FOLDER.glob("*.toml"):
        assert not list(problems(tomllib.loads(path.read_text(encoding="utf-8")))), path.name

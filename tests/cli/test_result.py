from __future__ import annotations

import json
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from heedful.cli.result import COLUMNS, flat, is_unicode, summary, to_json, with_result
from heedful.labels import BASIC, FINE, SENTIMENT
from tests.samples import sample_percept

JSON: Any = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=8,
)


def test_a_summary_has_the_fused_figures_to_four_decimals_and_no_readings() -> None:
    told = summary(sample_percept(valence=-0.123456, arousal=-0.00001))
    assert list(told) == [
        "feeling", "confidence", "valence", "arousal", "expressed", "abstained", "basic", "sentiment", "fine",
    ]  # fmt: skip
    assert (told["feeling"], told["valence"], str(told["arousal"])) == ("sadness", -0.1235, "0.0")
    assert (set(told["basic"]), set(told["sentiment"]), set(told["fine"])) == (set(BASIC), set(SENTIMENT), set(FINE))


def test_a_flat_summary_has_one_value_per_column() -> None:
    row = flat(summary(sample_percept(expressed=("sadness", "grief"))))
    assert tuple(row) == COLUMNS
    assert (row["heedful_expressed"], row["heedful_basic_sadness"], row["heedful_abstained"]) == (
        "sadness|grief",
        0.7,
        None,
    )


@given(JSON)
def test_any_value_becomes_one_line_of_json_in_utf_8(value: Any) -> None:
    line = to_json(value)
    assert is_unicode(line)
    assert "\n" not in line
    assert json.loads(line) == value


@given(st.dictionaries(st.text().filter(lambda key: key != "heedful"), JSON, min_size=1), st.sampled_from([None, 2]))
def test_a_result_is_added_to_any_row_and_alters_nothing(row: dict[str, Any], indent: int | None) -> None:
    columns = json.dumps(row, indent=indent)
    line = with_result(columns, {"feeling": "joy"})
    assert line.startswith(columns[:-1].rstrip())
    assert json.loads(line) == {**row, "heedful": {"feeling": "joy"}}

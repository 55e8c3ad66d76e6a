from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from heedful.understand.lines import key_lines, line_of

TEXT = """# a comment
use = "setting"  # [not a table]
[style]
formality = "casual"

[when.loss]
later = [
  ["reflect"],
  ["validate", "encourage"],
]
avoid = ["a # b", "time heals"]
["when"."low"]
tone = 'gentle'
"""


def test_every_key_has_its_line() -> None:
    assert key_lines(TEXT) == {
        ("use",): 2,
        ("style",): 3,
        ("style", "formality"): 4,
        ("when", "loss"): 6,
        ("when", "loss", "later"): 7,
        ("when", "loss", "avoid"): 11,
        ("when", "low"): 12,
        ("when", "low", "tone"): 13,
    }


def test_an_item_of_a_list_has_the_line_it_stands_on() -> None:
    assert line_of(TEXT, ("when", "loss", "later"), "encourage") == 9
    assert line_of(TEXT, ("when", "loss", "later"), "nowhere") == 7


def test_a_missing_key_has_the_line_of_its_table_and_else_the_first() -> None:
    assert line_of(TEXT, ("style", "sentences")) == 3
    assert line_of(TEXT, ("advice",)) == 1


@given(st.text(max_size=200))
def test_any_text_is_survived(text: str) -> None:
    assert all(line >= 1 for line in key_lines(text).values())

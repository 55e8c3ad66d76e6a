from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tokenizers import Tokenizer

from heedful.models.manifest import WEIGHTS
from heedful.models.tokens import lay_out


@pytest.fixture(scope="module")
def tokenizer() -> Tokenizer:
    made = Tokenizer.from_file(str(WEIGHTS / "reader" / "tokenizer.json"))
    made.no_padding()
    made.no_truncation()
    return made


def test_a_single_text_keeps_its_beginning(tokenizer: Tokenizer) -> None:
    (whole,) = lay_out(tokenizer, ["my dog died last night"])
    assert whole.ids == tokenizer.encode("my dog died last night").ids
    assert whole.second == len(whole.ids) == 7
    (cut,) = lay_out(tokenizer, ["my dog died last night"], limit=4)
    assert cut.ids == [*whole.ids[:3], whole.ids[-1]]
    assert cut.spans == [(0, 0), (0, 2), (3, 6), (0, 0)]


def test_of_a_pair_the_first_keeps_its_end_and_the_second_its_beginning(tokenizer: Tokenizer) -> None:
    first, second = "one two three four five six", "seven eight nine"
    (whole,) = lay_out(tokenizer, [first], [second])
    assert whole.ids == tokenizer.encode(first, second).ids
    assert whole.types == tokenizer.encode(first, second).type_ids
    (cut,) = lay_out(tokenizer, [first], [second], limit=9)
    texts = [first] * cut.second + [second] * (len(cut.ids) - cut.second)
    assert [text[a:b] for text, (a, b) in zip(texts, cut.spans, strict=True) if b] == [
        "four", "five", "six", "seven", "eight", "nine",
    ]  # fmt: skip


@given(first=st.text(max_size=80), second=st.text(max_size=80) | st.none(), limit=st.integers(8, 40))
def test_any_text_fits_and_no_room_is_wasted(tokenizer: Tokenizer, first: str, second: str | None, limit: int) -> None:
    (whole,) = lay_out(tokenizer, [first], None if second is None else [second])
    (cut,) = lay_out(tokenizer, [first], None if second is None else [second], limit=limit)
    assert len(cut.ids) == min(limit, len(whole.ids))
    assert len(cut.spans) == len(cut.types) == len(cut.ids)

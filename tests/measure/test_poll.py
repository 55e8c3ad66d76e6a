"""A poll is begun, answered and counted; nobody is invented."""

from __future__ import annotations

from pathlib import Path

import pytest

from heedful.errors import ConfigError, InputError
from heedful.measure.poll import ANSWERS, POLL, Answer, answer, create, read_answers, read_poll, result_of


def test_answers_are_counted_for_everybody_and_by_group(tmp_path: Path) -> None:
    create(tmp_path, "Should we?")
    poll = read_poll(tmp_path)
    assert poll.question == "Should we?"
    first, second = poll.groups[:2]
    for group, choice in ((first, "for"), (first, "for"), (second, "against")):
        answer(tmp_path, Answer(group, (choice,) * len(poll.statements)))
    result = result_of(tmp_path)
    everybody, one, two = result.columns
    assert (result.n, everybody.subject, one.subject, two.subject) == (3, "everybody", first, second)
    assert [figure.value for figure in everybody.figures[:3]] == pytest.approx([2 / 3, 1 / 3, 0.0])
    assert [figure.value for figure in one.figures[:3]] == [1.0, 0.0, 0.0]
    assert one.figures[0].low < 1.0
    assert len(read_answers(tmp_path)) == 3


def test_before_anybody_answered_there_are_no_figures(tmp_path: Path) -> None:
    create(tmp_path)
    result = result_of(tmp_path)
    assert (result.n, result.columns) == (0, ())


def test_what_is_no_answer_is_refused_and_not_kept(tmp_path: Path) -> None:
    create(tmp_path)
    poll = read_poll(tmp_path)
    whole = ("for",) * len(poll.statements)
    for wrong in (
        Answer("nobody", whole),
        Answer(poll.groups[0], whole[1:]),
        Answer(poll.groups[0], ("yes", *whole[1:])),
    ):
        with pytest.raises(InputError):
            answer(tmp_path, wrong)
    assert not (tmp_path / ANSWERS).exists()
    (tmp_path / ANSWERS).write_text('{"group": "x"}\n', encoding="utf-8")
    with pytest.raises(InputError, match="line 1"):
        result_of(tmp_path)


def test_a_poll_is_not_written_over_and_a_missing_or_broken_one_is_explained(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="heedful poll create"):
        read_poll(tmp_path)
    create(tmp_path)
    with pytest.raises(InputError, match="there already"):
        create(tmp_path)
    for broken in ("[", 'question = "x"', 'question = "x"\nstatements = []\ngroups = ["a"]'):
        (tmp_path / POLL).write_text(broken, encoding="utf-8")
        with pytest.raises(ConfigError):
            read_poll(tmp_path)

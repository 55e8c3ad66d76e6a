import pytest

from heedful.respond.english import verb_place
from heedful.respond.sort import sort_of


@pytest.mark.parametrize(
    ("clause", "sort"),
    [
        ("I lost my job", "event"),
        ("I've been accepted into nursing school", "event"),
        ("I've been married for ten years", "ongoing"),
        ("I've been feeling off", "ongoing"),
        ("I'm going to Rome", "ahead"),
        ("we're about to move", "ahead"),
        ("I have doubts about how my life is going right now", "ongoing"),
        ("I feel low", "feeling"),
        ("I love my dog", "stance"),
    ],
)
def test_what_a_clause_tells_is_told_apart(clause: str, sort: str) -> None:
    said = clause.split()
    place = verb_place(said)
    assert place is not None
    assert sort_of(said, place, own=True)[0] == sort

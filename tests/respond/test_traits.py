from __future__ import annotations

from heedful.config import Config
from heedful.respond.learned import Taste
from heedful.respond.rank import LEAD, Candidate, rank
from heedful.respond.traits import apart, known, middle, traits
from heedful.types import Plan, Reply
from tests.samples import sample_understanding

PLAN = Plan("loss", ("console", "explore"), "first", "gentle", sentences=3)
ASKS, TELLS = "I'm sorry about your dog. What was he like?", "I'm sorry about your dog. A house gets silent."


def test_a_reply_is_what_people_would_say_it_is() -> None:
    found = traits("Oh, I'm so sorry. That must be hard! What happened?", 0.5, sample_understanding())
    assert set(found) >= {
        "sorry",
        "weight",
        "question",
        "ends_asking",
        "exclamation",
        "opener",
        "own_words",
        "sorry, hard news",
    }
    assert not set(found) & {"praise", "advice", "told_life", "question, good news"}
    assert all(0 < value <= 3.0 for value in found.values())


def test_nothing_is_nothing_and_every_trait_can_be_spoken_of() -> None:
    assert set(traits("", 0.0, sample_understanding())) <= {"long_words"}
    assert all(trait.words and trait.spread > 0 for trait in known().values())


def test_what_two_replies_have_in_common_is_left_out() -> None:
    one, other = ({"sorry": 1.0, "question": 2.0}, {"sorry": 1.0})
    assert apart(one, other) == {"question": 2.0}
    assert apart(other, one) == {"question": -2.0}
    assert middle([one, other])["question"] == 1.0


def ranked(taste: Taste | None) -> list[Reply]:
    candidates = [Candidate(Reply(text, "compose")) for text in (ASKS, TELLS)]
    return rank(candidates, "my dog died", sample_understanding(), PLAN, (), Config.load(), None, taste)


def test_what_people_prefer_decides_between_replies_that_may_both_be_said() -> None:
    assert ranked(Taste({"question": -1.0}))[0].text == TELLS
    assert ranked(Taste({"question": 1.0}))[0].text == ASKS
    assert "liked" not in ranked(None)[0].scores


def test_each_reply_says_what_it_has_more_of_than_the_others_and_how_far_it_led() -> None:
    first, second = ranked(None)
    assert first.traits["question"] == -second.traits["question"] != 0
    assert first.traits[LEAD] >= 0 >= second.traits[LEAD]


def test_a_taste_is_tried_out_within_its_doubt_and_the_same_seed_tries_the_same() -> None:
    taste = Taste({"question": 0.1}, {"question": 0.5})
    drawn = [taste.drawn(str(seed)).weights["question"] for seed in range(200)]
    assert taste.drawn("7") == taste.drawn("7")
    assert min(drawn) < -0.3
    assert max(drawn) > 0.5
    assert Taste({"question": 0.1}).drawn("7").weights == {"question": 0.1}

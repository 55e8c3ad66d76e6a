from __future__ import annotations

from dataclasses import replace

import pytest

from heedful.types import Event
from heedful.understand.appraise import appraise, said
from heedful.understand.event import kinds
from tests.samples import sample_percept

LOW = sample_percept()
UNREAD = replace(LOW, abstained="not read")


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("It was my own fault.", "self"),
        ("I should have called her", "self"),
        ("they promised to pay", "other"),
        ("it was just bad luck", "chance"),
        ("there is nothing I can do", "helpless"),
        ("I've decided to go back", "able"),
        ("what if they say no", "unsure"),
        ("I need it by Friday", "urgent"),
    ],
)
def test_what_a_message_says_of_itself_is_told_from_its_wording(text: str, says: str) -> None:
    assert says in said(text)


def test_plain_facts_say_nothing() -> None:
    assert said("The train leaves from platform two.") == frozenset()


def test_without_a_network_the_kind_of_event_and_the_wording_decide() -> None:
    fire = Event("job_loss", 0.9, "low")
    plain, blames = appraise(fire, LOW, "I lost my job."), appraise(fire, LOW, "I lost my job, it was my fault.")
    assert plain is not None
    assert blames is not None
    assert (plain.responsible, blames.responsible, plain.source) == ("other", "self", "rules")
    helpless = appraise(fire, LOW, "I lost my job and there's nothing I can do.")
    assert helpless is not None
    assert helpless.control < plain.control
    assert plain.pleasantness < 0


def test_what_is_feared_is_less_certain_than_what_has_happened() -> None:
    feared, happened = (appraise(Event(kind, 0.9, "tense"), UNREAD, "") for kind in ("threat", "loss"))
    assert feared is not None
    assert happened is not None
    assert feared.certainty < happened.certainty


def test_the_networks_ratings_go_first_and_leave_open_what_they_do_not_rate() -> None:
    event = Event("failure", 0.9, "low")
    ratings = {
        "other_responsblt": 4.5, "self_responsblt": 1.5, "chance_responsblt": 2.0, "self_control": 5.0,
        "pleasantness": 1.0, "unpleasantness": 5.0,
    }  # fmt: skip
    rated, ruled = appraise(event, LOW, "I failed.", ratings), appraise(event, LOW, "I failed.")
    assert rated is not None
    assert ruled is not None
    assert (rated.responsible, rated.control, rated.pleasantness, rated.source) == ("other", 1.0, -1.0, "network")
    assert (rated.certainty, rated.urgency) == (ruled.certainty, ruled.urgency)


def test_ratings_close_together_name_nobody_and_low_ones_leave_it_to_the_rules() -> None:
    event = Event("failure", 0.9, "low")
    torn = appraise(event, LOW, "", {"other_responsblt": 4.0, "self_responsblt": 3.8})
    low = appraise(event, LOW, "", {"other_responsblt": 1.2, "self_responsblt": 1.1})
    assert torn is not None
    assert low is not None
    assert (torn.responsible, low.responsible) == ("unclear", "self")


@pytest.mark.parametrize("kind", sorted(kinds()))
def test_every_kind_but_none_is_appraised_within_range(kind: str) -> None:
    found = appraise(Event(kind, 0.9, kinds()[kind].mood), LOW, "I can't change it, maybe tomorrow")
    assert (found is None) == (kind == "none")
    if found:
        assert 0.0 <= found.control <= 1.0
        assert 0.0 <= found.certainty <= 1.0
        assert -1.0 <= found.pleasantness <= 1.0

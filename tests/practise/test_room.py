from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from heedful.errors import InputError, ModelError
from heedful.llm.echo import Echo
from heedful.practise.actions import actions
from heedful.practise.chart import described, sparkline, svg
from heedful.practise.drill import answer_drill, due, own_drills, text_drills
from heedful.practise.pack import scenarios
from heedful.practise.perspective import clumsy_reply, listener_kinds, question, replay
from heedful.practise.questionnaire import ITEMS, score
from heedful.practise.room import Practise
from heedful.store.store import Store

SAID = (
    "You should sleep.",
    "I'm sorry, I jumped ahead. Waiting until Thursday must be frightening.",
    "How are the nights?",
)


def rehearse(room: Practise, person: str = "me") -> str:
    session = room.start("biopsy", "cooperative", person)
    for said in SAID:
        session = room.say(session, said, person)
    return session.id


def test_a_conversation_is_kept_as_it_goes_and_belongs_to_one_person(room: Practise) -> None:
    number = rehearse(room)
    assert [each.said for each in room.session(number).exchanges] == list(SAID)
    assert room.sessions("somebody") == []
    with pytest.raises(InputError, match="no conversation"):
        room.session(number, "somebody")


def test_what_identifies_people_is_not_kept(room: Practise, store: Store) -> None:
    session = room.start("biopsy")
    room.say(session, "You should call me at 0171 555 2368 or write to sam@example.org.")
    kept = str(store.practice.all("me", "session"))
    assert "2368" not in kept
    assert "example.org" not in kept


def test_deleting_and_forgetting_leave_no_trace_in_the_file(room: Practise, store: Store, tmp_path: Path) -> None:
    number, theirs = rehearse(room), rehearse(room, "somebody")
    room.report([3] * len(ITEMS), "somebody")
    assert room.delete(session=number) == 1
    assert room.sessions() == []
    assert len(store.people.export("somebody").practice) == 2
    assert store.people.forget("somebody").practice == 2
    files = b"".join(path.read_bytes() for path in tmp_path.rglob("*") if path.is_file())
    assert theirs.encode() not in files
    assert number.encode() not in files
    assert b"jumped ahead" not in files


def test_the_export_holds_everything(room: Practise) -> None:
    rehearse(room)
    drill = room.drills(limit=1)[0]
    room.answer_drill(drill, drill.feeling)
    room.report([3] * len(ITEMS))
    told = room.export()
    assert [len(told[kind]) for kind in ("sessions", "cards", "reports")] == [1, 1, 1]


def test_skills_are_shares_of_replies_and_are_drawn(room: Practise) -> None:
    rehearse(room)
    found = room.progress()
    assert found.points[0].skills["holding back"] == pytest.approx(2 / 3)
    assert found.points[0].skills["repairing"] == 1.0
    drawn = svg(found)
    assert drawn.startswith("<svg")
    assert "holding back advice" in drawn
    assert "67%" in described(found)
    assert sparkline([0.0, 1.0, None]) == "▁█·"
    assert "nothing to show" in described(room.progress("nobody"))


def test_the_other_side_is_told_line_by_line_with_what_was_needed_and_kept_back(room: Practise) -> None:
    number = rehearse(room)
    told = room.replay(number)
    assert [each.said for each in told.moments] == list(SAID)
    assert told.needed == room.scenario("biopsy").need
    assert told.untold
    assert len({each.felt for each in told.moments}) == len(SAID)


def test_every_scenario_has_another_side_and_something_to_do() -> None:
    for each in scenarios():
        assert each.lives
        assert question(each).theirs == each.need
        found = actions(each)
        assert {"do", "leave"} == {action.kind for action in found}
        assert any(action.source != "this person" for action in found)
        assert all(action.why for action in found)


def test_clumsy_listeners_answer_and_unknown_ones_are_told(room: Practise) -> None:
    assert {clumsy_reply(kind, 0) for kind in listener_kinds() if kind != "attentive"}
    assert room.swapped("minimiser", "I'm scared.")[1] is None
    with pytest.raises(InputError, match="no ready-made listener"):
        room.swapped("dragon", "hello")


def test_danger_to_the_learner_is_met_and_asking_the_other_about_it_is_not_taken_for_it(room: Practise) -> None:
    assert room.care("I want to kill myself.")
    assert not room.care("Are you thinking of killing yourself?")
    assert not room.care("Do you sometimes think about suicide?")


def test_a_hint_says_what_to_listen_for_and_what_to_ask_and_is_counted(room: Practise) -> None:
    session = room.start("biopsy")
    hint = room.hint(session)
    assert hint.ask.endswith("?")
    assert room.session(session.id).hints == 1


class TestDrills:
    NOW = datetime(2031, 5, 1, 9, tzinfo=UTC)

    def test_each_has_its_feeling_among_four_choices(self) -> None:
        assert len(text_drills()) >= 60
        for drill in text_drills():
            assert drill.feeling in drill.choices
            assert len(set(drill.choices)) == 4
            assert drill.why

    def test_what_was_missed_comes_back_sooner_than_what_was_known(self) -> None:
        drill = text_drills()[0]
        wrong = next(each for each in drill.choices if each != drill.feeling)
        known = answer_drill(drill, drill.feeling, None, self.NOW).card
        known = answer_drill(drill, drill.feeling, known, known.due).card
        missed = answer_drill(drill, wrong, None, self.NOW).card
        assert missed.due - self.NOW < timedelta(hours=1)
        assert known.due - self.NOW > timedelta(days=1)
        assert drill in due(text_drills(), {drill.id: missed}, missed.due, 1)
        assert drill not in due(text_drills(), {drill.id: known}, self.NOW, len(text_drills()))

    def test_an_answer_that_was_not_offered_is_refused(self) -> None:
        with pytest.raises(InputError, match="not one of the choices"):
            answer_drill(text_drills()[0], "hunger", None, self.NOW)

    def test_recordings_of_ones_own_are_drilled_by_their_folder_or_name(self, tmp_path: Path) -> None:
        for name in ("anger/one.wav", "happy/two.jpg", "sad_three.mp3", "unnamed.wav", "fear/notes.txt"):
            (tmp_path / name).parent.mkdir(exist_ok=True)
            (tmp_path / name).write_bytes(b"")
        found = {Path(each.shown).name: (each.kind, each.feeling) for each in own_drills(tmp_path)}
        assert found == {
            "one.wav": ("voice", "anger"),
            "two.jpg": ("face", "joy"),
            "sad_three.mp3": ("voice", "sadness"),
        }
        with pytest.raises(InputError, match="named for its feeling"):
            own_drills(tmp_path / "fear")


class TestSelfReport:
    def test_reversed_items_are_turned_round(self) -> None:
        assert score([5 if upwards else 1 for _, upwards in ITEMS]) == 5.0
        assert score([1 if upwards else 5 for _, upwards in ITEMS]) == 1.0

    @pytest.mark.parametrize("answers", [[], [3] * 9, [3] * 9 + [6], [3] * 9 + [0]])
    def test_what_is_missing_or_out_of_range_is_refused(self, answers: list[int]) -> None:
        with pytest.raises(InputError, match="from 1 to 5"):
            score(answers)


class TestModel:
    @pytest.mark.parametrize(
        ("says", "taken"),
        [
            ("I am driven by clocks, I keep a timetable, everything has its minute, and now only Thursday.", True),
            ("As an AI language model I cannot wait for Thursday by the clock.", False),
            ("My brother sat on such a chair, same green, four months from the chair to the church.", False),
            ("Bananas are yellow.", False),
            ("", False),
        ],
    )
    def test_a_models_words_are_taken_only_where_they_stay_within_the_scenario(
        self, store: Store, room: Practise, says: str, taken: bool
    ) -> None:
        other = Practise(room._config, lambda: store, room._engine, model=Echo(says))
        session = other.say(other.start("biopsy"), "How have these days of waiting been for you?")
        assert (session.exchanges[0].writer == "echo") is taken
        assert (session.exchanges[0].answer == says) is taken

    def test_a_model_that_fails_leaves_the_scenarios_own_words(self, store: Store, room: Practise) -> None:
        other = Practise(room._config, lambda: store, room._engine, model=Echo("Well.", fails_after=0))
        session = other.say(other.start("biopsy"), "How have these days of waiting been for you?")
        assert session.exchanges[0].writer == "scenario"
        assert issubclass(ModelError, Exception)


def test_a_replay_needs_nothing_but_the_session(room: Practise) -> None:
    session = room.start("biopsy", "angry")
    assert replay(room.scenario("biopsy"), session).moments == ()

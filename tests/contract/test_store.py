"""What every store must do, whatever database it keeps its rows in."""

from __future__ import annotations

import math
import re
import uuid
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from heedful.errors import InputError, StoreError
from heedful.store.ledger import Happening
from heedful.store.store import NAME_LIMIT, Conversation, Store, sqlite_url
from heedful.types import Audio, Image, Message, Reply, Turn
from tests import postgresql
from tests.samples import AT, sample_feedback, sample_percept, sample_turn

URLS: dict[str, Callable[[Path], str]] = {
    "an SQLite file": lambda folder: sqlite_url(str(folder)),
    "an SQLite file at an odd path": lambda folder: sqlite_url(str(folder / "a b%20?c=d&é#'\";:@[😢]")),
    "SQLite in memory": lambda _folder: "sqlite://",
    "a PostgreSQL server": lambda _folder: postgresql.url(),
}


@pytest.fixture(scope="module", params=URLS)
def store(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    """One store for the whole suite, as in life: each test uses names of its own."""
    with Store.open(URLS[request.param](tmp_path_factory.mktemp("store"))) as opened:
        yield opened


@pytest.fixture
def name() -> str:
    return uuid.uuid4().hex


class TestTurns:
    def test_come_back_as_they_were(self, store: Store, name: str) -> None:
        turn = sample_turn(id=name)
        store.add_turn(turn)
        assert store.turn(name) == turn

    def test_are_kept_without_sound_and_pictures(self, store: Store, name: str) -> None:
        image = Image(b"\1\2\3", 1, 1)
        message = Message("Listen.", Audio(b"\0" * 8, 16000), image, (image,), speaker="mia", at=AT)
        store.add_turn(sample_turn(id=name, message=message))
        assert store.turn(name).message == Message("Listen.", speaker="mia", at=AT)

    def test_are_given_oldest_first_and_only_the_latest_up_to_the_limit(self, store: Store, name: str) -> None:
        order = [3, 0, 4, 1, 2]
        for number in order:
            at = AT + timedelta(microseconds=number)
            store.add_turn(sample_turn(id=f"{name}-{9 - number}", conversation=name, at=at))
        ids = [turn.id for turn in store.turns(name, limit=3)]
        assert ids == [f"{name}-{9 - number}" for number in (2, 3, 4)]
        assert len(store.turns(name, limit=100)) == 5
        assert store.turns(name, limit=0) == []

    def test_of_one_moment_are_ordered_by_id(self, store: Store, name: str) -> None:
        for number in (2, 1, 3):
            store.add_turn(sample_turn(id=f"{name}-{number}", conversation=name))
        assert [turn.id for turn in store.turns(name, limit=2)] == [f"{name}-2", f"{name}-3"]

    def test_of_other_conversations_stay_out(self, store: Store, name: str) -> None:
        store.add_turn(sample_turn(id=name, conversation=name))
        store.add_turn(sample_turn(id=f"{name}+", conversation=f"{name}+"))
        assert [turn.id for turn in store.turns(name, limit=9)] == [name]
        assert store.turns("nobody", limit=9) == []

    def test_that_are_known_are_not_read_anew_and_those_that_were_erased_are_gone(
        self, store: Store, name: str
    ) -> None:
        turns = [sample_turn(id=f"{name}-{number}", conversation=name, person=name) for number in range(4)]
        for turn in turns[:3]:
            store.add_turn(turn)
        known = {turn.id: replace(turn, conversation="as it is known") for turn in (turns[1], turns[3])}
        found = store.turns(name, 2, known)
        assert [(turn.id, turn.conversation) for turn in found] == [
            (f"{name}-1", "as it is known"), (f"{name}-2", name),
        ]  # fmt: skip
        store.people.forget(name)
        assert store.turns(name, 9, known) == []

    def test_added_again_change_nothing(self, store: Store, name: str) -> None:
        turn = sample_turn(id=name, conversation=name)
        store.add_turn(turn)
        store.add_turn(turn)
        reordered = dict(reversed(list(turn.percept.fine.items())))
        store.add_turn(replace(turn, percept=replace(turn.percept, fine=reordered)))
        assert store.turns(name, limit=9) == [turn]

    def test_with_the_id_of_another_are_refused_and_the_first_stays(self, store: Store, name: str) -> None:
        first = sample_turn(id=name)
        store.add_turn(first)
        with pytest.raises(InputError, match="taken by a different turn"):
            store.add_turn(sample_turn("Something else.", id=name))
        assert store.turn(name) == first

    def test_that_are_unknown_say_what_to_do(self, store: Store) -> None:
        with pytest.raises(StoreError, match=r"no turn 'lost'.*Take the id from"):
            store.turn("lost")

    def test_cannot_be_asked_for_in_a_negative_number(self, store: Store) -> None:
        with pytest.raises(InputError, match="0 or more"):
            store.turns("sam", limit=-1)

    def test_from_any_time_zone_are_ordered_by_the_moment_they_were_made(self, store: Store, name: str) -> None:
        east, west = timezone(timedelta(hours=14)), timezone(-timedelta(hours=12))
        first = sample_turn(id=f"{name}-1", conversation=name, at=datetime(2025, 1, 2, 1, tzinfo=east))
        second = sample_turn(id=f"{name}-0", conversation=name, at=datetime(2025, 1, 1, 1, tzinfo=west))
        store.add_turn(second)
        store.add_turn(first)
        assert store.turns(name, limit=9) == [first, second]


# A pair of surrogates is one character to JSON; it has a test of its own.
texts = st.text(st.characters()).filter(lambda text: not re.search("[\ud800-\udbff][\udc00-\udfff]", text))
numbers = st.floats(allow_nan=False)

STUMBLING_BLOCKS = {
    "nothing": "",
    "a NUL": "\0",
    "many NULs": "\0" * 1000,
    "lone surrogates": "\ud800 \udfff \ud83d",
    "bidirectional marks": "\u202e\u2066",
    "characters outside the basic plane": "𝓼𝓪𝓭 😢🏽" * 100,
    "JSON's own marks": '\\u0000"{}\\',
    "SQL": "'; DROP TABLE turns; --%_",
}


@st.composite
def odd_turns(draw: st.DrawFn) -> Turn:
    unique, odd = uuid.uuid4().hex, draw(texts)[: NAME_LIMIT // 2]
    # Year 1 and year 9999 may lie outside the calendar in UTC.
    at = draw(st.datetimes(datetime(2, 1, 1), datetime(9998, 1, 1), timezones=st.timezones()))  # noqa: DTZ001 - the zone is drawn apart
    return sample_turn(
        draw(texts),
        id=unique + odd,
        conversation=odd + unique,
        percept=sample_percept(fine=draw(st.dictionaries(texts, numbers, max_size=5)), valence=draw(numbers)),
        reply=Reply(draw(texts), draw(texts)),
        at=at,
    )


class TestOddValues:
    @given(turn=odd_turns())
    @settings(max_examples=60)
    def test_come_back_as_they_were(self, store: Store, turn: Turn) -> None:
        store.add_turn(turn)
        kept = replace(turn, at=turn.at.astimezone(UTC))
        assert store.turn(turn.id) == kept
        assert store.turns(turn.conversation, limit=2) == [kept]
        feedback = sample_feedback(id=turn.conversation, turn=turn.id, comment=turn.message.text, at=turn.at)
        store.add_feedback(feedback)
        assert store.feedback(turn.id) == [replace(feedback, at=kept.at)]
        summary = next(each for each in store.conversations() if each.name == turn.conversation)
        assert summary == Conversation(turn.conversation, 1, kept.at, kept.at)

    @pytest.mark.parametrize("text", STUMBLING_BLOCKS.values(), ids=STUMBLING_BLOCKS)
    def test_that_databases_stumble_over_survive_as_text_id_and_name(self, store: Store, name: str, text: str) -> None:
        short = text[:90]
        turn = sample_turn(text, id=name + short, conversation=short + name)
        store.add_turn(turn)
        assert store.turn(name + short) == turn
        assert store.turns(short + name, limit=1) == [turn]

    def test_of_five_million_characters_survive(self, store: Store, name: str) -> None:
        turn = sample_turn("so sad \0" * 625_000, id=name)
        store.add_turn(turn)
        assert store.turn(name) == turn

    def test_such_as_a_surrogate_pair_come_back_as_the_character_it_stands_for(self, store: Store, name: str) -> None:
        store.add_turn(sample_turn("\ud83d\ude22", id=name))
        assert store.turn(name).message.text == "😢"

    def test_such_as_not_a_number_survive(self, store: Store, name: str) -> None:
        turn = sample_turn(id=name, timings={"total": math.nan})
        store.add_turn(turn)
        store.add_turn(turn)
        assert math.isnan(store.turn(name).timings["total"])

    def test_such_as_a_name_too_long_to_index_are_refused(self, store: Store, name: str) -> None:
        widest = name + "😢" * (NAME_LIMIT - len(name))
        store.add_turn(sample_turn(id=widest, conversation=widest))
        assert store.turn(widest).conversation == widest
        for changes in ({"id": widest + "x"}, {"id": name, "conversation": widest + "x"}):
            with pytest.raises(InputError, match=f"has {NAME_LIMIT + 1} characters"):
                store.add_turn(sample_turn(**changes))

    def test_such_as_a_time_without_a_zone_are_refused(self, store: Store, name: str) -> None:
        with pytest.raises(InputError, match="no time zone"):
            store.add_turn(sample_turn(id=name, at=AT.replace(tzinfo=None)))
        with pytest.raises(InputError, match="years 1 to 9999"):
            store.add_turn(sample_turn(id=name, at=datetime.min.replace(tzinfo=timezone(timedelta(hours=1)))))

    @pytest.mark.parametrize(
        "changes",
        [{"timings": {"total": "fast"}}, {"timings": {"total": object()}}, {"id": None}],
        ids=["a word for a number", "an object", "no id"],
    )
    def test_that_could_not_be_read_back_are_refused_and_not_stored(
        self, store: Store, name: str, changes: dict[str, Any]
    ) -> None:
        with pytest.raises(InputError, match="could not be read back"):
            store.add_turn(sample_turn(**{"id": name, "conversation": name, **changes}))
        assert store.turns(name, limit=1) == []


class TestFeedback:
    def test_comes_back_as_it_was_oldest_first(self, store: Store, name: str) -> None:
        store.add_turn(sample_turn(id=name))
        late = sample_feedback(id=f"{name}-1", turn=name, at=AT + timedelta(seconds=1), comment=None)
        early = sample_feedback(id=f"{name}-2", turn=name, at=AT)
        store.add_feedback(late)
        store.add_feedback(early)
        assert store.feedback(name) == [early, late]
        assert store.feedback("lost") == []

    def test_on_an_unknown_turn_is_refused(self, store: Store, name: str) -> None:
        with pytest.raises(InputError, match="not in this store"):
            store.add_feedback(sample_feedback(id=name, turn=f"lost {name}"))
        assert store.feedback(f"lost {name}") == []

    def test_added_again_changes_nothing(self, store: Store, name: str) -> None:
        store.add_turn(sample_turn(id=name))
        feedback = sample_feedback(id=name, turn=name)
        store.add_feedback(feedback)
        store.add_feedback(feedback)
        assert store.feedback(name) == [feedback]

    def test_with_the_id_of_another_is_refused_and_the_first_stays(self, store: Store, name: str) -> None:
        store.add_turn(sample_turn(id=name))
        first = sample_feedback(id=name, turn=name)
        store.add_feedback(first)
        for second in (sample_feedback(id=name, turn=name, rating=1), sample_feedback(id=name, turn=f"lost {name}")):
            with pytest.raises(InputError, match="taken by a different feedback"):
                store.add_feedback(second)
        assert store.feedback(name) == [first]


class TestConversations:
    def test_are_told_in_short_latest_first(self, store: Store, name: str) -> None:
        soon = datetime(9999, 1, 1, tzinfo=UTC)
        for number, which in enumerate("abab"):
            at = soon + timedelta(seconds=number)
            store.add_turn(sample_turn(id=f"{name}-{number}", conversation=f"{which} {name}", at=at))
        ours = [each for each in store.conversations() if each.name.endswith(name)]
        assert ours == [
            Conversation(f"b {name}", 2, soon + timedelta(seconds=1), soon + timedelta(seconds=3)),
            Conversation(f"a {name}", 2, soon, soon + timedelta(seconds=2)),
        ]
        assert Conversation.from_dict(ours[0].to_dict()) == ours[0]


class TestPeople:
    def test_have_their_conversations_until_they_are_forgotten(self, store: Store, name: str) -> None:
        store.add_turn(sample_turn(id=name, conversation=name, person=name))
        store.add_feedback(sample_feedback(id=name, turn=name))
        given = store.people.give(name, "crisis", "in words")
        assert store.people.owner(name) == name
        told = store.people.export(name)
        assert (told.turns[0].id, told.feedback[0].id, told.consents) == (name, name, (given,))
        assert store.people.forget(name).turns == 1
        assert store.turns(name, limit=9) == []
        assert store.feedback(name) == []
        assert name not in store.people.known()

    def test_may_not_have_a_name_too_long_to_index(self, store: Store, name: str) -> None:
        with pytest.raises(InputError, match=f"may have at most {NAME_LIMIT}"):
            store.add_turn(sample_turn(id=name, person="p" * (NAME_LIMIT + 1)))

    def test_are_known_to_the_audit_log_by_a_hash_alone(self, store: Store, name: str) -> None:
        store.add_turn(sample_turn(id=name, conversation=name, person=name), [Happening("crisis", {"level": "high"})])
        entry = store.audit.entries(1)[0]
        assert (entry.kind, entry.subject) == ("crisis", store.audit.subject(name))
        assert store.audit.broken_at() is None


def test_what_happened_is_not_entered_for_a_turn_that_was_not_kept(store: Store, name: str) -> None:
    store.add_turn(sample_turn(id=name))
    before = len(store.audit.entries(10_000))
    with pytest.raises(InputError, match="taken by a different turn"):
        store.add_turn(sample_turn("Something else.", id=name), [Happening("crisis")])
    assert len(store.audit.entries(10_000)) == before


def test_threads_may_write_and_read_at_once(store: Store, name: str) -> None:
    def write(thread: int) -> int:
        for number in range(20):
            turn_id = f"{name}-{thread}-{number}"
            store.add_turn(sample_turn(id=turn_id, conversation=name))
            store.add_feedback(sample_feedback(id=turn_id, turn=turn_id))
            assert store.turn(turn_id).id == turn_id
        return len(store.turns(name, limit=1000))

    with ThreadPoolExecutor(8) as pool:
        counts = list(pool.map(write, range(8)))
    assert max(counts) == 160
    assert len(store.turns(name, limit=1000)) == 160


def test_what_is_read_together_shares_a_transaction_even_where_there_is_one_connection(store: Store, name: str) -> None:
    turn = sample_turn(id=name, conversation=name)
    store.add_turn(turn)
    with store.reading_together():
        assert store.turns(name, 5) == [turn]
        assert store.people.owner(name) == turn.person
        assert store.lessons.at_turn(turn.person)[1] is None
        with pytest.raises(StoreError, match="no turn"):
            store.turn("never made")
    store.add_turn(replace(turn, id=f"{name}2"))
    assert len(store.turns(name, 5)) == 2


@pytest.mark.parametrize("url", URLS.values(), ids=URLS)
def test_a_closed_store_says_so(url: Callable[[Path], str], tmp_path: Path) -> None:
    store = Store.open(url(tmp_path))
    store.close()
    store.close()
    with pytest.raises(StoreError, match="is closed"):
        store.conversations()

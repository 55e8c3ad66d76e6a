from __future__ import annotations

import openai
import pytest

from heedful import Heedful
from heedful.server.chat import Talks, exchanges
from heedful.server.schemas import Chat
from tests.samples import sample_turn

SAD = "My dog died last night."


@pytest.fixture
def chat(url: str) -> openai.OpenAI:
    return openai.OpenAI(base_url=f"{url}/v1", api_key="none", max_retries=0, timeout=60)


class TestTheOpenAIClient:
    def test_gets_a_reply_with_what_was_perceived(self, chat: openai.OpenAI, heedful: Heedful) -> None:
        done = chat.chat.completions.create(
            model="heedful",
            messages=[{"role": "system", "content": "x"}, {"role": "user", "content": SAD}],
            temperature=0.3,
        )
        assert done.choices[0].message.content
        assert done.choices[0].finish_reason == "stop"
        told = done.model_extra["heedful"]
        assert told["percept"]["expressed"] == ["grief"]
        assert told["ignored"] == ["temperature", "messages of the role system"]
        assert heedful.store.conversations() == [], "a conversation that the client keeps was stored"

    def test_streams_the_same_reply(self, chat: openai.OpenAI) -> None:
        asked = {"model": "heedful", "messages": [{"role": "user", "content": SAD}]}
        whole = chat.chat.completions.create(**asked)
        chunks = list(chat.chat.completions.create(**asked, stream=True, stream_options={"include_usage": True}))
        said = "".join(chunk.choices[0].delta.content or "" for chunk in chunks if chunk.choices)
        assert said.strip() == whole.choices[0].message.content
        assert [chunk.choices[0].finish_reason for chunk in chunks if chunk.choices][-1] == "stop"
        assert chunks[-1].usage.total_tokens > 0
        assert any("heedful" in (chunk.model_extra or {}) for chunk in chunks)

    @pytest.mark.parametrize("remembered", [True, False])
    def test_goes_on_with_a_conversation_that_it_sends_along(self, chat: openai.OpenAI, remembered: bool) -> None:
        messages = [{"role": "user", "content": "I want to kill myself."}]
        first = chat.chat.completions.create(model="heedful", messages=messages)
        replied = first.choices[0].message.content if remembered else "Something that was never said here."
        messages += [{"role": "assistant", "content": replied}, {"role": "user", "content": "It is raining."}]
        later = chat.chat.completions.create(model="heedful", messages=messages).model_extra["heedful"]
        assert later["understanding"]["told"] == 2
        assert later["understanding"]["risk"]["carried"] is True

    def test_remembers_danger_from_the_beginning_of_a_long_conversation(self, chat: openai.OpenAI) -> None:
        messages = [{"role": "user", "content": "I want to kill myself."}, {"role": "assistant", "content": "Stay."}]
        messages += [{"role": role, "content": "It is raining."} for _ in range(13) for role in ("user", "assistant")]
        messages += [{"role": "user", "content": "And now it is not."}]
        told = chat.chat.completions.create(model="heedful", messages=messages).model_extra["heedful"]
        assert told["understanding"]["risk"]["level"] != "none"

    def test_has_its_conversation_kept_when_it_names_one(self, chat: openai.OpenAI, heedful: Heedful) -> None:
        for text in (SAD, "She was fourteen."):
            done = chat.chat.completions.create(
                model="heedful",
                messages=[{"role": "user", "content": text}],
                extra_body={"heedful": {"conversation": "sam", "person": "sam"}},
            )
        assert done.model_extra["heedful"]["understanding"]["told"] == 2
        assert [turn.id for turn in heedful.turns("sam")][-1] == done.model_extra["heedful"]["turn"]

    def test_lists_the_models(self, chat: openai.OpenAI) -> None:
        assert "heedful" in [model.id for model in chat.models.list()]

    def test_is_told_what_is_wrong(self, chat: openai.OpenAI) -> None:
        with pytest.raises(openai.UnprocessableEntityError, match="must come from the role `user`"):
            chat.chat.completions.create(model="heedful", messages=[{"role": "assistant", "content": "Hello."}])
        image = {"type": "image_url", "image_url": {"url": "data:,"}}
        with pytest.raises(openai.UnprocessableEntityError, match="only parts of the type `text`"):
            chat.chat.completions.create(model="heedful", messages=[{"role": "user", "content": [image]}])
        with pytest.raises(openai.UnprocessableEntityError, match="less than or equal to 1"):
            chat.chat.completions.create(model="heedful", messages=[{"role": "user", "content": SAD}], n=2)


def test_messages_in_a_row_are_one_and_parts_of_text_are_joined() -> None:
    chat = Chat.model_validate(
        {
            "messages": [
                {"role": "assistant", "content": "Hello."},
                {"role": "user", "content": "One."},
                {"role": "user", "content": [{"type": "text", "text": "Two."}]},
                {"role": "assistant", "content": "I see."},
                {"role": "user", "content": "Three."},
            ]
        }
    )
    assert exchanges(chat) == ([("One.\nTwo.", "I see.")], "Three.")


def test_talks_are_remembered_for_their_owner_alone_and_only_so_many(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("heedful.server.chat._KEPT", 2)
    talks = Talks()
    for name in ("a", "b", "c"):
        talks.keep(name, [("Hi.", "Hello.")], (sample_turn(id=name),))
    assert talks.recall("a", [("Hi.", "Hello.")]) is None
    assert talks.recall("c", [("Hi.", "Hello.")]) == (sample_turn(id="c"),)
    assert talks.recall("c", [("Hi.", "Hullo.")]) is None

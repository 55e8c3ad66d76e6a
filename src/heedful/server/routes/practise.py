"""`/v1/practise`: rehearse listening; whoever holds a practice key sees that practice, and nobody else does."""

from __future__ import annotations

from typing import Annotated, Any, Final, Literal

from fastapi import APIRouter, Depends, Header, Query, Response
from pydantic import BaseModel, ConfigDict, Field

from heedful.practise.actions import actions
from heedful.practise.chart import described, svg
from heedful.practise.drill import text_drills
from heedful.practise.partner import LONGEST
from heedful.practise.perspective import listener_kinds, question
from heedful.practise.questionnaire import INSTRUCTION, ITEMS, LIMITS, SOURCE
from heedful.practise.scenario import LEVELS, Scenario
from heedful.practise.session import Session
from heedful.server.caller import NAME_LIMIT, MayConverse
from heedful.server.problem import PROBLEMS, ProblemError
from heedful.server.service import Service, Serving, answer

router = APIRouter(prefix="/v1/practise", tags=["practise"], responses=PROBLEMS)
LEAST_KEY: Final = 16
"""Characters of a practice key, at least: it has to be chosen by chance, so that nobody finds it by guessing."""
_NO_STORE: Final = {"cache-control": "no-store"}


def _example(**fields: Any) -> ConfigDict:
    """Return the settings of a body: nothing else may be in it, and this is what one looks like."""
    return ConfigDict(extra="forbid", json_schema_extra={"examples": [fields]})


class Start(BaseModel):
    """Whom to talk to."""

    model_config = _example(scenario="accent", level="guarded")
    scenario: str = Field(max_length=200, description="The scenario's name.")
    level: Literal["cooperative", "guarded", "angry", "silent"] = Field("cooperative", description="How they meet you.")


class Say(BaseModel):
    """What the learner says."""

    model_config = _example(text="That sounds exhausting. What happened?", coach=True)
    text: str = Field(max_length=LONGEST, description="The words; empty is silence.")
    coach: bool = Field(True, description="Whether feedback comes with the answer.")


class Swap(BaseModel):
    """What the learner says as the person, with the roles swapped."""

    model_config = _example(listener="attentive", said=["I keep being passed over."])
    listener: str = Field(max_length=40, description="The kind of listener.")
    said: list[Annotated[str, Field(max_length=LONGEST)]] = Field(
        min_length=1, max_length=40, description="Everything the learner has said so far, oldest first."
    )


class Given(BaseModel):
    """The answer to a drill."""

    model_config = _example(answer="fear")
    answer: str = Field(max_length=100, description="One of its choices.")


class Report(BaseModel):
    """The answers to the statements about oneself."""

    model_config = _example(answers=[4, 2, 5])
    answers: list[int] = Field(min_length=1, max_length=50, description="1 to 5 per statement, in order.")


def _learner(
    caller: MayConverse,
    x_practise_key: Annotated[
        str | None, Header(description="A key made by chance, at least 16 characters; it is whose practice this is.")
    ] = None,
) -> str:
    """Return whose practice it is; without a practice key there is none, and the server's own key does not open it."""
    if not x_practise_key or not LEAST_KEY <= len(x_practise_key) <= NAME_LIMIT:
        raise ProblemError(
            401, f"Send a practice key of your own in X-Practise-Key: {LEAST_KEY} characters or more, by chance."
        )
    return caller.inner(x_practise_key)


Learner = Annotated[str, Depends(_learner)]
"""Whose practice it is: the key that only their browser has. No route lists keys, people or figures of several."""


@router.get("")
async def everything(service: Serving) -> Response:
    """List the scenarios, levels and kinds of listener. Needs no practice key."""
    found = await service.work(service.heedful.practise.scenarios)
    return answer(
        {
            "scenarios": [_card(each) for each in found],
            "levels": LEVELS,
            "listeners": listener_kinds(),
            "questionnaire": {
                "instruction": INSTRUCTION,
                "items": [item for item, _ in ITEMS],
                "source": SOURCE,
                "limits": LIMITS,
            },
        }
    )


@router.post("/sessions")
async def start(asked: Start, service: Serving, learner: Learner) -> Response:
    """Begin a conversation with the person of a scenario."""
    session = await service.work(service.heedful.practise.start, asked.scenario, asked.level, learner)
    return _private(_told(service, session), 201)


@router.get("/sessions")
async def sessions(service: Serving, learner: Learner) -> Response:
    """List the learner's own conversations, the latest first."""
    found = await service.work(service.heedful.practise.sessions, learner)
    kept = [
        {
            "id": s.id,
            "scenario": s.scenario,
            "level": s.level,
            "at": s.at,
            "replies": len(s.exchanges),
            "ending": s.ending,
        }
        for s in reversed(found)
    ]
    return _private(kept)


@router.get("/sessions/{number}")
async def session(number: str, service: Serving, learner: Learner) -> Response:
    """Return one of the learner's conversations."""
    return _private(_told(service, await service.work(_mine, service, number, learner)))


@router.post("/sessions/{number}/say")
async def say(number: str, asked: Say, service: Serving, learner: Learner) -> Response:
    """Say something; the person answers, and the coach speaks if it is wanted."""
    practise = service.heedful.practise
    before = await service.work(_mine, service, number, learner)
    after = await service.work(practise.say, before, asked.text, learner)
    told = _told(service, after)
    told["coaching"] = (await service.work(practise.coach, after, learner)).to_dict() if asked.coach else None
    told["care"] = [each.to_dict() for each in await service.work(practise.care, asked.text)]
    return _private(told)


@router.post("/sessions/{number}/hint")
async def hint(number: str, service: Serving, learner: Learner) -> Response:
    """Return help for the next reply."""
    before = await service.work(_mine, service, number, learner)
    return _private(await service.work(service.heedful.practise.hint, before, learner))


@router.post("/sessions/{number}/stop")
async def stop(number: str, service: Serving, learner: Learner) -> Response:
    """End a conversation where it is."""
    before = await service.work(_mine, service, number, learner)
    return _private(_told(service, await service.work(service.heedful.practise.stop, before, learner)))


@router.get("/sessions/{number}/side")
async def side(number: str, service: Serving, learner: Learner) -> Response:
    """Return the conversation as the other side lived it, with a question, other lives, and what would help."""
    found = await service.work(_mine, service, number, learner)
    scenario = service.heedful.practise.scenario(found.scenario)
    return _private(
        {
            "replay": service.heedful.practise.replay(found, learner).to_dict(),
            "question": question(scenario, len(found.exchanges)).to_dict(),
            "lives": [each.to_dict() for each in scenario.lives],
            "actions": [each.to_dict() for each in actions(scenario, service.config.norms_folder)],
        }
    )


@router.post("/swap")
async def swap(asked: Swap, service: Serving, learner: Learner) -> Response:
    """Let a listener of a kind answer the learner, who speaks as the person; nothing of it is kept."""
    if asked.listener not in listener_kinds():
        raise ProblemError(422, f"There is no listener {asked.listener!r}. Known are: {', '.join(listener_kinds())}.")
    return _private({"text": await service.work(_swapped, service, asked)})


@router.get("/drills")
async def drills(service: Serving, learner: Learner, limit: Annotated[int, Query(ge=1, le=50)] = 10) -> Response:
    """Return the drills that are due, without their answers."""
    found = await service.work(service.heedful.practise.drills, learner, None, limit)
    return _private(
        [{"id": each.id, "kind": each.kind, "shown": each.shown, "choices": each.choices} for each in found]
    )


@router.post("/drills/{drill}")
async def drilled(drill: str, given: Given, service: Serving, learner: Learner) -> Response:
    """Answer a drill; say at once what it was and what tells it apart."""
    found = next((each for each in text_drills() if each.id == drill), None)
    if found is None:
        raise ProblemError(404, "There is no such drill.")
    answered = await service.work(service.heedful.practise.answer_drill, found, given.answer, learner)
    return _private(
        {"right": answered.right, "feeling": answered.feeling, "why": answered.why, "due": answered.card.due}
    )


@router.get("/progress")
async def progress(service: Serving, learner: Learner) -> Response:
    """Return the learner's own skills over time, with a picture and the same in words."""
    found = await service.work(service.heedful.practise.progress, learner)
    reports = await service.work(service.heedful.practise.reports, learner)
    told = {"points": [each.to_dict() for each in found.points], "scenarios": found.scenarios, "replies": found.replies}
    scores = [{"at": each.at, "score": each.score} for each in reports]
    return _private({**told, "words": described(found), "svg": svg(found), "reports": scores})


@router.post("/reports")
async def report(asked: Report, service: Serving, learner: Learner) -> Response:
    """Keep what the learner says of themselves."""
    kept = await service.work(service.heedful.practise.report, asked.answers, learner)
    return _private({"id": kept.id, "score": kept.score, "at": kept.at}, 201)


@router.get("/export")
async def export(service: Serving, learner: Learner) -> Response:
    """Hand over everything that is kept of the learner's practice."""
    found = await service.work(service.heedful.practise.export, learner)
    return _private({name: value for name, value in found.items() if name != "person"})


@router.delete("")
async def delete(service: Serving, learner: Learner) -> Response:
    """Delete everything that is kept of the learner's practice; the file is written anew without it."""
    return _private({"deleted": await service.work(service.heedful.practise.delete, learner)})


@router.delete("/sessions/{number}")
async def delete_one(number: str, service: Serving, learner: Learner) -> Response:
    """Delete one of the learner's conversations."""
    await service.work(_mine, service, number, learner)
    return _private({"deleted": await service.work(service.heedful.practise.delete, learner, number)})


def _mine(service: Service, number: str, learner: str) -> Session:
    """Return a conversation of the learner's; one of somebody else's is as unknown as one that never was."""
    from heedful.errors import InputError

    try:
        return service.heedful.practise.session(number, learner)
    except InputError as error:
        raise ProblemError(404, "There is no such conversation in this practice.") from error


def _swapped(service: Service, asked: Swap) -> str:
    practise = service.heedful.practise
    if asked.listener != "attentive":
        return practise.swapped(asked.listener, asked.said[-1], [None] * (len(asked.said) - 1))[0]
    history: list[Any] = []
    for said in asked.said[:-1]:
        history.append(practise.swapped("attentive", said, history)[1])
    return practise.swapped("attentive", asked.said[-1], history)[0]


def _card(scenario: Scenario) -> dict[str, Any]:
    """Return what a learner may know before a conversation: nothing of what is hidden."""
    return {
        "name": scenario.name,
        "title": scenario.title,
        "area": scenario.area,
        "brief": scenario.brief,
        "you": scenario.you,
        "person": {"name": scenario.person.name, "age": scenario.person.age},
        "warning": scenario.warning,
    }


def _told(service: Service, session: Session) -> dict[str, Any]:
    """Return a conversation as the learner sees it: what was said, and not yet how the other side is."""
    scenario = service.heedful.practise.scenario(session.scenario)
    said = [{"said": each.said, "answer": each.answer} for each in session.exchanges]
    return {
        "id": session.id,
        "level": session.level,
        "scenario": _card(scenario),
        "opening": session.opening,
        "exchanges": said,
        "ending": session.ending,
        "told": len(session.told),
        "tellable": len(scenario.facts),
    }


def _private(told: Any, status: int = 200) -> Response:
    """Return JSON that nothing on the way may keep."""
    response = answer(told, status)
    response.headers.update(_NO_STORE)
    return response

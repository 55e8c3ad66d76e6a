"""`heedful measure assistants` and `heedful measure rate`: whose replies show empathy, by the judge and by people."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from heedful.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from rich.console import Console

    from heedful.engine import Engine
    from heedful.measure.contest import Contest
    from heedful.measure.reaction import Replier


def assistants(
    folder: Annotated[
        Path | None,
        typer.Argument(metavar="[FOLDER]", help="A comparison made before: show it, with all ratings so far."),
    ] = None,
    *,
    prompts: Annotated[
        Path | None,
        typer.Option(help="What people write, one message per line; by default those of the rated replies."),
    ] = None,
    replies: Annotated[
        list[str] | None, typer.Option(metavar="NAME=FILE", help="An assistant whose replies are in a file.")
    ] = None,
    url: Annotated[
        list[str] | None,
        typer.Option(metavar="NAME=URL#MODEL", help="An OpenAI-compatible endpoint, up to its version, with a model."),
    ] = None,
    key: Annotated[str, typer.Option(help="The environment variable that holds the key for --url.")] = "",
    function: Annotated[
        list[str] | None, typer.Option(metavar="NAME=MODULE:FUNCTION", help="A Python function from prompt to reply.")
    ] = None,
    ours: Annotated[bool, typer.Option("--ours/--no-ours", help="Whether Heedful takes part.")] = True,
    limit: Annotated[int | None, typer.Option(min=1, help="Only the first so many prompts.")] = None,
    out: Annotated[
        Path | None, typer.Option(help="Keep prompts and replies here, so that people can rate them.")
    ] = None,
) -> None:
    """Compare assistants on the same prompts: how their replies are judged, and how people rated them blindly.

    Replies in a file are JSON Lines with prompt and reply, or one reply per line in the order of the prompts. With a
    language model behind --url, the prompts are sent there.
    """
    from heedful.cli import factory
    from heedful.cli.figures import drawn
    from heedful.cli.screen import stderr, stdout
    from heedful.config import Config
    from heedful.measure.assistant import compare, raters_agree
    from heedful.measure.contest import load, save

    with factory.open_heedful(Config.load()) as heedful:
        if folder is not None:
            contest = load(folder)
        else:
            others = (
                [_file(each) for each in replies or ()],
                [*map(_url(key), url or ()), *map(_function, function or ())],
            )
            contest = _made(heedful.engine, prompts, *others, ours=ours, limit=limit)
        stdout().print(drawn(compare(contest, heedful.engine.judge)))
    stdout().print(raters_agree(contest), style="dim")
    if out is not None:
        save(contest, out)
        stderr().print(f"written: {out}. People rate it with: heedful measure rate {out}")


def rate(
    folder: Annotated[Path, typer.Argument(help="What `heedful measure assistants --out` wrote.")],
    rater: Annotated[str, typer.Option(help="A nickname of yours; use the same one when you go on.")] = "",
) -> None:
    """Rate replies without knowing whose they are; stop whenever you like, and go on later.

    Prompts and replies come in a random order of your own. What you answer is kept at once.
    """
    from heedful.cli.screen import stdout
    from heedful.measure.contest import left_to_rate, load

    contest = load(folder)
    console = stdout()
    nickname = rater or str(typer.prompt("A nickname of yours"))
    if nickname == "dataset":
        raise InputError("that name is taken by the ratings of the dataset; choose another.")
    waiting = left_to_rate(contest, nickname)
    console.print(f"{len(waiting)} replies to rate, from 1 (worst) to {contest.best:g} (best). Enter q to stop.\n")
    prompt_shown = -1
    for prompt, name in waiting:
        if prompt != prompt_shown:
            _paragraph(console, contest.prompts[prompt], "Somebody writes: ")
            prompt_shown = prompt
        _paragraph(console, contest.replies[name][prompt], "  A reply: ")
        if not _asked(console, contest, folder, (prompt, name, nickname)):
            break
    console.print("Kept. Thank you.")


def _asked(console: Console, contest: Contest, folder: Path, what: tuple[int, str, str]) -> bool:
    """Ask for one rating until there is one; return False if the rater wants to stop."""
    from heedful.measure.contest import Rating
    from heedful.measure.contest import rate as keep

    prompt, name, rater = what
    while True:
        try:
            said = str(typer.prompt(f"  1 to {contest.best:g}", default="q", show_default=False)).strip().lower()
        except (EOFError, typer.Abort):
            return False
        if said in ("q", "quit", ""):
            return False
        if said.isdigit() and 1 <= int(said) <= contest.best:
            keep(folder, Rating(prompt, name, rater, float(said)))
            console.print()
            return True
        console.print(f"  A whole number from 1 (worst) to {contest.best:g} (best), or q.")


def _paragraph(console: Console, text: str, lead: str) -> None:
    from heedful.cli.screen import paragraph

    for line in paragraph(text, console, speaker=lead):
        console.print(line)


def _made(
    engine: Engine, prompts: Path | None, files: list[tuple[str, Path]], others: list[Replier], *, ours: bool,
    limit: int | None,
) -> Contest:  # fmt: skip
    from heedful.cli.figures import track
    from heedful.measure.assistant import BEST, asked, from_file, rated_replies, with_ours
    from heedful.measure.contest import Contest
    from heedful.measure.reaction import replies_of
    from heedful.measure.runner import Options

    options = Options(limit=limit, cache=None, track=track)
    if prompts is None:
        contest = rated_replies(options)
    else:
        told = tuple(_lines(prompts)[: limit or None])
        contest = Contest(told, {}, BEST, source=f"prompts of one's own ({prompts.name})")
    added: dict[str, tuple[str, ...]] = {name: from_file(path, contest.prompts) for name, path in files}
    for other in others:
        made = replies_of(other, asked(contest.prompts, contest.source), options)
        added[other.name] = tuple(each.text for each in made)
    contest = _with(contest, added)
    return with_ours(contest, engine, options) if ours else contest


def _with(contest: Contest, added: Mapping[str, tuple[str, ...]]) -> Contest:
    from dataclasses import replace

    if twice := sorted(contest.replies.keys() & added.keys() | ({"Heedful"} & added.keys())):
        raise InputError(f"the name {', '.join(twice)} is taken already; give the assistant another.")
    return replace(contest, replies={**contest.replies, **added})


def _lines(path: Path) -> list[str]:
    try:
        lines = [line.strip() for line in path.read_text(encoding="utf-8-sig").splitlines()]
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(f"{path} cannot be read as prompts, one per line: {error}.") from error
    if not any(lines):
        raise InputError(f"{path} holds no prompts; expected is one message per line.")
    return [line for line in lines if line]


def _named(given: str, form: str) -> tuple[str, str]:
    name, equals, rest = given.partition("=")
    if not equals or not name.strip() or not rest.strip():
        raise InputError(f"{given!r} should be {form}.")
    return name.strip(), rest.strip()


def _file(given: str) -> tuple[str, Path]:
    name, path = _named(given, "NAME=FILE, such as B=replies.jsonl")
    return name, Path(path)


def _function(given: str) -> Replier:
    from heedful.measure.assistant import from_callable, replier

    name, function = _named(given, "NAME=MODULE:FUNCTION, such as B=my_bot:answer")
    return replier(name, from_callable(function), "")


def _url(key: str) -> Callable[[str], Replier]:
    """Return what turns NAME=URL#MODEL into an assistant."""

    def made(given: str) -> Replier:
        from heedful.measure.assistant import from_url, replier

        name, address = _named(given, "NAME=URL#MODEL, such as B=http://localhost:11434/v1#llama3.2")
        url, _, model = address.partition("#")
        if not model:
            raise InputError(f"{given!r} names no model: write it after the URL, as in {url}#llama3.2.")
        return replier(name, from_url(url, model, key), "")

    return made

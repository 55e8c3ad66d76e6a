"""Hold a practice conversation in the terminal."""

from __future__ import annotations

import contextlib
import sys
from collections.abc import Callable, Iterator, Mapping
from typing import TYPE_CHECKING, Final

from rich.text import Text

from heedful.cli.coached import coached, deeds, invitation, other_side, spoken
from heedful.cli.screen import can_draw, paragraph, visible
from heedful.errors import HeedfulError

if TYPE_CHECKING:
    from rich.console import Console

    from heedful.practise.room import Practise
    from heedful.practise.session import Session
    from heedful.types import Turn

HELP: Final[Mapping[str, str]] = {
    "(just Enter)": "say nothing, and leave room",
    "/hint": "something to listen for, and a question",
    "/coach": "what your last reply did; '/coach on' after every reply, '/coach off' never",
    "/side": "how the other person lived it so far",
    "/need": "what would you need in their place? Then what they would say",
    "/others": "the same situation, lived by somebody else",
    "/do": "what to do for them, beside words",
    "/swap KIND": "you are the person, and a listener answers: attentive, advice-giver, minimiser, storyteller ...",
    "/help": "this list",
    "/quit": "stop here (Ctrl-D does too)",
}
"""Each command and what it does."""
NOTICE: Final = (
    "{name} is made up, and plays a part. Say what you would say; just Enter is silence. /hint helps, /coach tells "
    "what your words did, /help lists the rest. It stays on this machine, and nobody else can see it."
)
"""Said once, at the beginning."""
ENDINGS: Final[Mapping[str, str]] = {
    "well": "{name} could say what there was to say.",
    "left": "{name} has gone. That happens to everyone; /side shows where it turned.",
    "stopped": "You stopped here.",
}
"""What is said at the end."""


class Rehearsal:
    """One practice conversation in the terminal.

    Args:
        practise: the room.
        session: the conversation that was begun.
        person: whose practice it is.
        console: where it is shown.
        coaching: whether the coach speaks after every reply.
    """

    def __init__(self, practise: Practise, session: Session, person: str, console: Console, *, coaching: bool) -> None:
        self.session = session
        self._practise, self._person, self._console = practise, person, console
        self._scenario = practise.scenario(session.scenario)
        self._coaching = coaching
        self._swap = ""
        self._swapped: list[Turn | None] = []
        self._known: dict[str, Callable[[str], None]] = {
            "/hint": self._hint,
            "/coach": self._coach,
            "/side": self._side,
            "/need": self._need,
            "/others": self._others,
            "/do": self._do,
            "/swap": self._swap_roles,
            "/help": self._help,
        }

    def run(self, lines: Iterator[str]) -> None:
        """Hold the conversation until it is over or the learner leaves."""
        self._show(invitation(self._scenario, self.session.level, self._console))
        self._show(paragraph(NOTICE.format(name=self._scenario.person.name), self._console, style="dim"))
        self._console.print()
        self._show(spoken(self._scenario.person.name, self.session.opening, self._console))
        for line in lines:
            try:
                if not self._heed(line):
                    break
            except HeedfulError as error:  # the conversation goes on
                self._show(paragraph(str(error), self._console, indent=2, style="red"))
        if self.session.exchanges and self.session.ending is None:
            self.session = self._practise.stop(self.session, self._person)
            self._end()

    def _heed(self, line: str) -> bool:
        """Take one line; return False when the learner leaves."""
        name, _, rest = line.strip().partition(" ")
        if name.lower() in ("/quit", "/exit", "/q"):
            return False
        if name.startswith("/"):
            known = self._known.get(name.lower())
            if known:
                known(rest.strip())
            else:
                self._say(f"There is no command {name}. /help lists them.")
        elif self._swap:
            self._listen(line.strip())
        elif self.session.ending:
            self._say("This conversation is over. /side, /others and /do still work; /quit leaves.")
        else:
            self._speak(line.strip())
        return True

    def _speak(self, said: str) -> None:
        if resources := self._practise.care(said):
            self._say(
                "Out of the part for a moment: if that is about you, you needn't be alone with it. You can reach:"
            )
            for each in resources:
                self._say(f"{each.name}: {each.contact} ({each.hours})")
        if not said:
            self._show([Text("  (you say nothing)", style="dim italic")])
        self.session = self._practise.say(self.session, said, self._person)
        self._show(spoken(self._scenario.person.name, self.session.exchanges[-1].answer, self._console))
        if self._coaching:
            self._coach("")
        if self.session.ending:
            self._end()

    def _end(self) -> None:
        name = self._scenario.person.name
        self._console.print()
        self._show([Text(ENDINGS[self.session.ending or "stopped"].format(name=name), style="bold")])
        told = len(self.session.told)
        self._say(f"{told} of {len(self._scenario.facts)} things were told.")
        self._say(f"/side shows how {name} lived it, /do what would help, /quit leaves.")

    def _hint(self, _: str) -> None:
        hint = self._practise.hint(self.session, self._person)
        self.session = self._practise.session(self.session.id, self._person)
        self._say(hint.notice)
        self._say(f"You might ask: “{hint.ask}”")
        self._say(hint.mind)

    def _coach(self, rest: str) -> None:
        if rest in ("on", "off"):
            self._coaching = rest == "on"
            self._say(
                "The coach speaks after every reply." if self._coaching else "The coach keeps quiet until you ask."
            )
            return
        coaching = self._practise.coach(self.session, self._person)
        self._show(coached(self.session.exchanges[-1].said, coaching, self._console))
        self._console.print()

    def _side(self, _: str) -> None:
        self._show(other_side(self._practise.replay(self.session, self._person), self._console))

    def _need(self, _: str) -> None:
        from heedful.practise.perspective import question

        asked = question(self._scenario, len(self.session.exchanges))
        self._say(asked.text)
        self._say(f"For example: {', '.join(asked.choices)}. There is no right answer for you.")
        self._say(f"{self._scenario.person.name}: “{asked.theirs}”")

    def _others(self, _: str) -> None:
        for life in self._scenario.lives:
            self._show([Text(f"  {visible(life.who)}", style="bold")])
            self._show(paragraph(f"“{life.says}”", self._console, indent=4, style="italic"))
            self._show(paragraph(life.needs, self._console, indent=4, style="dim"))

    def _do(self, _: str) -> None:
        from heedful.practise.actions import actions

        self._show(deeds(actions(self._scenario), self._console))

    def _swap_roles(self, rest: str) -> None:
        from heedful.practise.perspective import listener_kinds

        if rest == "back" or (self._swap and not rest):
            self._swap = ""
            self._say("You are yourself again.")
            return
        if rest not in listener_kinds():
            self._say(f"With whom? /swap {' | '.join(listener_kinds())}")
            return
        self._swap, self._swapped = rest, []
        self._say(
            f"Now you are {self._scenario.person.name}. Say it as they would; a listener answers. /swap back ends it."
        )

    def _listen(self, said: str) -> None:
        text, turn = self._practise.swapped(self._swap, said, self._swapped)
        self._swapped.append(turn)
        self._show(spoken("listener", text, self._console))
        if len(self._swapped) == 3:
            self._say("What did that do to you? What would you have needed instead?")

    def _help(self, _: str) -> None:
        for usage, told in HELP.items():
            self._show([Text.assemble("  ", (usage.ljust(14), "bold"), (told, "dim"))])

    def _say(self, text: str) -> None:
        self._show(paragraph(text, self._console, indent=2, style="dim"))

    def _show(self, lines: Iterator[Text] | list[Text]) -> None:
        for line in lines:
            self._console.print(line)


def typed(console: Console) -> Iterator[str]:
    """Yield what is typed, until the end of the input; from a pipe line by line, shown as it is read."""
    mark = "you › " if can_draw(console) else "you > "
    if not sys.stdin.isatty():
        for line in sys.stdin:
            console.print(f"{mark}{visible(line.rstrip())}", style="bold", soft_wrap=True)
            yield line.rstrip("\r\n")
        return
    with contextlib.suppress(ImportError):
        import readline  # noqa: F401 - lets input() edit lines
    while True:
        try:
            yield input(mark)
        except (EOFError, KeyboardInterrupt):
            console.print()
            return

"""Carry out what a person types after a slash in a conversation: /why, /rate, /better, /felt, /helped, /help, /quit."""

from __future__ import annotations

import difflib
from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING, Any, Final

from rich.text import Text

from heedful.cli.screen import paragraph, visible
from heedful.cli.why import explain
from heedful.labels import BASIC, FINE

if TYPE_CHECKING:
    from rich.console import Console, RenderableType

    from heedful.api import Heedful
    from heedful.types import Turn

HELP: Final[Mapping[str, str]] = {
    "/why": "why the last reply is as it is",
    "/rate 1-5 [comment]": "how good the last reply was, 5 is best",
    "/better TEXT": "what you would rather have heard",
    "/felt FEELING": "what you really felt, if it was misheard",
    "/helped yes|no": "whether the last reply helped",
    "/help": "this list",
    "/quit": "leave (Ctrl-D and Ctrl-C do too)",
}
"""Each command and what it does."""
NAMES: Final = tuple(usage.split()[0] for usage in HELP)
"""The commands."""
FEELINGS: Final = tuple(sorted({*BASIC, *FINE}))
"""What may follow /felt."""
NOTHING_YET: Final = "There is no reply yet. Write something first."


class Commands:
    """The commands of one conversation."""

    def __init__(self, heedful: Heedful, console: Console) -> None:
        self.last: Turn | None = None
        self._heedful = heedful
        self._console = console
        self._known: dict[str, Callable[[str], None]] = {
            "/why": self._why,
            "/rate": self._rate,
            "/better": self._better,
            "/felt": self._felt,
            "/helped": self._helped,
            "/help": self._help,
        }

    def run(self, line: str) -> bool:
        """Carry out a line that begins with a slash; return False if the person wants to leave."""
        name, _, rest = line.strip().partition(" ")
        name = name.lower()
        if name in ("/quit", "/exit", "/q"):
            return False
        if known := self._known.get(name):
            known(rest.strip())
        else:
            self._say(f"There is no command {name}. /help lists them. To send this as a message, begin with a blank.")
        return True

    def _why(self, _: str) -> None:
        if self.last is None:
            self._say(NOTHING_YET)
        else:
            self._show(explain(self.last, self._console))

    def _rate(self, rest: str) -> None:
        number, _, comment = rest.partition(" ")
        if number not in ("1", "2", "3", "4", "5"):
            self._say("A rating is a number from 1 (worst) to 5 (best), then a comment if you like: /rate 4 a bit long")
            return
        more = " If you like, /better says what you would rather have heard." if number in ("1", "2") else ""
        self._keep(f"Kept: {number} of 5.{more}", rating=int(number), comment=comment.strip() or None)

    def _better(self, rest: str) -> None:
        if rest:
            self._keep("Kept. Thank you.", edit=rest)
        else:
            self._say("Write the better reply after it: /better That sounds like a long week.")

    def _felt(self, rest: str) -> None:
        feeling = rest.lower()
        if feeling in FEELINGS:
            self._keep(f"Kept: {feeling}. Thank you for putting it right.", feeling=feeling)
            return
        close = difflib.get_close_matches(feeling, FEELINGS, n=3)
        lead = f"{rest} is not on the list. " if rest else ""
        self._say(f"{lead}Perhaps {' or '.join(close)}?" if close else f"{lead}One of: {', '.join(FEELINGS)}.")

    def _helped(self, rest: str) -> None:
        said = {"yes": True, "y": True, "no": False, "n": False}.get(rest.lower())
        if said is None:
            self._say("Did it help? /helped yes, or /helped no.")
        else:
            self._keep("Kept: it helped." if said else "Kept: it did not help.", helped=said)

    def _help(self, _: str) -> None:
        usages = max(map(len, HELP)) + 2
        narrow = self._console.width < 64
        for usage, told in HELP.items():
            if narrow:
                self._show([Text(f"  {usage}", style="bold")])
                self._show(paragraph(told, self._console, indent=4, style="dim"))
            else:
                self._show([Text.assemble("  ", (usage.ljust(usages), "bold"), (told, "dim"))])
        self._console.print()

    def _keep(self, thanks: str, **feedback: Any) -> None:
        if self.last is None:
            self._say(NOTHING_YET)
            return
        self._heedful.feedback(self.last, **feedback)
        self._say(thanks)

    def _say(self, text: str) -> None:
        self._show([*paragraph(visible(text), self._console, indent=2, style="dim"), Text()])

    def _show(self, parts: Iterable[RenderableType]) -> None:
        for part in parts:
            self._console.print(part)

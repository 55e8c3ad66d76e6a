from __future__ import annotations

import codecs
import contextlib
import os
import re
import select
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from heedful.cli import chat as chat_verb
from heedful.cli.chat import ELSEWHERE, HERE
from tests.cli.conftest import Run
from tests.cli.double import RESOURCE, Double

ROOT = Path(__file__).parents[2]


def flat(text: str) -> str:
    return " ".join(text.split())


@pytest.fixture
def talk(heedful: Run) -> Run:
    """Return what says lines in the conversation "sam" and returns what is shown."""

    def say(*lines: str) -> str:
        done = heedful("chat", "--conversation", "sam", input="".join(f"{line}\n" for line in lines))
        assert done.exit_code == 0
        return str(done.stdout) + str(done.stderr)

    return say


def test_a_message_is_answered_with_what_was_perceived_and_a_reply(talk: Run) -> None:
    shown = talk("a sad day")
    for told in ("you › a sad day", "sounds sad · ", "sadness  █", "│ I am sorry about your dog.", "read in 2.5 ms"):
        assert told in shown
    assert "is sad" not in shown


def test_it_says_once_that_it_is_software_and_that_nothing_leaves_the_machine(talk: Run) -> None:
    shown = flat(talk("a sad day", "so happy"))
    assert shown.count("Heedful is software, not a person.") == 1
    assert shown.count(HERE) == 1


@pytest.mark.parametrize(
    ("setting", "told"), [('writer = "other"', ELSEWHERE), ('store_url = "postgresql://x"', ELSEWHERE), ("", HERE)]
)
def test_it_claims_privacy_only_where_it_holds(
    talk: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, setting: str, told: str
) -> None:
    (tmp_path / "heedful.toml").write_text(setting)
    monkeypatch.setenv("HEEDFUL_CONFIG", str(tmp_path / "heedful.toml"))
    assert told in flat(talk())


def test_what_is_unsure_or_unread_is_said_to_be(talk: Run) -> None:
    shown = talk("perhaps sad", "  ", "sad")
    assert "not sure, perhaps sad" in shown


def test_empty_lines_are_no_messages(talk: Run, doubles: list[Double]) -> None:
    talk("", "   ", "a sad day", "")
    assert [turn.message.text for turn in doubles[0].kept["sam"]] == ["a sad day"]


def test_a_conversation_is_taken_up_where_it_stopped(talk: Run) -> None:
    talk("one", "two", "three", "four sad days")
    shown = talk("/rate 5")
    assert "you │ one" not in shown
    assert all(f"you │ {text}" in shown for text in ("two", "three", "four sad days"))
    assert "Kept: 5 of 5." in shown


def test_a_new_conversation_gets_a_name_that_it_can_be_taken_up_by(heedful: Run, doubles: list[Double]) -> None:
    names = []
    for _ in range(2):
        shown = flat(heedful("chat", input="a sad day\n").stdout)
        found = re.search(r"To take it up again: heedful chat --conversation (\S+)", shown)
        assert found
        names.append(found[1])
    assert sorted(doubles[0].kept) == sorted(set(names))


def test_nothing_said_leaves_nothing_behind(heedful: Run, doubles: list[Double]) -> None:
    shown = heedful("chat", input="")
    assert "To take it up again" not in shown.stdout
    assert doubles[0].kept == {}


def test_a_crisis_is_met_with_people_to_turn_to(talk: Run) -> None:
    shown = talk("I want to end my life")
    assert "┏━ People you can reach right now ━" in shown
    for told in (RESOURCE.name, RESOURCE.contact, RESOURCE.hours, RESOURCE.url):
        assert told in shown


def test_while_a_crisis_lasts_its_resources_stay_in_short(talk: Run) -> None:
    shown = talk("I want to end my life", "never mind")
    assert shown.count("People you can reach right now") == 2
    assert (shown.count(RESOURCE.contact), shown.count(RESOURCE.url)) == (2, 1)


def test_a_conversation_taken_up_in_a_crisis_shows_whom_to_turn_to(talk: Run) -> None:
    talk("I want to end my life")
    assert RESOURCE.url in talk()


def test_a_reply_that_was_stopped_is_no_empty_line(talk: Run) -> None:
    assert "│ I have no reply to this that I would stand by." in talk("unsayable")


def test_why_tells_what_a_reply_rests_on(talk: Run) -> None:
    shown = flat(talk("I want to end my life", "/why"))
    for told in (
        "in short",
        "refer: name people who can help",
        "danger high: suicide",
        "allowed as written",
        "because A loss",
    ):
        assert told in shown


@pytest.mark.parametrize("command", ["/why", "/rate 5", "/better Hello.", "/felt joy"])
def test_there_is_nothing_to_judge_before_the_first_reply(talk: Run, doubles: list[Double], command: str) -> None:
    assert "There is no reply yet." in talk(command)
    assert doubles[0].heard == []


def test_what_people_think_of_a_reply_is_kept(talk: Run, doubles: list[Double]) -> None:
    shown = talk("a sad day", "/rate 4 a bit  long", "/rate 2", "/better  I hear you. ", "/felt Grief")
    heard = doubles[0].heard
    assert [(each.rating, each.comment, each.edit, each.feeling) for each in heard] == [
        (4, "a bit  long", None, None),
        (2, None, None, None),
        (None, None, "I hear you.", None),
        (None, None, None, "grief"),
    ]
    assert {each.turn for each in heard} == {"turn-1"}
    assert "/better says what you would rather have heard" in flat(shown)


@pytest.mark.parametrize(
    ("command", "told"),
    [
        ("/rate", "A rating is a number from 1 (worst) to 5 (best)"),
        ("/rate 6", "A rating is a number from 1 (worst) to 5 (best)"),
        ("/rate ten", "A rating is a number from 1 (worst) to 5 (best)"),
        ("/better", "Write the better reply after it"),
        ("/felt", "One of: admiration, amusement"),
        ("/felt greif", "greif is not on the list. Perhaps grief"),
        ("/felt xyz", "xyz is not on the list. One of: admiration"),
        ("/wyh", "There is no command /wyh."),
    ],
)
def test_a_command_that_is_not_understood_says_how_it_works(
    talk: Run, doubles: list[Double], command: str, told: str
) -> None:
    assert told in flat(talk("a sad day", command))
    assert doubles[0].heard == []


def test_help_lists_every_command(talk: Run) -> None:
    shown = talk("/help")
    assert all(name in shown for name in ("/why", "/rate", "/better", "/felt", "/help", "/quit"))


@pytest.mark.parametrize("command", ["/quit", "/QUIT", "/exit"])
def test_quit_ends_it(talk: Run, doubles: list[Double], command: str) -> None:
    talk("one", command, "two")
    assert [turn.message.text for turn in doubles[0].kept["sam"]] == ["one"]
    assert doubles[0].closed == 1


def test_a_message_may_begin_with_a_slash_after_a_blank(talk: Run, doubles: list[Double]) -> None:
    talk(" /why me")
    assert [turn.message.text for turn in doubles[0].kept["sam"]] == ["/why me"]


def test_a_message_that_cannot_be_read_does_not_end_it(talk: Run, doubles: list[Double]) -> None:
    assert "has 5000000 characters" in talk("x" * 5_000_000, "a sad day")
    assert len(doubles[0].kept["sam"]) == 1


def test_a_line_that_is_not_utf_8_does_not_end_it(heedful: Run, doubles: list[Double]) -> None:
    done = heedful("chat", "-c", "sam", input=b"a\xff\nb\0c\nd\n")
    assert (done.exit_code, "not valid UTF-8" in flat(done.stdout)) == (0, True)
    assert [turn.message.text for turn in doubles[0].kept["sam"]] == ["b\0c", "d"]


def test_a_message_cannot_steer_the_terminal(talk: Run) -> None:
    talk("\033[2J\033]0;x\007 sad")
    shown = talk("/why", "\033[31m")
    assert "\033" not in shown
    assert "\007" not in shown


@pytest.mark.parametrize("width", [40, 80])
def test_it_fits_the_terminal(talk: Run, monkeypatch: pytest.MonkeyPatch, width: int) -> None:
    monkeypatch.setenv("COLUMNS", str(width))
    shown = talk("a sad day", "I want to end my life", "/why", "/help", "/felt")
    assert max(map(len, shown.splitlines())) <= max(width, len("This conversation is kept."))


class Terminal:
    """A real terminal with `heedful chat` in it."""

    # Makes the terminal the controlling one, so that Ctrl-C reaches the program as it does in life.
    CONTROL = (
        "import fcntl, os, sys, termios; fcntl.ioctl(0, termios.TIOCSCTTY, 0); "
        "os.execv(sys.executable, [sys.executable, *sys.argv[1:]])"
    )

    def __init__(self, **environment: str) -> None:
        self._ours, theirs = os.openpty()
        self.child = subprocess.Popen(
            [sys.executable, "-c", self.CONTROL, "-m", "tests.cli.double", "chat", "-c", "sam"],
            cwd=ROOT,
            stdin=theirs,
            stdout=theirs,
            stderr=theirs,
            start_new_session=True,
            env={**os.environ, "TERM": "xterm-256color", "COLUMNS": "80", **environment},
        )
        os.close(theirs)
        self._decode = codecs.getincrementaldecoder("utf-8")().decode
        self._new = ""
        self.seen = ""

    def type(self, awaited: str, keys: bytes) -> None:
        """Type, once a text was seen that was not there before."""
        while awaited not in self._new:
            assert self._read(), f"{awaited!r} did not come; seen: {self.seen}"
        self._new = self._new.partition(awaited)[2]
        time.sleep(0.2)  # no person is faster; a Ctrl-C within a millisecond of the prompt waits for the next key
        os.write(self._ours, keys)

    def end(self) -> int:
        """Return the exit code, once the program has ended by itself."""
        while self._read():
            pass
        return self.child.wait(20)

    def close(self) -> None:
        self.child.kill()
        self.child.wait()
        os.close(self._ours)

    def _read(self) -> bool:
        if not select.select([self._ours], [], [], 20)[0]:
            return False
        try:
            came = os.read(self._ours, 65536)
        except OSError:  # how a terminal says on Linux that the program has gone
            came = b""
        shown = self._decode(came)
        self.seen += shown
        self._new += shown
        return bool(came)


@pytest.fixture
def terminal() -> Iterator[Callable[..., Terminal]]:
    """Return what opens a terminal with settings and types: pairs of what to wait for and what to type then."""
    if not hasattr(os, "openpty"):
        pytest.skip("this system has no pseudo-terminals")
    with contextlib.ExitStack() as stack:

        def run(*typed: tuple[str, bytes], **environment: str) -> Terminal:
            opened = Terminal(**environment)
            stack.callback(opened.close)
            for awaited, keys in typed:
                opened.type(awaited, keys)
            return opened

        yield run


PROMPT = "you › "
SAID = (PROMPT, b"a sad day\r")


@pytest.mark.parametrize("leaving", [b"\x04", b"\x03", b"/quit\r"])
def test_on_a_terminal_every_way_to_leave_is_quiet(terminal: Callable[..., Terminal], leaving: bytes) -> None:
    opened = terminal(SAID, ("answered in", b""), (PROMPT, leaving))
    assert opened.end() == 0
    assert "sounds sad" in opened.seen
    assert "This conversation is kept." in opened.seen
    assert "Traceback" not in opened.seen


def test_on_a_terminal_lines_can_be_edited_completed_and_recalled(terminal: Callable[..., Terminal]) -> None:
    left, rubout, up = b"\x1b[D", b"\x7f", b"\x1b[A"
    opened = terminal(
        (PROMPT, b"a dull day" + 4 * left + 4 * rubout + b"sad\r"),
        ("answered in", b""),
        (PROMPT, up + b"\r"),
        ("answered in", b""),
        (PROMPT, b"/fe\tgri\t\r"),
        ("Kept", b""),
        (PROMPT, b"\x04"),
    )
    assert opened.end() == 0
    assert opened.seen.count("sounds sad") == 2
    assert "Kept: grief." in opened.seen


def test_on_a_terminal_a_reply_is_shown_while_it_is_written_and_elsewhere_when_it_is_whole(
    terminal: Callable[..., Terminal], talk: Run
) -> None:
    opened = terminal(SAID, ("answered in", b""), (PROMPT, b"\x04"))
    assert opened.end() == 0
    assert "Never mind what" in opened.seen  # what the double writes first and then takes back
    assert opened.seen.index("Never mind what") < opened.seen.index("I am sorry about")
    piped = talk("a sad day")
    assert "Never mind what" not in piped
    assert piped.count("I am sorry about your dog.") == 1


def test_without_color_nothing_is_colored(terminal: Callable[..., Terminal]) -> None:
    typed = (SAID, ("answered in", b""), (PROMPT, b"\x04"))
    colored, plain, dumb = (terminal(*typed, **each) for each in ({}, {"NO_COLOR": "1"}, {"TERM": "dumb"}))
    assert [opened.end() for opened in (colored, plain, dumb)] == [0, 0, 0]
    color = re.compile(r"\033\[[\d;]*3\dm")
    assert [bool(color.search(opened.seen)) for opened in (colored, plain, dumb)] == [True, False, False]
    assert "\033[" not in dumb.seen
    assert "sounds sad" in dumb.seen


def test_names_of_new_conversations_sort_by_time() -> None:
    assert re.fullmatch(r"\d{4}-\d\d-\d\d-\d{4}-[\da-f]{4}", chat_verb._new_name())

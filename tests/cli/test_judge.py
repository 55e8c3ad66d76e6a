from __future__ import annotations

import csv
import io
import json
import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from pyarrow import parquet
from rich.console import Console

from heedful.cli.judged import marked_reply, portrait
from heedful.config import Config
from heedful.judge.base import Judge
from tests.cli.conftest import Run
from tests.cli.double import Double

CRUEL, KIND = "Suck it up.", "I'm so sorry. How are you?"


@pytest.fixture(autouse=True)
def judging(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the double judge, by rules alone; it rewrites everything the same."""
    judge = Judge(Config.load(listener="there is none"))

    def judge_many(self: Double, pairs: Any, *, software: bool, rewrite: bool, batch_size: int) -> Any:
        judged = judge.judge(list(pairs), "software" if software else "anyone")
        return [replace(each, rewrite="Better words.") if rewrite else each for each in judged]

    def one(self: Double, message: str, reply: str, *, software: bool, rewrite: bool) -> Any:
        return judge_many(self, [(message, reply)], software=software, rewrite=rewrite, batch_size=1)[0]

    monkeypatch.setattr(Double, "judge_many", judge_many, raising=False)
    monkeypatch.setattr(Double, "judge", one, raising=False)


def rows_of(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


@pytest.fixture
def pairs(tmp_path: Path) -> Path:
    path = tmp_path / "pairs.jsonl"
    rows = [{"id": 1, "message": "I failed.", "reply": CRUEL}, {"id": 2, "message": None, "reply": KIND}]
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    return path


def test_a_pair_is_judged_as_json_where_nobody_watches(heedful: Run) -> None:
    told = json.loads(heedful("judge", "I failed.", CRUEL).stdout)
    assert (told["message"], told["reply"]) == ("I failed.", CRUEL)
    result = told["heedful"]
    assert result["empathetic"] is False
    assert [flag["rule"] for flag in result["flags"]] == ["dismissing"]
    assert result["rewrite"] == "Better words."
    assert {"reaction", "interpretation", "exploration"} <= set(result)


def test_a_statement_needs_no_message_and_no_quotes(heedful: Run) -> None:
    told = json.loads(heedful("judge", "--reply-only", "That", "must", "be", "tough.").stdout)
    assert told["reply"] == "That must be tough."
    assert "message" not in told
    assert told["heedful"]["empathetic"] is True


def test_software_may_not_claim_to_know(heedful: Run) -> None:
    reply = "I know exactly how you feel."
    assert json.loads(heedful("judge", "I failed.", reply).stdout)["heedful"]["flags"] == []
    told = json.loads(heedful("judge", "I failed.", reply, "--software", "--no-rewrite").stdout)["heedful"]
    assert [flag["rule"] for flag in told["flags"]] == ["false claim"]
    assert told["rewrite"] is None


def test_standard_input_is_judged_line_by_line(heedful: Run) -> None:
    done = heedful("judge", "-", input=f"{CRUEL}\n{KIND}\n".encode() + b"\xff\n")
    told = [json.loads(line) for line in done.stdout.splitlines()]
    assert [(row["text"], row["heedful"]["empathetic"]) for row in told] == [(CRUEL, False), (KIND, True)]
    assert "line 3 left out: not valid UTF-8" in done.stderr


def test_a_file_gets_its_judgements_beside_it(heedful: Run, pairs: Path) -> None:
    done = heedful("judge", pairs)
    assert (done.exit_code, done.stdout) == (0, "")
    judged = rows_of(pairs.with_name("pairs.judged.jsonl"))
    assert [(row["id"], row["heedful"]["empathetic"]) for row in judged] == [(1, False), (2, True)]
    assert judged[0]["heedful"]["rewrite"] is None
    assert heedful("judge", pairs, "--overwrite", "--rewrite").exit_code == 0
    assert rows_of(pairs.with_name("pairs.judged.jsonl"))[0]["heedful"]["rewrite"] == "Better words."


def test_tables_get_flat_columns(heedful: Run, pairs: Path) -> None:
    assert heedful("judge", pairs, "--out", pairs.with_name("out.csv")).exit_code == 0
    assert heedful("judge", pairs, "--out", pairs.with_name("out.parquet")).exit_code == 0
    with pairs.with_name("out.csv").open(encoding="utf-8", newline="") as file:
        cruel, kind = csv.DictReader(file)
    assert (cruel["heedful_empathetic"], cruel["heedful_flags"], cruel["heedful_reaction"]) == (
        "0.0",
        "dismissing",
        "0",
    )
    assert (kind["heedful_empathetic"], kind["heedful_flags"], kind["heedful_reaction"]) == ("1.0", "", "2")
    table = parquet.read_table(pairs.with_name("out.parquet")).to_pylist()
    assert [(row["heedful_empathetic"], row["heedful_exploration"]) for row in table] == [(0.0, 0.0), (1.0, 1.0)]


def test_a_judged_table_can_be_judged_again(heedful: Run, pairs: Path) -> None:
    first, second = pairs.with_name("first.csv"), pairs.with_name("second.csv")
    assert heedful("judge", pairs, "--out", first).exit_code == 0
    assert heedful("judge", first, "--out", second).exit_code == 0
    assert first.read_bytes() == second.read_bytes()


def test_rows_without_a_message_are_set_aside_with_the_reason(heedful: Run, tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    path.write_text('{"reply": "Hm.", "said": 3}\n{"reply": "Hm.", "message": 3}\n{"reply": "Hm.", "message": "a"}\n')
    assert heedful("judge", path).exit_code == 0
    reasons = [row["reason"] for row in rows_of(tmp_path / "a.judged.jsonl.bad.jsonl")]
    assert reasons == ["has no field 'message' (name it with --message-column)", "the field 'message' holds no text"]
    assert heedful("judge", path, "--reply-only", "--overwrite").exit_code == 0
    assert len(rows_of(tmp_path / "a.judged.jsonl")) == 3


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["only one"], "give a message and the reply to it"),
        (["one", "two", "three"], "give a message and the reply to it"),
        (["one", "two", "--resume"], "a pair is answered here"),
        (["one", "two", "--out", "a.txt"], "the ending says what to write"),
        (["one", "two", "--resume", "--overwrite"], "not both"),
        (["one", "two", "--reply-column", "heedful_flags"], "is one that Heedful writes"),
        (["-", "--resume"], "standard input is answered on standard output"),
        (["missing.csv"], "no such file"),
        (["a\ud800", "b"], "not valid UTF-8"),
    ],
)
def test_a_request_that_makes_no_sense_is_refused(heedful: Run, arguments: list[str], message: str) -> None:
    done = heedful("judge", *arguments, input="")
    assert done.exit_code == 2
    assert message in done.stderr


def drawn(message: str, reply: str, width: int) -> str:
    console = Console(file=io.StringIO(), width=width)
    judgement = Judge(Config.load(listener="there is none")).judge([(message, reply)])[0]
    with console.capture() as capture:
        console.print(portrait(message, reply, judgement, console))
    return capture.get()


@pytest.mark.parametrize("width", [30, 50, 80, 200])
def test_the_picture_fits_the_terminal_and_tells_everything(width: int) -> None:
    picture = drawn("I feel so lost.", "At least you tried. I'm so sorry.", width)
    assert max(map(len, picture.splitlines())) <= width
    told = re.sub(r"[\s│╭╮╰╯─]+", " ", picture)
    for words in ("not empathetic", "emotional reaction", "minimising: At least", "What would make it better", "lost"):
        assert words in told


def test_marks_lie_on_the_words_themselves() -> None:
    reply = "At least you tried. I'm so sorry."
    judgement = Judge(Config.load(listener="there is none")).judge([("", reply)])[0]
    marked = marked_reply(reply, judgement)
    assert marked.plain == reply
    styles = {reply[span.start : span.end]: str(span.style) for span in marked.spans}
    assert styles["At least you"] == "bold red underline"
    assert styles["I'm so sorry"] == "magenta"

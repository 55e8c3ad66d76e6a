"""Read the datasets for research, one function each: they teach the `listener`."""

from __future__ import annotations

from typing import Any

import numpy as np

from heedful.labels import (
    APPRAISAL,
    IN_CONTEXT,
    LISTENER_INTENT,
    SENTIMENT,
    SITUATION,
    SUPPORT_STRATEGY,
    WRITER_EMOTION,
)
from heedful.models.tokens import so_far
from training.data import (
    Examples,
    Split,
    dialogues,
    marked,
    plain,
    read_rows,
    scaled,
    several,
    single,
    tuned_apart,
)  # fmt: skip

LEVELS = ("0", "1", "2")
TECHNIQUE = (
    "persuasion or seduction", "shaming or belittlement", "accusation", "intimidation", "rationalization",
    "brandishing anger", "denial", "evasion", "playing victim role", "feigning innocence", "playing servant role",
)  # fmt: skip
_ED = "EmpatheticDialogues (Rashkin et al., 2019), CC BY-NC 4.0"


def first_turns(split: Split) -> Examples:
    """EmpatheticDialogues: the speaker's first turn, and the situation it was written for (32)."""
    firsts = [turns[0] for turns in dialogues("empathetic_dialogues", split)]
    return _situations(firsts, [row["text"] for row in firsts])


def whole_dialogues(split: Split) -> Examples:
    """EmpatheticDialogues: all the speaker's turns of a dialogue, and the situation."""
    found = [turns for turns in dialogues("empathetic_dialogues", split) if len(turns) > 2]
    texts = [" ".join(row["text"] for row in turns if row["speaker"] == turns[0]["speaker"]) for turns in found]
    return _situations([turns[0] for turns in found], texts)


def dialogues_so_far(split: Split) -> Examples:
    """EmpatheticDialogues: the speaker's last turn after the dialogue before it, both sides, and the situation."""
    found = [turns for turns in dialogues("empathetic_dialogues", split) if len(turns) > 2]
    before, latest = [], []
    for turns in found:
        last = max(number for number, row in enumerate(turns) if row["speaker"] == turns[0]["speaker"])
        before.append(so_far([row["text"] for row in turns[:last]]))
        latest.append(turns[last]["text"])
    told = _situations([turns[0] for turns in found], latest)
    return Examples(plain(before), told.first, told.targets, _ED)


def descriptions(split: Split) -> Examples:
    """EmpatheticDialogues: the situation as the speaker described it beforehand."""
    rows = {row["situation"]: row for row in read_rows("empathetic_dialogues") if row["split"] == split}
    return _situations(list(rows.values()), list(rows))


def _situations(rows: list[dict[str, Any]], texts: list[str]) -> Examples:
    return Examples(plain(texts), None, {"situation": single(SITUATION, (row["emotion"] for row in rows))}, _ED)


def crowd_envent(split: Split) -> Examples:
    """crowd-enVENT: what happened to a writer, the emotion they felt, 21 appraisals (Troiano et al., 2023)."""
    if split == "test":
        rows = read_rows("crowd_envent_readers")
        emotion, prefix = "writer_emotion", "writer_"
    else:
        rows = read_rows("crowd_envent_writers")
        rows = [row for row in rows if tuned_apart("train", row["text"], "test") == split]
        emotion, prefix = "emotion", ""
    ratings = [[float(row[prefix + name]) for name in APPRAISAL] for row in rows]
    targets = {
        "writer_emotion": single(WRITER_EMOTION, (row[emotion] for row in rows)),
        "appraisal": scaled(APPRAISAL, ratings, 1.0, 5.0),
    }
    source = "crowd-enVENT, writers (Troiano et al., 2023), licence of the data not stated"
    return Examples(plain(row["text"] for row in rows), None, targets, source)


def reports_in_talk(split: Split) -> Examples:
    """crowd-enVENT after an opening of a dialogue that has nothing to do with it: the latest message has to tell."""
    reports = crowd_envent(split)
    openings = [so_far([row["text"] for row in turns[:2]]) for turns in dialogues("empathetic_dialogues", split)]
    drawn = np.random.default_rng(3).choice(len(openings), len(reports))
    before = plain(openings[number] for number in drawn)
    return Examples(before, reports.first, reports.targets, f"{reports.source}; {_ED}")


def hidden_events(split: Split) -> Examples:
    """crowd-enVENT with the word that names the emotion masked: the event alone has to tell."""
    rows = [row for row in read_rows("crowd_envent_writers") if tuned_apart("train", row["text"], "test") == split]
    rows = [row for row in rows if row["hidden_text"] and row["hidden_text"] != row["text"]]
    targets = {"writer_emotion": single(WRITER_EMOTION, (row["emotion"] for row in rows))}
    source = "crowd-enVENT, writers (Troiano et al., 2023), licence of the data not stated"
    return Examples(plain(row["hidden_text"] for row in rows), None, targets, source)


def emocontext(split: Split) -> Examples:
    """EmoContext: the emotion of the third turn of a chat (Chatterjee et al., 2019)."""
    rows = [row for row in read_rows("emocontext") if row["split"] == split]
    targets = {"in_context": single(IN_CONTEXT, (row["label"] for row in rows))}
    source = "EmoContext (Chatterjee et al., 2019), licence of the data not stated"
    before = plain(so_far([row["turn1"], row["turn2"]]) for row in rows)
    return Examples(before, plain(row["turn3"] for row in rows), targets, source)


def reccon(split: Split) -> Examples:
    """RECCON: the words that caused a turn's emotion, in it or in the turns before (Poria et al., 2021)."""
    before, now, spans = [], [], []
    for turns in dialogues("reccon", split):
        for row in turns:
            if row["emotion"] == "neutral" or not row["cause_spans"]:
                continue
            number = row["turn"]
            before.append(so_far([each["text"] for each in turns if each["turn"] < number]))
            now.append(row["text"])
            spans.append(row["cause_spans"])
    first, second = plain(before), plain(now)
    targets = {"cause": marked("cause", list(zip(first, second, strict=True)), spans)}
    return Examples(first, second, targets, "RECCON (Poria et al., 2021), built on DailyDialog, CC BY-NC-SA 4.0")


def listener_intents(split: Split) -> Examples:
    """EmpatheticIntents: what a listener's reply does (Welivita and Pu, 2020)."""
    rows = [row for row in read_rows("empathetic_intents") if row["split"] == split and row["label"] in LISTENER_INTENT]
    targets = {"intent": single(LISTENER_INTENT, (row["label"] for row in rows))}
    source = "EmpatheticIntents (Welivita and Pu, 2020), on EmpatheticDialogues, CC BY-NC 4.0"
    return Examples(("",) * len(rows), plain(row["text"] for row in rows), targets, source)


def esconv(split: Split) -> Examples:
    """ESConv: the strategy of a supporter's next turn, from the dialogue so far (Liu et al., 2021)."""
    before, latest, strategies = [], [], []
    for turns in dialogues("esconv"):
        if tuned_apart(turns[0]["split"], turns[0]["dialogue_id"], "test") != split:
            continue
        for number, row in enumerate(turns):
            if row["speaker"] == "supporter" and row["strategy"] in SUPPORT_STRATEGY:
                past = [each["text"] for each in turns[:number]]
                before.append(so_far(past[:-1]))
                latest.append(past[-1] if past else "")
                strategies.append(row["strategy"])
    targets = {"strategy": single(SUPPORT_STRATEGY, strategies)}
    source = "ESConv (Liu et al., 2021), CC BY-NC 4.0, academic research only"
    return Examples(plain(before), plain(latest), targets, source)


def epitome(split: Split) -> Examples:
    """EPITOME: how strongly a reply shows three mechanisms of empathy, and the words (Sharma et al., 2020)."""
    rows = [row for row in read_rows("epitome") if tuned_apart(row["split"], str(row["seeker"]), "dev") == split]
    first, second = plain(row["seeker_post"] for row in rows), plain(row["response_post"] for row in rows)
    targets = {}
    for name, column in (("reaction", "er"), ("interpretation", "ip"), ("exploration", "ex")):
        targets[name] = single(LEVELS, (str(row[column]) for row in rows))
        spans = [row[f"{column}_rationales"] for row in rows]
        texts = [("", text) for text in second]
        targets[f"{name}_rationale"] = marked(name, texts, spans)
    return Examples(first, second, targets, "EPITOME (Sharma et al., 2020), licence of the data not stated")


def welivita(split: Split) -> Examples:
    """Replies by a person and by two assistants to one context, each rated 1 to 3 (Welivita and Pu, 2024)."""
    rows = [
        row for row in read_rows("welivita_ratings") if tuned_apart(row["split"], row["dialogue_id"], "dev") == split
    ]
    targets = {"rating": scaled(("rating",), ([row["rating"]] for row in rows), 1.0, 3.0)}
    first, second = plain(row["context"] for row in rows), plain(row["reply"] for row in rows)
    return Examples(first, second, targets, "Ratings of replies (Welivita and Pu, 2024), licence not stated")


def diasafety(split: Split) -> Examples:
    """DiaSafety: is a reply safe in its context (Sun et al., 2022)."""
    rows = [row for row in read_rows("diasafety") if tuned_apart(row["split"], row["context"], "dev") == split]
    targets = {"unsafe": single(("safe", "unsafe"), (row["label"] for row in rows))}
    first, second = plain(row["context"] for row in rows), plain(row["response"] for row in rows)
    return Examples(first, second, targets, "DiaSafety (Sun et al., 2022), Apache-2.0, texts of others")


def mentalmanip(split: Split) -> Examples:
    """MentalManip: does one speaker of a film dialogue manipulate the other, and how (Wang et al., 2024)."""
    rows = [row for row in read_rows("mentalmanip_con") if tuned_apart(row["split"], row["text"], "dev") == split]
    kinds = ("fair", "manipulative")
    targets = {
        "manipulative": single(kinds, (kinds[row["manipulative"]] for row in rows)),
        "technique": several(TECHNIQUE, (row["techniques"] for row in rows)),
    }
    source = "MentalManip (Wang et al., 2024), CC BY-NC 4.0"
    return Examples(plain(" / ".join(row["text"].splitlines()) for row in rows), None, targets, source)


def sst(split: Split) -> Examples:
    """Stanford Sentiment Treebank: sentences of film reviews, three classes (Socher et al., 2013)."""
    rows = [row for row in read_rows("sst") if row["split"] == split]
    targets = {"sentiment": single(SENTIMENT, (row["label3"] for row in rows))}
    source = "Stanford Sentiment Treebank (Socher et al., 2013), licence of the data not stated"
    return Examples(plain(row["text"] for row in rows), None, targets, source)


def tweets(split: Split) -> Examples:
    """SemEval 2013-2016: tweets in three classes of sentiment (Rosenthal et al., 2017)."""
    rows = [row for row in read_rows("semeval2017_sentiment") if row["split"] == ("dev" if split == "test" else split)]
    targets = {"sentiment": single(SENTIMENT, (row["label"] for row in rows))}
    source = "SemEval-2017 task 4, tweets (Rosenthal et al., 2017), licence of the data not stated"
    return Examples(plain(row["text"] for row in rows), None, targets, source)

"""Hold the label sets and the maps between them: data, not code.

Sources: `FINE` and `EKMAN` are the labels and the map of GoEmotions (Demszky et al., 2020, CC BY 4.0);
`SITUATION` is the label set of EmpatheticDialogues (Rashkin et al., 2019). `FINE_TO_BASIC` and
`CIRCUMPLEX` are our own reading of the circumplex model of affect (Russell, 1980).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

BASIC: Final = ("anger", "disgust", "fear", "joy", "sadness", "surprise", "neutral")
"""Ekman's six emotions and neutral, shared by every modality."""

FINE: Final = (
    "admiration",
    "amusement",
    "anger",
    "annoyance",
    "approval",
    "caring",
    "confusion",
    "curiosity",
    "desire",
    "disappointment",
    "disapproval",
    "disgust",
    "embarrassment",
    "excitement",
    "fear",
    "gratitude",
    "grief",
    "joy",
    "love",
    "nervousness",
    "optimism",
    "pride",
    "realization",
    "relief",
    "remorse",
    "sadness",
    "surprise",
    "neutral",
)
"""The 28 GoEmotions labels for text; a message may express several at once."""

SENTIMENT: Final = ("positive", "negative", "neutral")
"""The three classes of sentiment."""

SITUATION: Final = (
    "afraid",
    "angry",
    "annoyed",
    "anticipating",
    "anxious",
    "apprehensive",
    "ashamed",
    "caring",
    "confident",
    "content",
    "devastated",
    "disappointed",
    "disgusted",
    "embarrassed",
    "excited",
    "faithful",
    "furious",
    "grateful",
    "guilty",
    "hopeful",
    "impressed",
    "jealous",
    "joyful",
    "lonely",
    "nostalgic",
    "prepared",
    "proud",
    "sad",
    "sentimental",
    "surprised",
    "terrified",
    "trusting",
)
"""The 32 EmpatheticDialogues labels: the feeling of the situation a person tells of."""

WRITER_EMOTION: Final = (
    "anger", "boredom", "disgust", "fear", "guilt", "joy", "no-emotion", "pride", "relief", "sadness", "shame",
    "surprise", "trust",
)  # fmt: skip
"""The 13 crowd-enVENT labels: what a writer says they felt in an event (Troiano et al., 2023)."""

APPRAISAL: Final = (
    "suddenness", "familiarity", "predict_event", "pleasantness", "unpleasantness", "goal_relevance",
    "chance_responsblt", "self_responsblt", "other_responsblt", "predict_conseq", "goal_support", "urgency",
    "self_control", "other_control", "chance_control", "accept_conseq", "standards", "social_norms", "attention",
    "not_consider", "effort",
)  # fmt: skip
"""The 21 appraisals of an event, named as crowd-enVENT names them."""

LISTENER_INTENT: Final = (
    "agreeing", "acknowledging", "encouraging", "consoling", "sympathizing", "suggesting", "questioning", "wishing",
    "neutral",
)  # fmt: skip
"""What a listener's reply does (Welivita and Pu, 2020)."""

SUPPORT_STRATEGY: Final = (
    "question", "restatement or paraphrasing", "reflection of feelings", "self-disclosure",
    "affirmation and reassurance", "providing suggestions or information", "greeting", "others",
)  # fmt: skip
"""The eight ESConv strategies of a supporter's turn (Liu et al., 2021)."""

IN_CONTEXT: Final = ("happy", "sad", "angry", "others")
"""The four EmoContext labels of the third turn of a chat (Chatterjee et al., 2019)."""

VOICE: Final = ("anger", "disgust", "fear", "joy", "sadness", "surprise", "neutral", "calm", "boredom")
"""What the voice network hears in speech: BASIC, and two more where corpora have them."""

BURST: Final = (
    "amusement", "anger", "contentment", "disgust", "fear", "neutral", "relief", "sadness", "bad surprise",
    "good surprise", "speech",
)  # fmt: skip
"""What the voice network hears in sounds without words, laughs and sighs among them; "speech" if there are words.

Ten of EmoGator's categories (Buhl, 2023): what people were asked to voice.
"""

EKMAN: Final[Mapping[str, str]] = {
    "admiration": "joy",
    "amusement": "joy",
    "anger": "anger",
    "annoyance": "anger",
    "approval": "joy",
    "caring": "joy",
    "confusion": "surprise",
    "curiosity": "surprise",
    "desire": "joy",
    "disappointment": "sadness",
    "disapproval": "anger",
    "disgust": "disgust",
    "embarrassment": "sadness",
    "excitement": "joy",
    "fear": "fear",
    "gratitude": "joy",
    "grief": "sadness",
    "joy": "joy",
    "love": "joy",
    "nervousness": "fear",
    "optimism": "joy",
    "pride": "joy",
    "realization": "surprise",
    "relief": "joy",
    "remorse": "sadness",
    "sadness": "sadness",
    "surprise": "surprise",
    "neutral": "neutral",
}
"""The published any-of map from FINE to Ekman's emotions; figures are measured with this one (protocol T1)."""

SENTIMENT_GROUP: Final[Mapping[str, str]] = {
    "admiration": "positive",
    "amusement": "positive",
    "anger": "negative",
    "annoyance": "negative",
    "approval": "positive",
    "caring": "positive",
    "confusion": "ambiguous",
    "curiosity": "ambiguous",
    "desire": "positive",
    "disappointment": "negative",
    "disapproval": "negative",
    "disgust": "negative",
    "embarrassment": "negative",
    "excitement": "positive",
    "fear": "negative",
    "gratitude": "positive",
    "grief": "negative",
    "joy": "positive",
    "love": "positive",
    "nervousness": "negative",
    "optimism": "positive",
    "pride": "positive",
    "realization": "ambiguous",
    "relief": "positive",
    "remorse": "negative",
    "sadness": "negative",
    "surprise": "ambiguous",
    "neutral": "neutral",
}
"""The published map from FINE to groups of sentiment (protocol T1): four groups, "ambiguous" among them."""

FINE_TO_BASIC: Final[Mapping[str, Mapping[str, float]]] = {
    "admiration": {"joy": 1.0},
    "amusement": {"joy": 1.0},
    "anger": {"anger": 1.0},
    "annoyance": {"anger": 1.0},
    "approval": {"joy": 0.5, "neutral": 0.5},
    "caring": {"joy": 0.5, "neutral": 0.5},
    "confusion": {"surprise": 0.5, "neutral": 0.5},
    "curiosity": {"surprise": 0.2, "neutral": 0.8},
    "desire": {"joy": 0.5, "neutral": 0.5},
    "disappointment": {"sadness": 1.0},
    "disapproval": {"anger": 0.5, "disgust": 0.2, "neutral": 0.3},
    "disgust": {"disgust": 1.0},
    "embarrassment": {"sadness": 0.6, "fear": 0.4},
    "excitement": {"joy": 1.0},
    "fear": {"fear": 1.0},
    "gratitude": {"joy": 1.0},
    "grief": {"sadness": 1.0},
    "joy": {"joy": 1.0},
    "love": {"joy": 1.0},
    "nervousness": {"fear": 1.0},
    "optimism": {"joy": 0.7, "neutral": 0.3},
    "pride": {"joy": 1.0},
    "realization": {"surprise": 0.5, "neutral": 0.5},
    "relief": {"joy": 1.0},
    "remorse": {"sadness": 1.0},
    "sadness": {"sadness": 1.0},
    "surprise": {"surprise": 1.0},
    "neutral": {"neutral": 1.0},
}
"""How each FINE label's probability is shared out over BASIC; each row sums to 1.

The published any-of map calls a plain question "surprise" (curiosity) and a calm no "anger"
(disapproval): right for a benchmark, misleading to a reader. So the percept's BASIC is shared out instead.
"""

VOICE_TO_BASIC: Final[Mapping[str, Mapping[str, float]]] = {
    **{label: {label: 1.0} for label in BASIC},
    "calm": {"neutral": 1.0},
    "boredom": {"neutral": 0.6, "sadness": 0.4},
}
"""How each VOICE label's probability is shared out over BASIC; each row sums to 1."""

BURST_TO_BASIC: Final[Mapping[str, Mapping[str, float]]] = {
    "amusement": {"joy": 1.0},
    "anger": {"anger": 1.0},
    "contentment": {"joy": 0.6, "neutral": 0.4},
    "disgust": {"disgust": 1.0},
    "fear": {"fear": 1.0},
    "neutral": {"neutral": 1.0},
    "relief": {"joy": 0.5, "neutral": 0.5},
    "sadness": {"sadness": 1.0},
    "bad surprise": {"surprise": 1.0},
    "good surprise": {"surprise": 0.7, "joy": 0.3},
    "speech": {"neutral": 1.0},
}
"""How each BURST label's probability is shared out over BASIC; each row sums to 1."""

BASIC_TO_SENTIMENT: Final[Mapping[str, Mapping[str, float]]] = {
    "anger": {"negative": 1.0},
    "disgust": {"negative": 1.0},
    "fear": {"negative": 1.0},
    "joy": {"positive": 1.0},
    "sadness": {"negative": 1.0},
    "surprise": {"neutral": 1.0},
    "neutral": {"neutral": 1.0},
}
"""How each BASIC label's probability is shared out over SENTIMENT, where a modality knows of nothing finer."""

VOICE_CIRCUMPLEX: Final[Mapping[str, tuple[float, float]]] = {
    "anger": (-0.7, 0.8),
    "disgust": (-0.7, 0.3),
    "fear": (-0.7, 0.7),
    "joy": (0.8, 0.6),
    "sadness": (-0.7, -0.4),
    "surprise": (0.2, 0.7),
    "neutral": (0.0, 0.0),
    "calm": (0.4, -0.5),
    "boredom": (-0.4, -0.6),
    "amusement": (0.7, 0.5),
    "contentment": (0.6, -0.2),
    "relief": (0.6, -0.3),
    "bad surprise": (-0.3, 0.7),
    "good surprise": (0.5, 0.7),
}
"""Valence and arousal that the voice network was taught for each label: no corpus has ratings of its own."""

FINE_TO_SENTIMENT: Final[Mapping[str, Mapping[str, float]]] = {
    label: {
        "positive": {"positive": 1.0},
        "negative": {"negative": 1.0},
        "ambiguous": {"neutral": 1.0},
        "neutral": {"neutral": 1.0},
    }[group]
    for label, group in SENTIMENT_GROUP.items()
}
"""How each FINE label's probability is shared out over SENTIMENT; "ambiguous" counts as neutral."""

CIRCUMPLEX: Final[Mapping[str, tuple[float, float]]] = {
    "admiration": (0.7, 0.3),
    "amusement": (0.7, 0.5),
    "anger": (-0.7, 0.8),
    "annoyance": (-0.5, 0.4),
    "approval": (0.4, 0.0),
    "caring": (0.5, 0.1),
    "confusion": (-0.2, 0.3),
    "curiosity": (0.1, 0.3),
    "desire": (0.4, 0.4),
    "disappointment": (-0.6, -0.1),
    "disapproval": (-0.4, 0.2),
    "disgust": (-0.7, 0.4),
    "embarrassment": (-0.6, 0.4),
    "excitement": (0.8, 0.8),
    "fear": (-0.7, 0.8),
    "gratitude": (0.8, 0.2),
    "grief": (-0.9, -0.2),
    "joy": (0.9, 0.5),
    "love": (0.9, 0.4),
    "nervousness": (-0.5, 0.6),
    "optimism": (0.6, 0.3),
    "pride": (0.8, 0.5),
    "realization": (0.0, 0.2),
    "relief": (0.6, -0.3),
    "remorse": (-0.6, 0.1),
    "sadness": (-0.8, -0.3),
    "surprise": (0.1, 0.7),
    "neutral": (0.0, 0.0),
}
"""Valence and arousal of each FINE label, both in [-1, 1]; 0 = neither pleasant nor unpleasant, calm nor stirred."""


FACE: Final = ("neutral", "happiness", "surprise", "sadness", "anger", "disgust", "fear", "contempt")
"""The eight expressions of FER+ (Barsoum et al., 2016), in its order."""

FACE_TO_BASIC: Final[Mapping[str, Mapping[str, float]]] = {
    "neutral": {"neutral": 1.0},
    "happiness": {"joy": 1.0},
    "surprise": {"surprise": 1.0},
    "sadness": {"sadness": 1.0},
    "anger": {"anger": 1.0},
    "disgust": {"disgust": 1.0},
    "fear": {"fear": 1.0},
    "contempt": {"disgust": 0.5, "anger": 0.25, "neutral": 0.25},
}
"""How each expression's probability is shared out over BASIC; each row sums to 1."""

FACE_TO_SENTIMENT: Final[Mapping[str, Mapping[str, float]]] = {
    label: {{"happiness": "positive", "neutral": "neutral", "surprise": "neutral"}.get(label, "negative"): 1.0}
    for label in FACE
}
"""How each expression's probability is shared out over SENTIMENT."""

FACE_CIRCUMPLEX: Final[Mapping[str, tuple[float, float]]] = {
    "neutral": (0.0, -0.1),
    "happiness": (0.8, 0.4),
    "surprise": (0.1, 0.7),
    "sadness": (-0.7, -0.3),
    "anger": (-0.6, 0.6),
    "disgust": (-0.6, 0.3),
    "fear": (-0.6, 0.7),
    "contempt": (-0.5, 0.1),
}
"""Valence and arousal of each expression, both in [-1, 1]."""


def share_out(
    probabilities: Mapping[str, float],
    shares: Mapping[str, Mapping[str, float]],
    onto: tuple[str, ...],
) -> dict[str, float]:
    """Share label probabilities out over a coarser label set.

    Args:
        probabilities: label -> probability in [0, 1]; they need not sum to 1 (FINE is multi-label).
        shares: label -> its shares over `onto`, each row summing to 1.
        onto: the coarser label set, whose order the result keeps.

    Returns:
        label of `onto` -> probability; they sum to 1 (uniform if nothing was expressed at all).

    Examples:
        >>> share_out({"joy": 0.5, "anger": 0.5}, FINE_TO_BASIC, BASIC)["joy"]
        0.5
    """
    mass = dict.fromkeys(onto, 0.0)
    for label, probability in probabilities.items():
        for target, share in shares[label].items():
            mass[target] += probability * share
    total = sum(mass.values())
    if total <= 0.0:
        return dict.fromkeys(onto, 1.0 / len(onto))
    return {label: value / total for label, value in mass.items()}

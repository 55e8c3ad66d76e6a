"""Every dataset that a recipe may name."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

from training import open_data, research_data
from training.data import Examples, Split

Reader = Callable[[Split], Examples]

OPEN: Final[Mapping[str, Reader]] = {
    "goemotions": open_data.goemotions,
    "edos": open_data.edos,
    "xed": open_data.xed,
    "emobank": open_data.emobank,
    "goodnewseveryone": open_data.goodnewseveryone,
}
"""Openly licensed: attribution, and share-alike where the licence says so."""
RESEARCH: Final[Mapping[str, Reader]] = {
    "first_turns": research_data.first_turns,
    "whole_dialogues": research_data.whole_dialogues,
    "dialogues_so_far": research_data.dialogues_so_far,
    "descriptions": research_data.descriptions,
    "crowd_envent": research_data.crowd_envent,
    "reports_in_talk": research_data.reports_in_talk,
    "hidden_events": research_data.hidden_events,
    "emocontext": research_data.emocontext,
    "reccon": research_data.reccon,
    "listener_intents": research_data.listener_intents,
    "esconv": research_data.esconv,
    "epitome": research_data.epitome,
    "welivita": research_data.welivita,
    "diasafety": research_data.diasafety,
    "mentalmanip": research_data.mentalmanip,
    "sst": research_data.sst,
    "tweets": research_data.tweets,
}
"""Research or non-commercial use only, or no licence stated."""
DATASETS: Final[dict[str, Reader]] = {**OPEN, **RESEARCH}

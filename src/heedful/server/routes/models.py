"""`/v1/models`, `/v1/measures`: the networks with their cards, and how well they do beside people."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, Response

from heedful.measure.report import read, rows
from heedful.models.manifest import Card, card, cards
from heedful.models.own import is_own
from heedful.server.caller import MayPerceive
from heedful.server.problem import PROBLEMS, ProblemError
from heedful.server.service import Service, Serving, answer, measured

router = APIRouter(tags=["models"], responses=PROBLEMS)
_OWNER = "heedful"


@router.get("/v1/models")
async def models(service: Serving, _: MayPerceive) -> Response:
    """List what answers and the networks behind it, each with its card, in the form of the OpenAI protocol."""
    found = await service.fetch(_cards, service)
    entry = {"id": "heedful", "object": "model", "created": 0, "owned_by": _OWNER}
    return answer({"object": "list", "data": [entry, *found]})


@router.get("/v1/models/{name}")
async def model(name: str, service: Serving, _: MayPerceive) -> Response:
    """Return a network with its whole card."""
    if name == "heedful":
        return answer({"id": "heedful", "object": "model", "created": 0, "owned_by": _OWNER})
    # Only what is listed: a name might else be the path of some folder of this machine.
    for entry in await service.fetch(_cards, service):
        if name in (entry["id"], entry["card"]["name"]):
            return answer(entry)
    raise ProblemError(404, "There is no such network here. /v1/models lists them.")


@router.get("/v1/measures")
async def measures(service: Serving, _: MayPerceive) -> Response:
    """Return the measured tables: figures with their intervals, beside people and baselines, on the same items."""
    return answer(await service.fetch(_tables))


def _cards(service: Service) -> list[dict[str, Any]]:
    named = dict.fromkeys(name for name in (service.config.reader, service.config.listener) if is_own(name))
    return [_entry(found) for found in (*cards(), *map(card, named))]


def _entry(found: Card) -> dict[str, Any]:
    """Return a network as the OpenAI protocol lists models; its card rides in an extension field."""
    told = found.to_dict()
    told.pop("place")
    return {"id": found.version_id, "object": "model", "created": 0, "owned_by": _OWNER, "card": told}


def _tables() -> list[dict[str, Any]]:
    tables = []
    for path in measured():
        result = read(path)
        header, *body = rows(result)
        tables.append(
            {
                "protocol": result.protocol,
                "title": result.title,
                "dataset": result.dataset,
                "n": result.n,
                "at": f"{result.at:%Y-%m-%d}",
                "interval": result.interval,
                "header": header,
                "rows": body,
            }
        )
    return tables

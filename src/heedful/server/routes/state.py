"""`/health`, `/ready`, `/metrics`: for those who run the server."""

from __future__ import annotations

from fastapi import APIRouter, Response

from heedful.server.caller import MayObserve
from heedful.server.metrics import CONTENT_TYPE
from heedful.server.problem import PROBLEMS, ProblemError
from heedful.server.service import Serving, answer

router = APIRouter(tags=["state"])


@router.get("/health")
async def health() -> Response:
    """Say that the process is alive."""
    return answer({"status": "alive"})


@router.get("/ready", responses={503: PROBLEMS[503]})
async def ready(service: Serving) -> Response:
    """Say whether everything is loaded and the store can be reached. Answers before that come, only later."""
    if service.missing:
        raise ProblemError(503, service.missing, {"retry-after": "1"})
    await service.fetch(service.heedful.store.audit.entries, 1)
    return answer({"status": "ready"})


@router.get("/metrics", responses=PROBLEMS)
async def metrics(service: Serving, _: MayObserve) -> Response:
    """Return the metrics in Prometheus' text form."""
    return Response(await service.fetch(service.metrics.text), media_type=CONTENT_TYPE)

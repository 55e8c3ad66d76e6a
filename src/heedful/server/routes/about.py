"""`/v1/about`: what this deployment is, what it tells people, and which pages it has."""

from __future__ import annotations

from importlib.metadata import version

from fastapi import APIRouter, Response

from heedful.server.service import Serving, answer

router = APIRouter(tags=["about"])


@router.get("/v1/about")
async def about(service: Serving) -> Response:
    """Say what this deployment is, what people have to be told, and which pages it has. Needs no key."""
    return answer(
        {
            "version": version("heedful"),
            "notice": service.heedful.notice,
            "setting": service.config.setting,
            "keys": service.keys,
            "pages": service.pages,
            "can": await service.abilities(),
            "redacts": service.config.redact,
            "retention": service.config.retention_days,
            "writer": service.config.writer,
            "local": service.config.store_url.partition(":")[0] in ("", "sqlite"),
            "limits": {"text": service.config.text_limit, "audio": service.config.serve_audio},
        }
    )

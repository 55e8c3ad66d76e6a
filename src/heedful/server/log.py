"""Write the log: one JSON object per line, with no message text and nobody's name in it."""

from __future__ import annotations

import json
import logging
import sys
from datetime import UTC, datetime


class Lines(logging.Formatter):
    """Each record as one line of JSON; `told` of a record is merged in."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the line of a record."""
        line = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "event": record.getMessage(),
            **getattr(record, "told", {}),
        }
        if record.exc_info and record.exc_info[2] is not None:
            # Where it happened, without the values: those may be what a person wrote.
            trace = record.exc_info[2]
            while trace.tb_next is not None:
                trace = trace.tb_next
            line["where"] = f"{trace.tb_frame.f_code.co_filename}:{trace.tb_lineno}"
        return json.dumps(line, ensure_ascii=True)


def set_up(level: str = "info") -> None:
    """Let the server's loggers write to standard error."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(Lines())
    for name in ("heedful.server", "uvicorn.error"):
        logger = logging.getLogger(name)
        logger.handlers, logger.propagate = [handler], False
        logger.setLevel(level.upper() if name == "heedful.server" else logging.WARNING)

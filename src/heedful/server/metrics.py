"""Count what the server does, for Prometheus; never what was said, and nobody's name."""

from __future__ import annotations

import os
from typing import Final

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from prometheus_client.multiprocess import MultiProcessCollector

from heedful.types import Turn

CONTENT_TYPE: Final = "text/plain; version=0.0.4; charset=utf-8"
"""Of the metrics in text form."""
_SECONDS: Final = (0.005, 0.01, 0.025, 0.05, 0.1, 0.15, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)


class Metrics:
    """The figures of one server; with several workers they are added up when they are read."""

    def __init__(self) -> None:
        self._registry = registry = CollectorRegistry()
        self.requests = Counter("heedful_requests", "Requests.", ("method", "route", "status"), registry=registry)
        """Requests by method, route and status."""
        self.seconds = Histogram(
            "heedful_request_seconds", "How long requests take.", ("route",), buckets=_SECONDS, registry=registry
        )
        """How long requests take, by route."""
        self._turns = Counter("heedful_turns", "Turns, by the danger in them.", ("risk",), registry=registry)
        self._stages = Histogram(
            "heedful_turn_stage_seconds", "How long the stages take.", ("stage",), buckets=_SECONDS, registry=registry
        )
        self.sessions = Gauge("heedful_live_sessions", "Live sessions.", registry=registry, multiprocess_mode="livesum")
        """Live sessions that are connected."""
        self.dropped = Counter("heedful_live_frames_dropped", "Frames dropped.", ("kind",), registry=registry)
        """Frames of sound and pictures that came faster than they could be read."""

    def count(self, turn: Turn) -> None:
        """Count a turn."""
        self._turns.labels(turn.understanding.risk.level).inc()
        for stage, milliseconds in turn.timings.items():
            self._stages.labels(stage).observe(milliseconds / 1000.0)

    def text(self) -> bytes:
        """Return all figures in Prometheus' text form, those of the other workers included."""
        if "PROMETHEUS_MULTIPROC_DIR" not in os.environ:
            return generate_latest(self._registry)
        together = CollectorRegistry()
        MultiProcessCollector(together)  # type: ignore[no-untyped-call]  # the library has no types
        return generate_latest(together)

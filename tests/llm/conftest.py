from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.llm.endpoint import Endpoint, serve


@pytest.fixture
def endpoint() -> Iterator[Endpoint]:
    """An endpoint for one test."""
    with serve() as served:
        yield served

from __future__ import annotations

import pytest

from heedful.errors import PluginError
from heedful.plugins import PERCEIVERS, WRITERS, load, names


def test_our_own_parts_are_declared_like_anybody_elses() -> None:
    assert "text" in names(PERCEIVERS)
    assert load(WRITERS, "compose").__name__ == "Composer"


def test_a_part_that_is_not_there_is_named_with_those_that_are() -> None:
    with pytest.raises(PluginError, match=r"no plug-in 'poet' in heedful.writers. Installed: .*compose"):
        load(WRITERS, "poet")

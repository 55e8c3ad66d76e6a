"""Drive Debian's Chromium over the page of a server with doubles, with a camera and a microphone from files."""

from __future__ import annotations

import shutil
import wave
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
import pytest

MISSING = "Chromium is not installed: on Debian `apt-get install chromium`"
QUIET = (
    "--no-sandbox", "--disable-background-networking", "--disable-component-update", "--disable-sync",
    "--no-first-run", "--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream",
)  # fmt: skip


def write_voice(path: Path) -> Path:
    """Write three seconds of a tone that comes and goes like syllables: what the microphone hears."""
    at = np.arange(3 * 16_000) / 16_000
    tone = np.sin(2 * np.pi * 180 * at) * (np.sin(2 * np.pi * 3 * at) > 0) * 0.5
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(16_000)
        file.writeframes((tone * 32_000).astype("<i2").tobytes())
    return path


@contextmanager
def chromium(voice: Path) -> Iterator[Any]:
    """Yield a browser; skip the test where there is none."""
    path = shutil.which("chromium") or shutil.which("chromium-browser")
    if path is None:
        pytest.skip(MISSING)
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        options = [*QUIET, f"--use-file-for-fake-audio-capture={voice}"]
        browser = playwright.chromium.launch(executable_path=path, args=options)
        try:
            yield browser
        finally:
            browser.close()

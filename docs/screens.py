"""Take the pictures of the web page that the documents show: `python -m docs.screens` (needs Chromium and playwright).

The conversation is a real one: the shipped networks read it, and the built-in writer answers.
"""

from __future__ import annotations

import shutil
import socket
import sys
import tempfile
import threading
import time
from pathlib import Path
from typing import Any

import uvicorn
from playwright.sync_api import sync_playwright

from heedful.api import Heedful
from heedful.config import Config
from heedful.server.app import create_app

IMAGES = Path(__file__).parent / "images"
WIDE = {"width": 1120, "height": 800}
PHONE = {"width": 390, "height": 800}
SAID = (
    "My dog died last night.",
    "I keep listening for his steps. It hurts more than I thought it would.",
    "My neighbor brought soup today. I was so grateful I cried.",
)


def main() -> None:
    """Serve in a thread, hold a conversation in a browser, and write the pictures."""
    chromium = shutil.which("chromium") or shutil.which("chromium-browser")
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        url = _serve(folder)
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        for name, take in {"talk": _talk, "course": _course, "judge": _judge, "crisis": _crisis}.items():
            path = IMAGES / f"{name}.png"
            take(browser, url, path)
            sys.stdout.write(f"written: {path}\n")
        browser.close()


def _talk(browser: Any, url: str, path: Path) -> None:
    page = _page(browser, url, WIDE, "light")
    for text in SAID:
        _say(page, text)
    page.screenshot(path=path)


def _course(browser: Any, url: str, path: Path) -> None:
    page = _page(browser, url, WIDE, "light")
    for text in SAID:
        _say(page, text)
    page.click("nav >> text=Course")
    page.wait_for_selector("svg.chart")
    page.screenshot(path=path)


def _judge(browser: Any, url: str, path: Path) -> None:
    page = _page(browser, url, WIDE, "dark")
    page.click("nav >> text=Judge")
    page.fill("#message", "I failed my exam, and I had worked for months.")
    page.fill("#reply", "That hurts after months of work. At least you tried, and everything happens for a reason.")
    page.click("button.main")
    page.wait_for_selector(".verdict")
    page.screenshot(path=path)


def _crisis(browser: Any, url: str, path: Path) -> None:
    page = _page(browser, url, PHONE, "light")
    _say(page, "I don't want to be here anymore. I want to end it.")
    page.wait_for_timeout(500)
    page.screenshot(path=path)


def _page(browser: Any, url: str, size: dict[str, int], scheme: str) -> Any:
    page = browser.new_context(viewport=size, color_scheme=scheme).new_page()
    page.goto(url)
    page.wait_for_selector("#text")
    return page


def _say(page: Any, text: str) -> None:
    page.fill("#text", text)
    page.keyboard.press("Enter")
    page.wait_for_selector(f".exchange:has-text({text[:30]!r}) .foot button")
    page.wait_for_timeout(400)


def _serve(folder: str) -> str:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    app = create_app(Heedful(Config.load(data_folder=folder, country="GB")))
    server = uvicorn.Server(uvicorn.Config(app, port=port, log_config=None))
    threading.Thread(target=server.run, daemon=True).start()
    while not server.started:
        time.sleep(0.1)
    return f"http://127.0.0.1:{port}/"


if __name__ == "__main__":
    main()

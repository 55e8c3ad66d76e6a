"""The web page of a server that needs keys: every page opens with one, and says so where it may not."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from heedful import Heedful
from heedful.server.app import create_app
from tests.server.browser import chromium, write_voice
from tests.server.serving import make_heedful, serving

SAD = "My dog died last night."


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, Heedful]]:
    folder = tmp_path_factory.mktemp("store")
    with make_heedful(folder, serve_rate=0) as heedful, serving(create_app(heedful, keys=True)) as url:
        yield url, heedful


@pytest.fixture(scope="module")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    with chromium(write_voice(tmp_path_factory.mktemp("voice") / "voice.wav")) as opened:
        yield opened


def entered(browser: Any, url: str, key: str) -> Any:
    """Return the page after a key was entered."""
    page = browser.new_context().new_page()
    page.set_default_timeout(20_000)
    page.goto(url)
    page.fill("#key", key)
    page.keyboard.press("Enter")
    page.wait_for_selector("nav a")
    return page


def go(page: Any, name: str) -> None:
    page.goto(page.url.split("#")[0] + f"#/{name}")
    page.wait_for_selector(f".page[data-page={name}] h1")


def test_a_key_opens_every_page_that_its_scopes_allow(browser: Any, server: tuple[str, Heedful]) -> None:
    url, heedful = server
    _, key = heedful.store.keys.create("page", ("perceive", "converse", "people"), "shop")
    page = entered(browser, url, key)
    page.fill("#text", SAD)
    page.keyboard.press("Enter")
    page.wait_for_selector(f".exchange:has-text({SAD!r}) .foot button")
    assert heedful.store.conversations()[0].name.startswith("shop/")
    go(page, "course")
    page.wait_for_selector("tbody tr")
    assert "live-" not in page.inner_text("#which option"), "a name that a machine made is shown to people"
    go(page, "judge")
    page.click("text=An example")
    page.click("button.main")
    page.wait_for_selector(".verdict")
    go(page, "practise")
    page.click(".people button >> nth=0")
    page.fill("#words", "That sounds hard. What happened?")
    page.keyboard.press("Enter")
    page.wait_for_selector(".coach")
    page.click("text=Recognize feelings")
    page.wait_for_selector(".choices button")
    page.click("text=Your progress")
    page.wait_for_selector("text=Yours alone")
    go(page, "models")
    page.wait_for_selector("h3:has-text('reader')")
    go(page, "privacy")
    page.wait_for_selector("dd:has-text('1, with 1 message')")
    go(page, "learning")
    assert "does not allow 'learn'" in page.inner_text(".wrong")
    assert page.inner_text("h1") == "Learning"


def test_a_key_that_opens_nothing_is_told_as_such_and_no_page_is_offered(
    browser: Any, server: tuple[str, Heedful]
) -> None:
    page = browser.new_context().new_page()
    page.goto(server[0])
    page.fill("#key", "hk_wrong")
    page.keyboard.press("Enter")
    page.wait_for_selector(".wrong:has-text('opens nothing here')")
    assert page.query_selector_all("nav a") == []


def test_a_key_that_is_lost_while_the_page_is_open_is_asked_for_anew(browser: Any, server: tuple[str, Heedful]) -> None:
    url, heedful = server
    _, key = heedful.store.keys.create("page", ("perceive", "converse", "people"), "shop")
    page = entered(browser, url, key)
    page.evaluate("sessionStorage.setItem('heedful.key', 'hk_wrong')")
    page.goto(page.url.split("#")[0] + "#/course")
    page.fill("#key", key)
    page.keyboard.press("Enter")
    page.wait_for_selector(".page[data-page=course] h1")

"""The page on which replies are rated, in a browser: by keys alone, blind, kept at once, for everybody to read."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from heedful.measure.contest import load, save
from heedful.server.app import create_app
from tests.server.axe import axe
from tests.server.browser import chromium, write_voice
from tests.server.routes.test_rate import CONTEST, NAMES
from tests.server.serving import make_heedful, serving

PHONE = {"width": 390, "height": 780}


@pytest.fixture(scope="module")
def rating(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, Path, Any]]:
    """The URL of a server, the folder of its comparison, and a browser."""
    folder = tmp_path_factory.mktemp("contest")
    save(CONTEST, folder)
    with (
        chromium(write_voice(tmp_path_factory.mktemp("voice") / "voice.wav")) as browser,
        make_heedful(tmp_path_factory.mktemp("store"), rating_folder=str(folder), serve_rate=0) as heedful,
        serving(create_app(heedful)) as url,
    ):
        yield url, folder, browser


def begin(rating: tuple[str, Path, Any], rater: str, **options: Any) -> Any:
    page = rating[2].new_context(**options).new_page()
    page.set_default_timeout(20_000)
    page.goto(f"{rating[0]}/#/rate")
    page.fill("#rater", rater)
    page.keyboard.press("Enter")
    page.wait_for_selector("fieldset.rated")
    return page


def test_replies_are_rated_by_keys_alone_and_kept_at_once(rating: tuple[str, Path, Any]) -> None:
    page = begin(rating, "kim")
    assert not [name for name in NAMES if name in page.inner_text("main")]
    assert page.is_disabled("text=Next message")
    first = page.inner_text(".quoted")
    page.keyboard.press("Tab")  # from the heading to the first reply
    for key in "425":
        page.keyboard.press(key)
        page.wait_for_selector(f"#announcer:has-text(': {key} of 5')", state="attached")
    page.wait_for_selector("button.main:focus:has-text('Next message')")
    assert sorted(each.value for each in load(rating[1]).ratings if each.rater == "kim") == [2, 4, 5]
    page.keyboard.press("Enter")
    page.wait_for_selector("#so-far:has-text('3 of 18')")
    assert page.inner_text(".quoted") != first
    page.reload()
    page.wait_for_selector("text=3 of 18")
    page.context.close()


def test_a_mark_is_changed_with_a_click_and_the_page_says_when_all_is_done(rating: tuple[str, Path, Any]) -> None:
    page = begin(rating, "sam")
    page.click("fieldset.rated >> nth=0 >> input[value='1']")
    for done in range(3, 21, 3):
        for place in range(3):
            page.click(f"fieldset.rated >> nth={place} >> input[value='3']")
        page.click("button.main:enabled:has-text('Next message')")
        page.wait_for_selector(f"#so-far:has-text('{done} of 18')")
    page.wait_for_selector("text=That was all")
    assert [each.value for each in load(rating[1]).ratings if each.rater == "sam"] == [3.0] * 18
    page.context.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_serious_and_nothing_is_wider_than_a_phone(rating: Any, scheme: str) -> None:
    page = begin(rating, f"lee {scheme}", color_scheme=scheme, viewport=PHONE, bypass_csp=True)
    page.click("fieldset.rated >> nth=0 >> input[value='3']")
    page.evaluate(axe())
    found = page.evaluate("axe.run(document, {resultTypes: ['violations']})")
    serious = [each for each in found["violations"] if each["impact"] in ("serious", "critical")]
    assert not [(each["id"], [node["html"][:120] for node in each["nodes"]][:3]) for each in serious]
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    page.context.close()

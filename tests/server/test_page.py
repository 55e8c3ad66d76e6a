"""The web page, in a browser: each page, consent, correction, crisis, forget, both themes, phone size."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from heedful import Heedful, Reading
from heedful.server.app import create_app
from heedful.server.service import Service
from tests.doubles import CuePerceiver
from tests.pace import allowed
from tests.server.axe import axe
from tests.server.browser import chromium, write_voice
from tests.server.serving import make_heedful, serving
from tests.server.test_live import LoudHearing

SAD = "My dog died last night."
PAGES = ("talk", "course", "judge", "models", "privacy")
PHONE = {"width": 390, "height": 780}


class SteadyWatching:
    """Sees the same face in every picture."""

    def push(self, _image: object, _at: float) -> list[Reading]:
        return [Reading("face", "double", basic={"sadness": 0.8, "neutral": 0.2}, confidence=0.8)]


class Same:
    """Perceives the same of whatever is heard or seen."""

    def __init__(self, modality: str) -> None:
        self.modality = modality

    def perceive(self, messages: Any) -> list[Reading]:
        reading = Reading(self.modality, "double", basic={"anger": 0.9, "neutral": 0.1}, confidence=0.9)
        return [reading for _ in messages]


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, Heedful]]:
    """A server that can hear and see, and takes any bytes for a picture."""
    import numpy as np

    from heedful import Image

    picture = Image.from_array(np.zeros((2, 2, 3), np.uint8))
    with (
        pytest.MonkeyPatch.context() as patch,
        make_heedful(tmp_path_factory.mktemp("store"), serve_rate=0) as heedful,
    ):
        patch.setattr(heedful, "hear", LoudHearing, raising=False)
        patch.setattr(heedful, "watch", SteadyWatching, raising=False)
        patch.setattr(heedful.engine.senses, "_installed", ("text", "voice"))
        patch.setattr(
            heedful.engine.senses, "_perceiver", lambda name: CuePerceiver() if name == "text" else Same(name)
        )
        patch.setattr(Service, "can", {"hear": True, "see": True, "transcribe": False})
        patch.setattr("heedful.server.schemas.message_of", lambda *_: __import__("heedful").Message("x", image=picture))
        with serving(create_app(heedful)) as url:
            yield url, heedful


@pytest.fixture(scope="module")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    with chromium(write_voice(tmp_path_factory.mktemp("voice") / "voice.wav")) as opened:
        yield opened


@pytest.fixture
def open_page(server: tuple[str, Heedful], browser: Any) -> Iterator[Callable[..., Any]]:
    """Return what opens a page in a fresh profile; whatever goes wrong in its scripts fails the test."""
    contexts: list[Any] = []
    wrong: list[str] = []

    def opened(name: str, **options: Any) -> Any:
        context = browser.new_context(permissions=["microphone", "camera"], **options)
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(20_000)
        page.on("pageerror", lambda error: wrong.append(str(error)))
        page.on("console", lambda line: wrong.append(line.text) if line.type == "error" else None)
        page.goto(f"{server[0]}/#/{name}")
        page.wait_for_selector(".page h1")
        return page

    yield opened
    for context in contexts:
        context.close()
    # A refusal that the page puts into words is no error of the page.
    assert not [line for line in wrong if "Failed to load resource" not in line]


def say(page: Any, text: str) -> None:
    page.fill("#text", text)
    page.keyboard.press("Enter")
    page.wait_for_selector(f".exchange:has-text({text!r}) .foot button")


def test_a_conversation_is_had_understood_corrected_and_rated(open_page: Callable[..., Any], server: Any) -> None:
    page = open_page("talk")
    assert "software and not a person" in page.inner_text(".welcome")
    say(page, SAD)
    assert "Sounds full of grief" in page.inner_text(".exchange .marks")
    assert page.query_selector(".meter").get_attribute("aria-label").startswith("strength")
    page.click("text=Why this reply")
    assert "pet loss" in page.inner_text(".why")
    page.click("text=Not what I felt")
    page.click("button.chip:has-text('afraid')")
    page.wait_for_selector("text=You say: afraid")
    page.check("input[type=radio][value='4']", force=True)
    page.wait_for_selector("text=Kept: 4 of 5.")
    page.click("text=Better words")
    page.fill(".panel textarea", "I am sorry about your dog.")
    page.click("text=Keep >> nth=-1")
    page.wait_for_selector("text=Kept. Thank you.")
    heedful = server[1]
    (name,) = [each.name for each in heedful.store.conversations()][:1]
    kept = heedful.store.feedback(heedful.turns(name)[-1].id)
    assert [(each.feeling, each.rating, each.edit) for each in kept] == [
        ("fear", None, None), (None, 4, None), (None, None, "I am sorry about your dog."),
    ]  # fmt: skip
    page.reload()
    page.wait_for_selector(f".said:has-text({SAD!r})")


def test_in_danger_help_is_in_view_and_stays_and_nobody_is_asked_for_a_mark(open_page: Callable[..., Any]) -> None:
    page = open_page("talk", viewport=PHONE)
    say(page, SAD)
    say(page, "I want to kill myself.")
    page.wait_for_selector(".care a.reach")
    page.wait_for_timeout(300)
    box = page.query_selector(".care h3").bounding_box()
    assert 0 <= box["y"] <= PHONE["height"] - box["height"], "the help is out of sight"
    assert page.query_selector(".care").evaluate("e => e.closest('[aria-live]') !== null")
    assert page.query_selector_all(".exchange:last-child .rating") == []
    say(page, "It is raining.")
    assert "At any time" in page.inner_text(".staying")
    page.reload()
    page.wait_for_selector(".staying .reminder a")


def test_the_microphone_hears_only_after_consent_which_can_be_taken_back(open_page: Callable[..., Any]) -> None:
    page = open_page("talk")
    switch = page.get_by_role("switch", name="Microphone")
    switch.click()
    page.click(".consent button:has-text('No')")
    assert switch.get_attribute("aria-checked") == "false"
    switch.click()
    page.click(".consent button.main")
    page.wait_for_selector(".spoken")
    page.wait_for_selector(".now:has-text('voice:')")
    assert switch.get_attribute("aria-checked") == "true"
    switch.click()
    page.wait_for_timeout(200)
    assert switch.get_attribute("aria-checked") == "false"
    page.fill("#text", SAD)
    page.keyboard.press("Enter")
    page.wait_for_selector(".foot button")
    page.wait_for_selector(".exchange .marks:has-text('words and voice')")
    assert "do not quite agree" in page.inner_text(".exchange .apart")
    page.goto(page.url.split("#")[0] + "#/privacy")
    page.wait_for_selector("th:has-text('microphone')")
    assert page.query_selector_all("tr:has-text('microphone') button") == [], "turning it off withdraws the consent"


def test_the_camera_shows_that_it_is_on_and_lets_go_when_it_is_off(open_page: Callable[..., Any]) -> None:
    page = open_page("talk")
    switch = page.get_by_role("switch", name="Camera")
    assert not page.is_visible("video")
    switch.click()
    page.click(".consent button.main")
    page.wait_for_selector(".now:has-text('face: sad')")
    assert page.is_visible("video")
    track = "document.querySelector('video').srcObject.getTracks()[0]"
    page.evaluate(f"window.track = {track}")
    switch.click()
    page.wait_for_selector("video", state="hidden")
    assert page.evaluate("window.track.readyState") == "ended"


def test_every_page_shows_what_it_is_for(open_page: Callable[..., Any]) -> None:
    page = open_page("talk")
    for text in (SAD, "She was fourteen.", "I passed my exam today!"):
        say(page, text)
    page.click("nav >> text=Course")
    page.wait_for_selector("svg.chart .point")
    assert len(page.query_selector_all("tbody tr")) == 3
    page.click("nav >> text=Judge")
    page.click("text=An example")
    page.click("button.main")
    page.wait_for_selector(".rewrite")
    assert page.query_selector(".quoted mark")
    page.click("nav >> text=Models")
    page.wait_for_selector("h3:has-text('reader')")
    assert "one reader" in page.inner_text("main")
    assert page.evaluate("document.activeElement.id") == "room", "the reader of the screen is left behind"


def test_everything_is_erased_when_a_person_asks_twice(open_page: Callable[..., Any], server: Any) -> None:
    page = open_page("talk")
    say(page, SAD)
    page.click("nav >> text=Privacy")
    with page.expect_download() as saved:
        page.click("text=Save everything as a file")
    assert SAD in Path(saved.value.path()).read_text(encoding="utf-8")
    page.click("text=Erase everything about me")
    page.click("text=Keep it")
    assert "me" in server[1].store.people.known()
    page.click("text=Erase everything about me")
    page.click("text=Yes, erase it")
    page.wait_for_selector(".forgotten:has-text('Erased:')")
    assert server[1].store.conversations() == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_serious(open_page: Callable[..., Any], scheme: str) -> None:
    script = axe()
    page = open_page("talk", color_scheme=scheme, viewport=PHONE if scheme == "dark" else None, bypass_csp=True)
    page.evaluate(script)
    for name in PAGES if scheme == "light" else ("talk", "judge"):  # the colors of the others are these
        page.goto(page.url.split("#")[0] + f"#/{name}")
        page.wait_for_selector(f".page[data-page={name}] h1")
        if name == "talk":
            say(page, "I want to kill myself.")
            page.click("text=Why this reply")
        if name == "judge":
            page.click("text=An example")
            page.click("button.main")
            page.wait_for_selector(".rewrite")
        page.wait_for_timeout(350)  # what fades in has its colors by then
        found = page.evaluate("axe.run(document, {resultTypes: ['violations']})")
        serious = [each for each in found["violations"] if each["impact"] in ("serious", "critical")]
        told = [(each["id"], [node["html"][:120] for node in each["nodes"]][:3]) for each in serious]
        assert not told, f"{name}, {scheme}: {told}"


def test_a_theme_is_chosen_and_kept(open_page: Callable[..., Any]) -> None:
    page = open_page("judge", color_scheme="light")
    color = "getComputedStyle(document.body).backgroundColor"
    light = page.evaluate(color)
    page.click("#theme")
    page.click("#theme")
    assert page.inner_text("#theme") == "Theme: dark"
    dark = page.evaluate(color)
    assert dark != light
    page.reload()
    page.wait_for_selector("h1")
    assert page.evaluate(color) == dark


def test_nothing_is_wider_than_a_phone(open_page: Callable[..., Any]) -> None:
    page = open_page("talk", viewport=PHONE)
    for name in PAGES:
        page.goto(page.url.split("#")[0] + f"#/{name}")
        page.wait_for_selector(f".page[data-page={name}] h1")
        assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"], name


def test_the_first_load_is_light_and_the_page_is_soon_usable(server: tuple[str, Heedful], browser: Any) -> None:
    sizes: list[int] = []
    times: list[float] = []
    for _ in range(3):
        context = browser.new_context()  # nothing is in its cache
        page = context.new_page()
        page.goto(server[0])
        page.wait_for_selector("#text")
        marked = "performance.getEntriesByName('interactive').map((each) => each.startTime)"
        while not (found := page.evaluate(marked)):
            page.wait_for_timeout(20)
        times.append(found[0] / 1000.0)
        assert page.is_enabled("#text")
        loaded = "performance.getEntries().map((each) => each.encodedBodySize || 0)"
        sizes.append(sum(page.evaluate(loaded)))
        context.close()
    assert 10_000 < max(sizes) <= 300_000
    assert min(times) <= allowed(1.0), times

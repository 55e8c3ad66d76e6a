"""The image and its composition hold what docs/server.md promises."""

from __future__ import annotations

import re
from pathlib import Path

import yaml

from heedful.config import Config

ROOT = Path(__file__).parent.parent
DOCKERFILE = (ROOT / "Dockerfile").read_text(encoding="utf-8")
COMPOSE = yaml.safe_load((ROOT / "compose.yaml").read_text(encoding="utf-8"))


def test_the_image_is_not_root_checks_its_health_and_keeps_what_it_keeps_in_a_volume() -> None:
    last = DOCKERFILE.rpartition("\nFROM ")[2]
    assert re.search(r"^USER 10001$", last, re.MULTILINE)
    assert re.search(r"^HEALTHCHECK .*\n.*/ready", last, re.MULTILINE)
    assert re.search(r"^VOLUME /data$", last, re.MULTILINE)
    assert "XDG_DATA_HOME=/data" in last


def test_everything_that_the_image_copies_is_there_and_sent_along() -> None:
    sent = {line[1:] for line in (ROOT / ".dockerignore").read_text(encoding="utf-8").splitlines() if line[0] == "!"}
    copied = re.findall(r"^COPY (?!--from)(.+) \S+$", DOCKERFILE, re.MULTILINE)
    for name in " ".join(copied).split():
        assert (ROOT / name).exists()
        assert name in sent


def test_the_composition_lets_the_server_write_nowhere_else() -> None:
    server = COMPOSE["services"]["heedful"]
    assert server["read_only"] is True
    assert server["cap_drop"] == ["ALL"]
    assert server["tmpfs"] == ["/tmp"]
    assert [each.partition(":")[2] for each in server["volumes"]] == ["/data"]
    assert all(port.startswith("127.0.0.1:") for port in server["ports"]), "it is open to the network as it comes"


def test_the_settings_in_the_composition_are_settings(tmp_path: Path) -> None:
    settings = tmp_path / "heedful.toml"
    settings.write_text(COMPOSE["configs"]["heedful"]["content"], encoding="utf-8")
    assert Config.load(settings).store_url.startswith("postgresql://")

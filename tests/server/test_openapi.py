"""The OpenAPI document holds: whatever is asked by it, and against it, nothing fails inside."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path
from typing import Any

from heedful.server.app import create_app
from tests.server.conftest import Client
from tests.server.serving import make_heedful, serving

CHECKS = "not_a_server_error,status_code_conformance,content_type_conformance,response_headers_conformance"


def test_whatever_is_asked_nothing_fails_inside_and_every_answer_is_documented(tmp_path: Path) -> None:
    run = [sys.executable, "-m", "schemathesis.cli", "run", "--checks", CHECKS, "--max-examples", "2"]
    more = ["--phases", "examples,fuzzing", "--seed", "1", "--no-color", "--suppress-health-check", "all"]
    with make_heedful(tmp_path, serve_rate=0) as heedful, serving(create_app(heedful)) as url:
        command = [*run, *more, f"{url}/openapi.json"]
        done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, timeout=250, check=False)
    assert done.returncode == 0, done.stdout[-6000:] + done.stderr[-2000:]
    cases = re.search(r"(\d+) generated, (\d+) passed", done.stdout)
    assert cases, done.stdout[-2000:]
    assert int(cases[1]) == int(cases[2]) >= 25


def test_every_body_has_an_example_and_every_route_says_what_it_does(client: Client) -> None:
    document: dict[str, Any] = client.get("/openapi.json").json()
    bodies = document["components"]["schemas"]
    for path, methods in document["paths"].items():
        for method, told in methods.items():
            assert told["description"], f"{method} {path}"
            body = told.get("requestBody", {}).get("content", {}).get("application/json", {}).get("schema", {})
            if "$ref" in body:
                assert bodies[body["$ref"].rpartition("/")[2]]["examples"], f"{method} {path}"

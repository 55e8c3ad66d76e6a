"""Find axe-core, which checks pages for accessibility: fetched once from npm into the environment of the tests."""

from __future__ import annotations

import shutil
import subprocess
import sys
import tarfile
import tempfile
from pathlib import Path

import pytest

VERSION = "4.10.3"
_KEPT = Path(sys.prefix) / "share" / f"axe-core-{VERSION}.js"


def axe() -> str:
    """Return the text of axe-core; skip the test where it is not there and cannot be fetched."""
    if not _KEPT.is_file():
        npm = shutil.which("npm")
        if npm is None:
            pytest.skip("axe-core is fetched with npm, which is not installed: on Debian `apt-get install npm`")
        with tempfile.TemporaryDirectory() as folder:
            fetch = [npm, "pack", f"axe-core@{VERSION}", "--silent"]
            done = subprocess.run(fetch, cwd=folder, capture_output=True, text=True, timeout=120, check=False)
            found = next(Path(folder).glob("*.tgz"), None)
            if found is None:
                pytest.skip(f"axe-core could not be fetched from npm: {done.stderr.strip()[:300]}")
            _KEPT.parent.mkdir(parents=True, exist_ok=True)
            with tarfile.open(found) as archive:
                member = archive.extractfile("package/axe.min.js")
                assert member is not None
                _KEPT.write_bytes(member.read())
    return _KEPT.read_text(encoding="utf-8")

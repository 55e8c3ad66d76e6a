"""Say what a benchmark ran on."""

from __future__ import annotations

import os
import platform
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

import psutil

PACKAGES = ("heedful", "numpy", "onnxruntime", "tokenizers", "torch", "transformers", "vaderSentiment")
"""Whose versions a result depends on."""


def describe() -> dict[str, str]:
    """Return the machine and the versions of what is measured, as name -> value."""
    described = {
        "processor": _processor(),
        "cores": str(os.cpu_count()),
        "memory": f"{psutil.virtual_memory().total / 2**30:.0f} GiB",
        "system": platform.system(),
        "load before": f"{psutil.getloadavg()[0]:.1f}",
        "python": platform.python_version(),
    }
    for name in PACKAGES:
        try:
            described[name] = version(name)
        except PackageNotFoundError:
            described[name] = "not installed"
    return described


def _processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    except OSError:  # not Linux
        return platform.processor() or platform.machine()
    named = dict(line.split(":", 1) for line in lines if ":" in line)
    found = {key.strip(): value.strip() for key, value in named.items()}
    family = f"family {found.get('cpu family', '?')} model {found.get('model', '?')}"
    instructions = " ".join(
        name for name in ("avx2", "avx512_vnni", "amx_int8") if name in found.get("flags", "").split()
    )
    return f"{found.get('model name', platform.machine())} ({family}; {instructions or 'no AVX2'})"

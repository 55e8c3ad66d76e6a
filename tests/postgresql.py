"""A throw-away PostgreSQL server: made once per run as an unprivileged user, stopped and removed at its end."""

from __future__ import annotations

import atexit
import functools
import os
import shutil
import socket
import subprocess
import tempfile
import uuid
from pathlib import Path

import pytest

MISSING = (
    "PostgreSQL's server programs are not installed: on Debian `apt-get install postgresql`, "
    "elsewhere put initdb and pg_ctl on the PATH"
)


def url() -> str:
    """Return the URL of a new, empty database; skip the test where PostgreSQL is not installed."""
    programs = _programs()
    if programs is None:
        pytest.skip(MISSING)
    port = _server(programs)
    import pg8000.native

    name = f"heedful_{uuid.uuid4().hex}"
    connection = pg8000.native.Connection("heedful", host="127.0.0.1", port=port, database="postgres")
    connection.run(f"CREATE DATABASE {name}")
    connection.close()
    return f"postgresql://heedful@127.0.0.1:{port}/{name}"


def _programs() -> Path | None:
    """Return the folder of initdb and pg_ctl, the newest version first."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/pg_ctl"), key=lambda path: -float(path.parts[4]))
    places = [*(path.parent for path in found), *(Path(each).parent for each in [shutil.which("pg_ctl")] if each)]
    return next((place for place in places if (place / "initdb").exists()), None)


@functools.cache
def _server(programs: Path) -> int:
    """Start a server and return its port."""
    folder = Path(tempfile.mkdtemp(prefix="heedful-postgresql-"))
    alone: list[str] = []
    if os.geteuid() == 0:  # PostgreSQL refuses to run as root
        user = "postgres" if _exists("postgres") else "nobody"
        shutil.chown(folder, user)
        alone = ["setpriv", f"--reuid={user}", "--clear-groups", "--"]
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    data = folder / "data"

    def run(*command: str) -> None:
        subprocess.run([*alone, *command], check=True, capture_output=True, timeout=120, cwd=folder)

    run(str(programs / "initdb"), "--username=heedful", "--auth=trust", "--no-sync", f"--pgdata={data}")
    settings = f"-p {port} -c listen_addresses=127.0.0.1 -c unix_socket_directories='' -c fsync=off"
    control = str(programs / "pg_ctl")
    run(control, "start", "--wait", f"--pgdata={data}", f"--log={folder}/log", f"--options={settings}")

    def stop() -> None:
        run(control, "stop", "--mode=immediate", f"--pgdata={data}")
        shutil.rmtree(folder, ignore_errors=True)

    atexit.register(stop)
    return port


def _exists(user: str) -> bool:
    import pwd

    return any(each.pw_name == user for each in pwd.getpwall())

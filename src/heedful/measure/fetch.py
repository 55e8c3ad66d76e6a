"""Fetch a dataset's file to this machine: what was fetched so far is gone on with, and its sha256 is checked."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Final

from heedful.errors import ConfigError, InputError
from heedful.measure.source import Source, path_of

if TYPE_CHECKING:
    import httpx

SECONDS: Final = 30.0
"""How long a server may say nothing."""
ATTEMPTS: Final = 3
"""How often a connection that breaks off is taken up again before giving up."""
_TREE: Final = re.compile(r"(https://github\.com/[\w.-]+/[\w.-]+)/tree/([0-9a-f]{7,40})")
Tell = Callable[[int, int], None]
"""Is told how many bytes are here, and how many there will be (0 = unknown)."""


def owners_archive(source: Source) -> str:
    """Return where GitHub offers the owners' repository, at the state the dataset is from, as one file.

    Raises:
        ConfigError: it is not published there.
    """
    found = _TREE.fullmatch(source.url)
    if found is None:
        raise ConfigError(f"{source.title} is published at {source.url}, from where it has to be fetched by hand.")
    return f"{found[1]}/archive/{found[2]}.tar.gz"


def target(name: str, source: Source, *, table: bool) -> Path:
    """Return where the file belongs: the table that is measured on, or what its owners publish.

    Raises:
        ConfigError: HEEDFUL_DATA is not set.
    """
    path = path_of(name, source)
    if path is None:
        raise ConfigError("set the environment variable HEEDFUL_DATA to the folder where datasets are to lie.")
    return path if table else path.parents[1] / "sources" / f"{name}.tar.gz"


def fetch(url: str, path: Path, sha256: str = "", tell: Tell = lambda _here, _whole: None) -> str:
    """Fetch a file and return its sha256; the file is there only when all of it is, and is the right one.

    What was fetched before an interruption lies beside it as `.part` and is gone on with. Without a sha256 to expect,
    that of the first time is kept beside the file, and another one is refused from then on.

    Args:
        url: http or https.
        path: where the file is put.
        sha256: what it must have; "" = not known.
        tell: is told how far it is.

    Raises:
        ConfigError: the server cannot be reached, refuses, or breaks off again and again.
        InputError: the file is another one, or cannot be written.
    """
    remembered = path.with_name(f"{path.name}.sha256")
    part = path.with_name(f"{path.name}.part")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        expected = sha256 or (remembered.read_text(encoding="ascii").strip() if remembered.is_file() else "")
        _whole(url, part, tell)
        found = digest_of(part)
        if expected and found != expected:
            part.unlink()
            raise InputError(
                f"what {url} gave has the sha256 {found}, and not {expected}: it is another file, and was not kept."
            )
        part.replace(path)
        if not sha256:
            remembered.write_text(f"{found}\n", encoding="ascii")
    except OSError as error:
        raise InputError(
            f"{path} cannot be written: {error.strerror}. HEEDFUL_DATA may name another folder."
        ) from error
    return found


def digest_of(path: Path) -> str:
    """Return the sha256 of a file."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _whole(url: str, part: Path, tell: Tell) -> None:
    """Fetch until everything is there; take a connection that breaks off up again where it did."""
    import httpx

    try:
        with httpx.Client(follow_redirects=True, timeout=SECONDS) as client:
            for attempt in range(1, ATTEMPTS + 1):
                try:
                    return _rest(client, url, part, tell)
                except httpx.UnsupportedProtocol:
                    raise
                except httpx.TransportError as error:
                    if attempt == ATTEMPTS:
                        here = part.stat().st_size if part.is_file() else 0
                        raise ConfigError(
                            f"{url} could not be fetched: {error or type(error).__name__}. The first {here:,} bytes "
                            "are kept; the same command goes on from there."
                        ) from error
    except (httpx.InvalidURL, httpx.UnsupportedProtocol, httpx.TooManyRedirects) as error:
        raise ConfigError(f"{url} cannot be fetched: {error}. Expected is an http or https address.") from error


def _rest(client: httpx.Client, url: str, part: Path, tell: Tell) -> None:
    """Ask for what is not here yet, and add it to what is; a server that cannot go on starts from the beginning."""
    here = part.stat().st_size if part.is_file() else 0
    # "identity": a packed answer would count other bytes than those that are here.
    asked = {"accept-encoding": "identity"} | ({"range": f"bytes={here}-"} if here else {})
    with client.stream("GET", url, headers=asked) as answer:
        if answer.status_code == 416 and here:  # nothing is left: all of it was here already, or it is another file
            return
        if answer.status_code not in (200, 206):
            raise ConfigError(f"{url} answered {answer.status_code} {answer.reason_phrase}. Nothing was fetched.")
        going_on = answer.status_code == 206 and answer.headers.get("content-range", "").startswith(f"bytes {here}-")
        if answer.status_code == 206 and not going_on:
            part.unlink(missing_ok=True)
            raise ConfigError(f"{url} sent another part than was asked for. Try again from the beginning.")
        here = here if going_on else 0
        whole = here + int(answer.headers.get("content-length", -here))
        with part.open("ab" if going_on else "wb") as file:
            for block in answer.iter_bytes():
                file.write(block)
                here += len(block)
                tell(here, whole)

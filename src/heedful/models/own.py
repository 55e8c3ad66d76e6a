"""Find networks that Heedful does not ship: a folder of one's own, or a model of a hub.

A network of one's own keeps the contract of the shipped ones: a folder with `card.json`, the ONNX file that the card
names, and `tokenizer.json`, each with the sha256 that the card gives.
"""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any, Final

from heedful.errors import NetworkError

HUB: Final = "hf:"
"""What the name of a model on the hub begins with: "hf:owner/name", or "hf:owner/name@revision"."""
CARD: Final = "card.json"
"""The file that says what a network is."""
TOKENIZER: Final = "tokenizer.json"
"""The file that says how text becomes tokens."""


def is_own(name: str) -> bool:
    """Say whether a name stands for a folder or a hub model, and not for a shipped network."""
    return name.startswith((HUB, "~", ".")) or "/" in name or "\\" in name


def own_folder(name: str) -> Path:
    """Return the folder of a network of one's own; a hub model is fetched unless it is in the cache.

    Args:
        name: a path, or "hf:owner/name", or "hf:owner/name@revision".

    Raises:
        NetworkError: there is no such folder, or the model cannot be fetched.
    """
    if name.startswith(HUB):
        return _fetched(name)
    try:
        folder = Path(name).expanduser().resolve()
        found = folder.is_dir()
    except (OSError, RuntimeError, ValueError) as error:  # no such user, a NUL in the path
        raise NetworkError(f"{name!r} cannot be the path of a network: {error}.") from error
    if not found:
        raise NetworkError(
            f"there is no folder {folder}. Name a folder with {CARD}, the network and {TOKENIZER}, "
            f'or a model of the hub: "{HUB}owner/name".'
        )
    return folder


def _fetched(name: str) -> Path:
    repository, _, revision = name.removeprefix(HUB).partition("@")
    card = _file(name, repository, CARD, revision or None)
    commit = card.parent.name  # the other files are taken from the same state of the repository
    try:
        file = str(json.loads(card.read_text(encoding="utf-8"))["file"])
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise NetworkError(
            f"the {CARD} of {name} does not name its network's file. It is no Heedful network."
        ) from error
    for needed in (file, TOKENIZER):
        _file(name, repository, needed, commit)
    return card.parent


def hub_file(name: str) -> Path:
    """Return one file of a hub model, fetched unless it is in the cache.

    Args:
        name: "hf:owner/name/file", or "hf:owner/name@revision/file".

    Raises:
        NetworkError: it is no such name, or cannot be fetched.
    """
    owner, _, rest = name.removeprefix(HUB).partition("/")
    model, _, file = rest.partition("/")
    if not (owner and model and file):
        raise NetworkError(f'{name!r} is no name of a file of the hub; expected "{HUB}owner/name/file".')
    repository, _, revision = f"{owner}/{model}".partition("@")
    return _file(name, repository, file, revision or None)


def _file(name: str, repository: str, file: str, revision: str | None) -> Path:
    """Return a file of a hub model: from the cache if it is there, so that nothing is asked of the hub twice."""
    hub, errors = _hub()
    endpoint = os.environ.get("HF_ENDPOINT") or None  # a mirror, or a hub of one's own
    wanted: dict[str, Any] = {"revision": revision, "library_name": "heedful", "endpoint": endpoint}
    try:
        return Path(hub.hf_hub_download(repository, file, local_files_only=True, **wanted))
    except errors.HFValidationError as error:
        raise NetworkError(f'{name!r} is no name of a hub model; expected "{HUB}owner/name".') from error
    except errors.LocalEntryNotFoundError:
        pass
    try:
        return Path(hub.hf_hub_download(repository, file, **wanted))
    except errors.RepositoryNotFoundError as error:
        reason = "there is no such model, or it is private and you are not logged in (`hf auth login`)"
        raise NetworkError(f"{name} cannot be fetched: {reason}.") from error
    except errors.RevisionNotFoundError as error:
        raise NetworkError(f"{name} cannot be fetched: it has no revision {revision!r}.") from error
    except errors.LocalEntryNotFoundError as error:  # what the hub client says when it cannot reach the hub
        raise NetworkError(_offline(name, file)) from error
    except errors.EntryNotFoundError as error:
        raise NetworkError(f"{name} has no file {file}, so it is no Heedful network; see docs/own.md.") from error
    except OSError as error:
        raise NetworkError(_offline(name, file, f" ({error})")) from error


def _offline(name: str, file: str, told: str = "") -> str:
    return (
        f"{file} of {name} is not in the cache, and the hub cannot be reached{told}. Connect once, so that it is "
        "fetched and kept; or copy the model's folder here and name the folder instead."
    )


def _hub() -> tuple[Any, Any]:
    try:
        import huggingface_hub  # 0.2 s, and only hub models need it
        import huggingface_hub.errors
    except ImportError as error:
        raise NetworkError('a hub model needs huggingface-hub: pip install "heedful[hub]"') from error
    return huggingface_hub, huggingface_hub.errors

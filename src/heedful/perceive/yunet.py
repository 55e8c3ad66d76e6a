"""Find faces with YuNet (Wu et al., 2023), where its file is given: finer than what ships, and with eyes."""

from __future__ import annotations

import hashlib
import threading
from pathlib import Path
from typing import TYPE_CHECKING, Any

from heedful.errors import ConfigError, NetworkError
from heedful.models.manifest import verified
from heedful.models.own import HUB, hub_file
from heedful.perceive.find import Found, distinct

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

_BROW = 0.08
"""What YuNet's box begins higher than ours, as a share of its height."""


class YuNet:
    """Finds faces with a YuNet file. Thread-safe: each thread has a network of its own.

    Args:
        name: a path ("./face_detection_yunet_2023mar.onnx"), or "hf:owner/name/file.onnx".
        sha256: of the file; anything else is refused.
        least: score from which something is a face.

    Raises:
        NetworkError: the file is missing, or another.
        ConfigError: no sha256 is given; the message names that of the file.
    """

    def __init__(self, name: str, sha256: str, least: float = 0.7) -> None:
        path = hub_file(name) if name.startswith(HUB) else Path(name).expanduser()
        if not sha256:
            told = hashlib.sha256(path.read_bytes()).hexdigest() if path.is_file() else "of the file"
            raise ConfigError(f"face_finder = {name!r} needs face_finder_sha256, so that no other file is run: {told}.")
        self._content = verified(path, sha256)
        self._name, self._least = name, least
        self._own = threading.local()

    def find(self, grey: NDArray[np.uint8], smallest: float) -> list[Found]:
        """Return the faces in a grey picture, surest first.

        Args:
            grey: height x width.
            smallest: side in pixels of the smallest face that is looked for.
        """
        import cv2
        import numpy as np

        share = min(1.0, 640 / max(grey.shape))
        size = (max(32, round(grey.shape[1] * share)), max(32, round(grey.shape[0] * share)))
        small = cv2.cvtColor(cv2.resize(grey, size, interpolation=cv2.INTER_AREA), cv2.COLOR_GRAY2BGR)
        network = self._network()
        network.setInputSize(size)
        _, rows = network.detect(small)
        across, down = grey.shape[1] / size[0], grey.shape[0] / size[1]
        scale = np.array([across, down] * 7, dtype=np.float64)
        faces = [_found(row[:14] * scale, float(row[14])) for row in (rows if rows is not None else ())]
        return distinct([face for face in faces if face.side >= smallest])

    def _network(self) -> Any:
        import cv2
        import numpy as np

        known: dict[str, Any] = self._own.__dict__
        if "network" not in known:
            content = np.frombuffer(self._content, dtype=np.uint8)
            try:
                known["network"] = cv2.FaceDetectorYN.create(
                    "onnx", content, np.empty(0, np.uint8), (320, 320), self._least, 0.3, 200
                )
            except cv2.error as error:
                raise NetworkError(f"{self._name} is no YuNet file that OpenCV can run: {error}") from error
        return known["network"]


def _found(row: NDArray[np.float64], score: float) -> Found:
    """Return a face as ours are: a square as tight as those that the network learned from."""
    left, top, width, height = row[:4].tolist()
    side = max(width, height * (1.0 - _BROW)) * 0.98
    x, y = left + width / 2, top + height * (0.5 + _BROW / 2)
    one, other = sorted(((row[4], row[5]), (row[6], row[7])))
    eyes = ((float(one[0]), float(one[1])), (float(other[0]), float(other[1])))
    return Found(x - side / 2, y - side / 2, side, min(1.0, max(0.0, score)), eyes)

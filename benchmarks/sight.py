"""Protocol S2 for faces: `python -m benchmarks.sight [--repeat 30]`: milliseconds per frame and per face, one thread.

The frame is 640 x 480 with one face of 200 pixels from the test split, pasted on clutter; HEEDFUL_DATA names the data.
Times are of the processor, medians, so that what else the machine does counts less.
"""

from __future__ import annotations

import argparse
import statistics
import sys
import time
from collections.abc import Callable

import cv2
import numpy as np

from heedful.config import Config
from heedful.measure.detection import scene, upright
from heedful.measure.faces import read_faces
from heedful.perceive.face import FacePerceiver
from heedful.perceive.find import crop_of, grey_of
from heedful.picture import picture_of
from heedful.types import Message


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--repeat", type=int, default=30, help="how often each is timed")
    repeat = parser.parse_args().repeat
    cv2.setNumThreads(1)
    faces, perceiver = read_faces("test"), FacePerceiver(Config.load())
    random = np.random.default_rng(3)
    for row in random.permutation(upright(faces)).tolist():
        shown = scene(faces.pictures[row], random)
        image = picture_of(shown.pixels)
        if 150 <= shown.side <= 250 and len(perceiver.faces(image, most=1)) == 1:
            break
    grey = grey_of(image.pixels)
    (found,) = perceiver.find(grey, grey.shape[0] / 8)
    crop = crop_of(grey, found)[None]
    parts: dict[str, Callable[[], object]] = {
        "one frame, detection included": lambda: perceiver.perceive([Message(image=image)]),
        "detection: candidates": lambda: perceiver.finder.find(grey, grey.shape[0] / 8),
        "one face after detection: eyes, crop, network": lambda: perceiver.look(grey, [found]),
        "network only, with its mirror image": lambda: perceiver.sight.read(crop, ("votes", "face")),
    }
    for name, run in parts.items():
        sys.stdout.write(f"{name}: {timed(run, repeat):.1f} ms\n")


def timed(run: Callable[[], object], repeat: int) -> float:
    """Return the median milliseconds of processor time of a call."""
    run()
    took = []
    for _ in range(repeat):
        start = time.process_time()
        run()
        took.append(time.process_time() - start)
    return statistics.median(took) * 1000


if __name__ == "__main__":
    main()

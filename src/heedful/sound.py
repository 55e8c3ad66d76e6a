"""Decode sound: files and bytes of any usual format become mono samples at one rate."""

from __future__ import annotations

import io
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from heedful.errors import InputError
from heedful.media import Audio

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

RATE: Final = 16_000
"""Samples per second that decoded sound is brought to."""
ENDINGS: Final = (".wav", ".flac", ".ogg", ".oga", ".opus", ".mp3", ".aiff", ".aif", ".au", ".caf")
"""Endings of files that are taken for sound."""
FORMATS: Final = "wav, flac, ogg, opus, mp3 or aiff"
"""What can be read, in words."""
LONGEST: Final = 3600.0
"""Seconds that one file may have, whatever the configuration says."""
_HIGHEST_RATE: Final = 768_000
_MOST_CHANNELS: Final = 64
_BLOCK: Final = 65_536
_UNKNOWN_SIZE: Final = 0x7FFFFFFF
"""From here on, the size in a wav's header is a placeholder of a program that could not know it."""
_INSTALL: Final = "Install what sound needs with `pip install heedful[voice]`."


class _Steady:
    """A file as libsndfile may use it: damaged headers make it seek to places that no file has."""

    def __init__(self, file: Any) -> None:
        self._file = file

    def read(self, size: int = -1) -> bytes:
        return bytes(self._file.read(size))

    def readinto(self, buffer: Any) -> int:
        return int(self._file.readinto(buffer) or 0)

    def tell(self) -> int:
        return int(self._file.tell())

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        try:
            return int(self._file.seek(offset, whence))
        except (OSError, ValueError, OverflowError):
            return self.tell()  # it did not move, and libsndfile sees that


def decode(source: str | Path | bytes | bytearray | memoryview, longest: float = LONGEST) -> Audio:
    """Read a sound file, or the bytes of one, as mono sound at RATE; channels are averaged.

    Args:
        source: a path, or the whole file's bytes.
        longest: seconds that are read at most.

    Raises:
        InputError: there is no such file; it is empty, no sound, cut off, damaged, or too long.
    """
    name = str(source) if isinstance(source, str | Path) else "the sound"
    with _open(Path(source)) if isinstance(source, str | Path) else io.BytesIO(source) as file:
        return Audio(_samples(file, name, longest), RATE)


def resampled(audio: Audio, rate: int = RATE) -> NDArray[np.float32]:
    """Return the samples of sound at another rate; those of sound that has it already are not copied.

    Raises:
        InputError: its rate or its samples cannot be.
    """
    import numpy as np

    if isinstance(audio.rate, bool) or not isinstance(audio.rate, int) or not 1000 <= audio.rate <= _HIGHEST_RATE:
        raise InputError(
            f"the sound has a rate of {audio.rate!r} samples per second; expected a whole number "
            f"from 1,000 to {_HIGHEST_RATE:,}."
        )
    if len(audio.pcm) % 4:
        raise InputError(
            f"the sound has {len(audio.pcm):,} bytes, which is no whole number of 32-bit floats. "
            "Make it with Audio.from_array(samples, rate)."
        )
    samples = audio.samples
    if not np.isfinite(samples).all():
        raise InputError("the sound holds values that are no numbers (NaN or infinite); expected floats in [-1, 1].")
    if samples.size and (most := float(np.abs(samples).max())) > 32.0:
        raise InputError(
            f"the sound reaches {most:,.0f}; expected floats in [-1, 1]. Divide 16-bit samples by 32768 first."
        )
    if audio.rate == rate or not samples.size:
        return samples
    return np.asarray(_soxr().resample(samples, audio.rate, rate), dtype=np.float32)


def _open(path: Path) -> io.IOBase:
    if path.is_dir():
        raise InputError(f"{path} is a folder; expected a sound file ({FORMATS}).")
    try:
        return path.open("rb")
    except (OSError, ValueError) as error:
        told = getattr(error, "strerror", None) or error
        raise InputError(f"the sound file {path} cannot be opened: {told}.") from error


def _samples(file: Any, name: str, longest: float) -> bytes:
    """Return the samples of an open file as 32-bit floats, decoded and resampled block by block."""
    soundfile = _soundfile()
    _check_size(file, name)
    kept = io.BytesIO()
    try:
        with soundfile.SoundFile(_Steady(file)) as sound:
            _check(sound, name, longest)
            read = 0
            for block in _blocks(sound, longest):
                read += len(block)
                kept.write(block.tobytes())
            short = sound.frames - sound.tell() if sound.frames < 2**62 else 0
    except soundfile.LibsndfileError as error:
        raise InputError(f"{name} cannot be read as sound: {_told(error)} Expected {FORMATS}.") from error
    except (RuntimeError, ValueError, TypeError, MemoryError, OverflowError) as error:
        raise InputError(f"{name} cannot be read as sound: {error}. Expected {FORMATS}.") from error
    if read == 0:
        raise InputError(f"{name} holds no sound: its header is there, but no samples follow.")
    if short > 0.02 * sound.samplerate:
        raise InputError(
            f"{name} is cut off: it should go on for {short / sound.samplerate:.1f} s more. Get the whole file."
        )
    return kept.getvalue()


def _check_size(file: Any, name: str) -> None:
    """Raise InputError for an empty file, or a wav that says it is longer than it is; libsndfile reads those."""
    size = file.seek(0, io.SEEK_END)
    file.seek(0)
    head = file.read(12)
    file.seek(0)
    if size == 0:
        raise InputError(f"{name} is empty; expected sound ({FORMATS}).")
    told = int.from_bytes(head[4:8], "little") + 8
    if head[:4] == b"RIFF" and head[8:] == b"WAVE" and size + 2 < told < _UNKNOWN_SIZE:
        raise InputError(f"{name} is cut off: it should have {told:,} bytes and has {size:,}. Get the whole file.")


def _check(sound: Any, name: str, longest: float) -> None:
    if not 1000 <= sound.samplerate <= _HIGHEST_RATE or not 1 <= sound.channels <= _MOST_CHANNELS:
        raise InputError(
            f"{name} says it has {sound.channels} channels at {sound.samplerate:,} samples per second, "
            f"which no sound for people has."
        )
    seconds = sound.frames / sound.samplerate
    if sound.frames < 2**62 and seconds > longest:
        raise _too_long(name, longest, seconds)


def _too_long(name: str, longest: float, seconds: float | None = None) -> InputError:
    length = "is" if seconds is None else f"is {seconds:,.0f} s long,"
    return InputError(
        f"{name} {length} longer than the {longest:,.0f} s that are read at once. Cut it into pieces, "
        "or listen to it as a stream (Heedful.hear)."
    )


def _blocks(sound: Any, longest: float) -> Iterator[NDArray[np.float32]]:
    """Yield mono blocks at RATE."""
    import numpy as np

    change = None if sound.samplerate == RATE else _soxr().ResampleStream(sound.samplerate, RATE, 1, dtype="float32")
    left = int(longest * sound.samplerate) + _BLOCK
    while True:
        block = sound.read(_BLOCK, dtype="float32", always_2d=True)
        left -= len(block)
        if left < 0:
            raise _too_long("the sound", longest)
        mono = np.ascontiguousarray(block[:, 0]) if block.shape[1] == 1 else block.mean(axis=1, dtype=np.float32)
        if not np.isfinite(mono).all():
            raise InputError("the sound file holds values that are no numbers (NaN or infinite).")
        last = len(block) < _BLOCK
        yield mono if change is None else change.resample_chunk(mono, last=last)
        if last:
            return


def _told(error: Any) -> str:
    said = str(getattr(error, "error_string", error)).strip()
    return said if said.endswith(".") else f"{said}."


def _soundfile() -> Any:
    try:
        import soundfile
    except (ImportError, OSError) as error:
        raise InputError(f"sound files cannot be decoded here: {error}. {_INSTALL}") from error
    return soundfile


def _soxr() -> Any:
    try:
        import soxr
    except ImportError as error:
        raise InputError(f"sound cannot be resampled here: {error}. {_INSTALL}") from error
    return soxr

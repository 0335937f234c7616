"""What the bytes of a file are: a picture or a recording, looked at before it is kept."""

import io
from dataclasses import dataclass

import numpy as np
import soundfile
from django.utils.translation import gettext_lazy as _
from PIL import Image, ImageOps, UnidentifiedImageError

from workforce.domain.refusal import Refusal

MOST_BYTES = 20 * 2**20
MOST_PIXELS = 50_000_000
MOST_SAMPLES = 400_000_000  # of all channels: more than two hours at 48 kHz
PEAKS = 2000  # pairs of lowest and highest sample that a whole wave is drawn from
LOUDEST = 127
PICTURES = {"PNG": "image/png", "JPEG": "image/jpeg", "GIF": "image/gif", "WEBP": "image/webp"}
RECORDINGS = {
    "WAV": "audio/wav",
    "WAVEX": "audio/wav",
    "MP3": "audio/mpeg",
    "OGG": "audio/ogg",
    "FLAC": "audio/flac",
}
PLAYED = frozenset({"PCM_U8", "PCM_16", "PCM_24", "PCM_32", "FLOAT"})  # what browsers play of WAV


class UnknownMedium(Refusal):
    """The bytes are nothing that browsers show or play."""

    code = "unsupported_media_type"
    message = _("This file is neither a picture nor a recording that can be shown.")
    remedy = _("Upload PNG, JPEG, GIF or WebP, or WAV, MP3, OGG or FLAC.")


class MediumTooLarge(Refusal):
    """More bytes, pixels or sound than one file may have."""

    code = "payload_too_large"
    message = _("The file is too large.")
    remedy = _(
        "A picture may have 20 MB and 50 million pixels, a recording 20 MB and about two hours. Make it smaller."
    )


@dataclass(frozen=True, slots=True)
class Medium:
    """A file as it is kept. Pictures have width and height, recordings seconds and sample_rate.

    peaks: int8[2n], the lowest and the highest sample of n equal stretches; empty for pictures.
    """

    data: bytes
    mime: str
    width: int | None = None
    height: int | None = None
    seconds: float | None = None
    sample_rate: int | None = None
    peaks: bytes = b""


def probe(data: bytes) -> Medium:
    """What the bytes are. The header is read first: a bomb is never unpacked. Raises UnknownMedium, MediumTooLarge."""
    if len(data) > MOST_BYTES:
        raise MediumTooLarge
    return _recording(data) if _sounds(data) else _picture(data)


def _sounds(data: bytes) -> bool:
    """Whether it begins as a recording does; MP3 with its tags or with the mark of a frame."""
    wave = data[:4] == b"RIFF" and data[8:12] == b"WAVE"
    frame = len(data) > 1 and data[0] == 0xFF and data[1] & 0xE6 == 0xE2  # MPEG audio, layer III
    return wave or frame or data.startswith((b"ID3", b"OggS", b"fLaC"))


# --- Pictures: upright and without metadata ---------------------------------------------------------------------------
def _picture(data: bytes) -> Medium:
    try:
        with Image.open(io.BytesIO(data), formats=list(PICTURES)) as image:
            if image.width * image.height * getattr(image, "n_frames", 1) > MOST_PIXELS:
                raise MediumTooLarge
            image.load()
            return _upright(image, data)
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError, Image.DecompressionBombError) as error:
        raise UnknownMedium from error


def _upright(image: Image.Image, data: bytes) -> Medium:
    """As the camera was held. Pictures without EXIF keep their bytes."""
    kind = str(image.format)
    if not image.getexif():
        return Medium(data, PICTURES[kind], image.width, image.height)
    turned = ImageOps.exif_transpose(image)
    turned.info.pop("exif", None)
    out = io.BytesIO()
    turned.save(out, format=kind, **({"quality": 95, "subsampling": 0} if kind == "JPEG" else {}))
    return Medium(out.getvalue(), PICTURES[kind], turned.width, turned.height)


# --- Recordings: how long, and their wave -----------------------------------------------------------------------------
def _recording(data: bytes) -> Medium:
    try:
        with soundfile.SoundFile(io.BytesIO(data)) as sound:
            if sound.frames * sound.channels > MOST_SAMPLES:
                raise MediumTooLarge
            unplayed = sound.format.startswith("WAV") and sound.subtype not in PLAYED
            if sound.format not in RECORDINGS or unplayed or not sound.frames:
                raise UnknownMedium
            return Medium(
                data,
                RECORDINGS[sound.format],
                seconds=round(sound.frames / sound.samplerate, 3),
                sample_rate=sound.samplerate,
                peaks=_peaks(sound),
            )
    except soundfile.SoundFileError as error:
        raise UnknownMedium from error


def _peaks(sound: soundfile.SoundFile) -> bytes:
    """Read stretch by stretch, so that a long recording is never in memory as a whole."""
    step = -(-sound.frames // PEAKS)
    pairs = [(block.min(), block.max()) for block in sound.blocks(step, dtype="float32", always_2d=True) if len(block)]
    wave = np.clip(np.rint(LOUDEST * np.array(pairs, dtype=float)), -LOUDEST, LOUDEST).astype(np.int8)
    return bytes(wave.tobytes())

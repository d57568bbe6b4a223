"""Speech with known words: espeak-ng, by its C library, which the package espeakng-loader carries with its data."""

from __future__ import annotations

import ctypes
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

SPEECH_HZ = 22_050
"""Sample rate that espeak-ng speaks at."""

VOICES = ("en-us", "en", "en-us+f2", "en+f4", "en-gb-scotland+m3", "de", "fr", "es+f3", "it", "cmn")

TEXTS = {
    "en": (
        "She sells sea shells by the sea shore, and the shells that she sells are sea shells for sure.",
        "Last summer the sky was so clear that we stayed outside and watched the stars until six.",
        "I never thought that this old house would still be standing after such a storm.",
    ),
    "de": ("Sie saß am See und las das letzte Stück, als es zu schneien begann.",),
    "fr": ("Six chansons simples, et le soir descend sans bruit sur la place.",),
    "es": ("Esta noche las estrellas se asoman despacio sobre la casa de mi vecino.",),
    "it": ("Stasera suona la sua canzone preferita, e tutti restano ad ascoltare.",),
    "cmn": ("今天晚上我们去城市中心唱歌。",),
}
"""Language -> sentences with the consonants that a mouth shows."""

_SYNCHRONOUS = 2
_UTF8 = 1
_RATE, _PITCH = 1, 3
_Callback = ctypes.CFUNCTYPE(ctypes.c_int, ctypes.POINTER(ctypes.c_short), ctypes.c_int, ctypes.c_void_p)


@lru_cache(maxsize=1)
def _library() -> Any:
    import espeakng_loader

    library = ctypes.cdll.LoadLibrary(espeakng_loader.get_library_path())
    rate = library.espeak_Initialize(_SYNCHRONOUS, 0, espeakng_loader.get_data_path().encode(), 0)
    assert rate == SPEECH_HZ, f"espeak-ng does not start: {rate}"
    return library


@lru_cache(maxsize=64)
def spoken(text: str, voice: str = "en-us", words_per_minute: int = 160, pitch: int = 50) -> NDArray[np.float32]:
    """A sentence as samples (N,) at `SPEECH_HZ`, not to be written to.

    Args:
        text: What is said.
        voice: A language of espeak-ng, with "+f2" or the like for a variant.
        words_per_minute: 80 to 450.
        pitch: 0 to 99.
    """
    library = _library()
    pieces: list[NDArray[np.int16]] = []

    @_Callback
    def keep(samples: Any, count: int, _events: Any) -> int:
        if samples and count > 0:
            pieces.append(np.ctypeslib.as_array(samples, (count,)).copy())
        return 0

    library.espeak_SetSynthCallback(keep)
    assert library.espeak_SetVoiceByName(voice.encode()) == 0, f"espeak-ng has no voice {voice}"
    library.espeak_SetParameter(_RATE, words_per_minute, 0)
    library.espeak_SetParameter(_PITCH, pitch, 0)
    said = text.encode() + b"\0"
    assert library.espeak_Synth(said, len(said), 0, 1, 0, _UTF8, None, None) == 0
    samples = np.concatenate(pieces).astype(np.float32) / 32_768
    samples.setflags(write=False)
    return samples


def sentences(voice: str) -> tuple[str, ...]:
    """Sentences in the language of a voice."""
    return TEXTS[voice.partition("+")[0].partition("-")[0]]

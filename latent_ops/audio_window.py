"""A window's slice of the song's audio latent, by absolute position."""

from __future__ import annotations

from typing import Any

from .kinds import TIME_AXIS, Latent, LatentError, cut, require_audio, shape_text, with_samples


def audio_latent_window(audio_latent: Latent, start: int, stop: int) -> dict[str, Any]:
    """Audio latents [start, stop) of the whole song, without a noise mask.

    Args:
        audio_latent: the whole song, (B, C, T, F).
        start: first audio latent, counted from the start of the song.
        stop: one past the last audio latent.

    Raises:
        LatentError: the interval is empty, starts before the song, or reaches past its end.
    """
    samples = require_audio(audio_latent)
    total = samples.shape[TIME_AXIS]
    if not 0 <= start < stop:
        raise LatentError(f"audio latents [{start}, {stop}) are no stretch of a song; need 0 <= start < stop")
    if stop > total:
        raise LatentError(
            f"audio latents [{start}, {stop}) are asked for, but the song's audio latent of shape "
            f"{shape_text(samples)} ends at {total}: {stop - total} are missing. "
            "Pad the song with silence to the plan's end before encoding it"
        )
    return with_samples(audio_latent, cut(samples, start, stop))

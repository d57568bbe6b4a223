"""A window's slice of the song's audio latent, by absolute position."""

from __future__ import annotations

from typing import Any

from .kinds import TIME_AXIS, Latent, LatentError, cut, require_audio, shape_text, with_samples


def refuse_shorter_song(audio_latent: Latent, latents: int) -> None:
    """Refuses an audio latent that ends before a plan does, in its first window and not in its last.

    Args:
        audio_latent: the whole song, (B, C, T, F).
        latents: how many the plan needs.

    Raises:
        LatentError: T is smaller.
    """
    total = require_audio(audio_latent).shape[TIME_AXIS]
    if total < latents:
        raise LatentError(
            f"the song's audio latent ends at {total}, but the plan needs {latents}: {latents - total} are missing. "
            "Encode the song with Encode Song and this plan; ComfyUI's LTXV Audio VAE Encode adds no silence, and if it runs "
            "out of memory what it gives is too short and out of step with the song"
        )


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

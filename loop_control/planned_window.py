"""`PlannedWindow`: where one window lies in the video and in the song."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from .units import latent_of_pixel


@dataclass(frozen=True)
class PlannedWindow:
    """One window: the initial render (index 0) or a loop iteration. Every range is half-open, `[start, stop)`.

    Attributes:
        index: 0 for the initial render, else the number of the iteration, from 1.
        window_start_px: First pixel frame of the window, counted from the first of the video.
        window_px: Pixel frames in the window, `8k + 1`.
        window_latents: Latents in the window.
        new_start_px: First pixel frame that this window adds to the video.
        new_stop_px: One past the last pixel frame that this window adds.
        audio_samples: Samples at the song's own rate that the window hears; past the song's end they are padding.
        audio_latents: Audio latents of the whole song that the window hears.
        seed: Seed of the window's noise.
        context_before_latents: Its first latents that are finished before it is made; it sees and keeps them.
        context_after_latents: Its last latents that are finished before it is made.
        lead_in_latents: Its first latents of `context_before_latents` in whose place the model makes something of its own,
            which is thrown away; see `model_facts`.
    """

    index: int
    window_start_px: int
    window_px: int
    window_latents: int
    new_start_px: int
    new_stop_px: int
    audio_samples: tuple[int, int]
    audio_latents: tuple[int, int]
    seed: int
    context_before_latents: int
    context_after_latents: int
    lead_in_latents: int

    # Stored runs know a window by this name and these fields, whatever the class is called and has besides. A new field that
    # decides a window's result raises FINGERPRINT_VERSION.
    HASHED_AS: ClassVar = (
        "Segment",
        "index window_start_px window_px window_latents new_start_px new_stop_px audio_samples audio_latents seed",
    )

    @property
    def latents(self) -> tuple[int, int]:
        """Latents `[start, stop)` of the whole video that the window lies over."""
        start = latent_of_pixel(self.window_start_px)
        return start, start + self.window_latents

    @property
    def added_latents(self) -> tuple[int, int]:
        """Latents `[start, stop)` of the whole video that the window adds.

        They may begin one behind the context: the first latent of a window that nothing comes before is a single picture.
        """
        return latent_of_pixel(self.new_start_px), latent_of_pixel(self.new_stop_px)

"""The facts of a model that a plan follows, and the check that a model is one the pack can plan for.

LTX 2.3 and 2.5 have the same grid: 8 pixel frames and 32 pixels a latent, 128 channels, 25 audio latents a second of 8
channels and 16 bins. They differ in a window's first latent. A clip's first latent stands for one picture, the others for 8
frames. LTX 2.5 adds a learned marker to the latent at time 0 (`keyframes_abs_pos_mask` in comfy/ldm/lightricks/model.py), and
was trained to take it for a picture. What a window carries from the one before is the middle of a video and no picture. So
with such a model the first latent of each window of the loop is a lead-in: the model makes a picture there, which is thrown
away, and the carried latents stand behind it.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from .errors import PlanError
from .geometry import WindowGeometry, least_seconds
from .units import (
    AUDIO_LATENT_BINS,
    AUDIO_LATENT_CHANNELS,
    AUDIO_LATENTS_PER_SECOND,
    PIXELS_PER_LATENT,
    SPATIAL_STEP_PX,
    VIDEO_LATENT_CHANNELS,
    pixels_from_latents,
)


@dataclass(frozen=True)
class ModelFacts:
    """The facts that a plan takes from its model; by default LTX 2.3's.

    Attributes:
        audio_latents_per_second: Rate of the audio latents.
        lead_in_latents: First latents of a loop window that are sampled and thrown away: 1 if the model takes the latent at
            time 0 for a single picture, else 0.
    """

    audio_latents_per_second: Fraction = Fraction(AUDIO_LATENTS_PER_SECOND)
    lead_in_latents: int = 0

    def report(self) -> str:
        """One line for people."""
        lead_in = "the first latent of a loop window is a lead-in: a single picture that is made and thrown away"
        usual = "the first latent of a loop window is that of the window before"
        rate = f"{float(self.audio_latents_per_second):g} audio latents a second"
        return f"{rate}; {lead_in if self.lead_in_latents else usual}."

    def to_json(self) -> dict[str, Any]:
        """As plain JSON values."""
        return {"audio_latents_per_second": str(self.audio_latents_per_second), "lead_in_latents": self.lead_in_latents}

    @classmethod
    def from_json(cls, document: dict[str, Any]) -> ModelFacts:
        """The facts that `to_json` wrote.

        Raises:
            KeyError, ValueError: It is something else.
        """
        return cls(Fraction(document["audio_latents_per_second"]), int(document["lead_in_latents"]))


LTX_23 = ModelFacts()
LTX_25 = ModelFacts(lead_in_latents=1)


@dataclass(frozen=True)
class VideoGrid:
    """Of a video VAE: pixels per latent in time, height and width, and channels."""

    pixels_per_latent: tuple[int, int, int]
    channels: int


@dataclass(frozen=True)
class AudioGrid:
    """Of an audio VAE, or of the audio side of a model.

    Attributes:
        latents_per_second: Its rate.
        channels: Of an audio latent.
        bins: Of its frequency axis.
    """

    latents_per_second: Fraction
    channels: int
    bins: int


VIDEO_GRID = VideoGrid((PIXELS_PER_LATENT, SPATIAL_STEP_PX, SPATIAL_STEP_PX), VIDEO_LATENT_CHANNELS)


def facts_of(
    *,
    marks_keyframes: bool,
    model_audio: AudioGrid | None,
    video: VideoGrid | None,
    audio: AudioGrid | None,
) -> ModelFacts:
    """The facts for a plan.

    Args:
        marks_keyframes: Whether the model takes the latent at time 0 for a single picture.
        model_audio: The audio side of the model; None if no model is wired.
        video: Of the video VAE; None if none is wired.
        audio: Of the audio VAE; None if none is wired.

    Raises:
        PlanError: A grid that the pack cannot plan for, or VAE and model that do not belong together.
    """
    if video is not None and video != VIDEO_GRID:
        raise PlanError(
            f"the video VAE has {_times(video.pixels_per_latent)} pixels a latent and {video.channels} channels; windows are "
            f"planned for LTX's {_times(VIDEO_GRID.pixels_per_latent)} and {VIDEO_GRID.channels}: load the video VAE of "
            "LTX 2.3 or 2.5"
        )
    if audio is not None and (audio.channels, audio.bins) != (AUDIO_LATENT_CHANNELS, AUDIO_LATENT_BINS):
        raise PlanError(
            f"the audio VAE makes latents of {audio.channels} channels and {audio.bins} bins; LTX's have "
            f"{AUDIO_LATENT_CHANNELS} and {AUDIO_LATENT_BINS}: load the audio VAE of LTX 2.3 or 2.5"
        )
    if audio is not None and model_audio is not None and audio != model_audio:
        raise PlanError(
            f"the audio VAE makes {_rate(audio)} audio latents a second, the model hears {_rate(model_audio)}: load the audio "
            "VAE that belongs to the model"
        )
    heard = audio or model_audio
    rate = heard.latents_per_second if heard is not None else LTX_23.audio_latents_per_second
    return ModelFacts(rate, 1 if marks_keyframes else 0)


def check_lead_in(facts: ModelFacts, geometry: WindowGeometry, iterations: int, overlap_seconds: object) -> None:
    """Refuses an overlap of which a lead-in leaves nothing.

    Args:
        facts: Of the model.
        geometry: Of the plan.
        iterations: Windows after the initial render.
        overlap_seconds: As asked for, to be named.

    Raises:
        PlanError: The message says which overlap would work.
    """
    if iterations == 0 or geometry.overlap_latents > facts.lead_in_latents:
        return
    smallest = least_seconds(pixels_from_latents(facts.lead_in_latents + 1), geometry.fps)
    raise PlanError(
        f"overlap_seconds is {overlap_seconds}, which is {geometry.overlap_latents} latent; this model takes the first latent "
        f"of a window for a single picture, so a window must share one latent more with the one before it, and the smallest "
        f"overlap that works is {smallest} s"
    )


def _times(sizes: tuple[int, ...]) -> str:
    return " x ".join(str(size) for size in sizes)


def _rate(grid: AudioGrid) -> str:
    return f"{float(grid.latents_per_second):g}"

"""Options of the classic graph: the sound values, and the faults that saved files of its kind are known to carry."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

SUBJECT = "A singer with short dark hair in a green jacket"
FIRST_PROMPT = f"Style: cinematic. {SUBJECT} is singing, medium close-up, static camera, locked off shot, soft stage light."
SCHEDULE = f"""0:00-1:12: {FIRST_PROMPT}
1:12+: Style: cinematic. {SUBJECT} is dancing slowly, medium close-up, static camera, locked off shot, soft stage light."""
NEGATIVE_PROMPT = "pc game, console game, video game, cartoon, childish, ugly"

Decoder = Literal["ltx", "core", "spatiotemporal"]


@dataclass(frozen=True)
class Options:
    """Options of the graph; the defaults are sound.

    Attributes:
        width: Pixels, of the resized picture and with it of the video.
        height: Pixels.
        length: Pixel frames of the initial render.
        fps: Frames per second of the controller, the planner and the masks.
        conditioning_fps: Frames per second told to the model; `fps` if None.
        video_fps: Frames per second of the saved video; `fps` if None.
        window: Seconds of a window.
        overlap: Seconds that consecutive windows share.
        controller_overlap: A value of the controller's own instead of the shared one.
        compression: img_compression of LTXVPreprocess.
        trim: Start and duration of the outer audio trim, in seconds.
        raw_guide: The loop's guide is made from the picture before LTXVPreprocess.
        encode_in_loop: The guide picture is encoded again in every iteration.
        audio_in_loop: The song is cut and encoded again in every iteration.
        clip_in_loop: Prompts are encoded in every iteration (TimestampPromptSchedule and CachedTextEncode).
        blend_seconds: Of TimestampPromptSchedule, with `clip_in_loop`.
        first_prompt: Text of a prompt of its own for the initial render; the schedule's first entry if None.
        schedule: The prompt schedule.
        rate_in_list: frame_rate of the encoded list; `conditioning_fps` if None.
        crop_before_guider: The loop's conditioning loses its guide positions before sampling.
        strip_context: The context loses the noise mask of the iteration before.
        iterations_wired: The planner's count feeds the loop.
        seed_drift: The controller's values hold the "randomize" of an older version.
        sampler: Of KSamplerSelect.
        cfg: Of both guiders.
        sigmas: The distilled model's literal values, or the approximation by BasicScheduler.
        shift: Put ModelSamplingSD3 with this shift before BasicScheduler.
        decoder: Which node decodes.
        decoder_widgets: Spatial tile, overlap and temporal tile, overlap of the core decoder (pixels, pixel frames), or of
            the spatio-temporal one (tiles, latents).
        sage: Kernel of PathchSageAttentionKJ.
    """

    width: int = 832
    height: int = 448
    length: int = 497
    fps: int = 25
    conditioning_fps: float | None = None
    video_fps: float | None = None
    window: float = 19.88
    overlap: float = 2.0
    controller_overlap: float | None = None
    compression: int = 18
    trim: tuple[float, float] = (0.0, 3600.0)
    raw_guide: bool = False
    encode_in_loop: bool = False
    audio_in_loop: bool = False
    clip_in_loop: bool = False
    blend_seconds: float = 0.0
    first_prompt: str | None = None
    schedule: str = SCHEDULE
    rate_in_list: float | None = None
    crop_before_guider: bool = False
    strip_context: bool = True
    iterations_wired: bool = True
    seed_drift: bool = False
    sampler: str = "euler"
    cfg: float = 1.0
    sigmas: Literal["manual", "linear_quadratic"] = "manual"
    shift: float | None = None
    decoder: Decoder = "ltx"
    decoder_widgets: tuple[int, int, int, int] = (512, 64, 64, 8)
    sage: str = "disabled"

    @property
    def rate(self) -> float:
        """Frames per second told to the model."""
        return float(self.fps if self.conditioning_fps is None else self.conditioning_fps)


AS_SAVED_IN_APRIL = Options(
    compression=0,
    trim=(5.0, 300.0),
    overlap=1.0,
    controller_overlap=1.0,
    raw_guide=True,
    encode_in_loop=True,
    audio_in_loop=True,
    clip_in_loop=True,
    first_prompt=FIRST_PROMPT,
    iterations_wired=False,
    seed_drift=True,
    sigmas="linear_quadratic",
    shift=13.0,
    decoder="core",
    sage="sageattn_qk_int8_pv_fp8_cuda",
)
"""The graph with the faults that were in circulation in April 2026, all at once."""

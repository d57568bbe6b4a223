"""The common ground of the initial render and the loop: models, picture, song, prompts, sampler, and the run's folder."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from ..building.builder import BuiltNode, Wire, WorkflowBuilder
from . import model_path, models, picture, prompts
from .family import Guider
from .picture import HalfSize, Prepared, Sized
from .song import Song
from .variant import Variant


@dataclass(frozen=True)
class Base:
    """Nodes and outputs that the later parts are wired to.

    Attributes:
        model: What is sampled with.
        video_vae: Decodes and encodes pictures.
        full_size: AudioLoopVideoSize.
        size: What windows are sampled at: the same, or half of it if they are a draft.
        picture: The prepared picture of the initial render.
        guide: The same picture, encoded; None if each window has its own.
        original: The picture as it was loaded; None if there are several.
        song: The song and its plan.
        positive: Prompt of the initial render.
        negative: Negative prompt.
        conditioning_list: Prompts of all windows.
        sampler: Of every window.
        sigmas: Of every window.
        guider: Of every window.
        keep: Inputs that all checkpoints share.
    """

    model: Wire
    video_vae: Wire
    full_size: BuiltNode
    size: Sized
    picture: Wire
    guide: Wire | None
    original: Wire | None
    song: Song
    positive: Wire
    negative: Wire
    conditioning_list: Wire
    sampler: Wire
    sigmas: Wire
    guider: Guider
    keep: dict[str, Wire]


Pictures = Callable[[WorkflowBuilder, Wire, Sized], Prepared]
"""From video VAE and size to the prepared picture."""


def add(b: WorkflowBuilder, variant: Variant, pictures: Pictures = picture.add) -> Base:
    """Everything up to the initial render."""
    family = variant.family
    loaded = family.load(b)
    full_size = b.node(
        "AudioLoopVideoSize",
        id=1634,
        title="Video size",
        role="size",
        width=variant.width,
        height=variant.height,
        multiple_of="64" if variant.is_draft else None,
    )
    size = HalfSize(full_size) if variant.is_draft else full_size
    prepared = pictures(b, loaded.video_vae, size)
    song = Song(b, loaded, variant)
    positive, negative, conditioning_list = prompts.add(b, loaded.clip, song)
    patched = model_path.patch(b, loaded.model, negative)
    sampler = b.node("KSamplerSelect", id=154, role="sampler", sampler_name=family.sampler)
    sigmas = b.node("ManualSigmas", id=1421, title="Sigmas (8 distilled steps)", role="sigmas", sigmas=models.DISTILLED_SIGMAS)
    return Base(
        model=patched,
        video_vae=loaded.video_vae,
        full_size=full_size,
        size=size,
        picture=prepared.picture,
        guide=prepared.guide,
        original=prepared.original,
        song=song,
        positive=positive,
        negative=negative,
        conditioning_list=conditioning_list,
        sampler=sampler.out(),
        sigmas=sigmas.out(),
        guider=family.guider,
        keep=_keep(b),
    )


def _keep(b: WorkflowBuilder) -> dict[str, Wire]:
    """The inputs that both checkpoints share: one switch, one name."""
    enabled = b.node("PrimitiveBoolean", id=2203, title="Keep windows on disk", role="checkpoint_switch", value=True)
    name = b.node("PrimitiveString", id=2204, title="Name of the run (empty: by song and date)", role="run_name", value="")
    return {"enabled": enabled.out(), "run_name": name.out()}

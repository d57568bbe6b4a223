"""From the model files to the model that is sampled with."""

from __future__ import annotations

from ..building.builder import Wire, WorkflowBuilder
from ..node_format import BYPASSED
from . import models


def load(b: WorkflowBuilder) -> tuple[Wire, Wire, Wire, Wire]:
    """Model, text encoder, video VAE and audio VAE."""
    checkpoint = b.node(
        "CheckpointLoaderSimple",
        id=414,
        role="checkpoint",
        models=[models.FILES[models.CHECKPOINT]],
        ckpt_name=models.CHECKPOINT,
    )
    lora = b.node(
        "LoraLoaderModelOnly",
        id=2014,
        title="Distilled LoRA",
        role="distilled_lora",
        models=[models.FILES[models.DISTILLED_LORA]],
        model=checkpoint.out("MODEL"),
        lora_name=models.DISTILLED_LORA,
        strength_model=0.5,
    )
    clip = b.node(
        "LTXAVTextEncoderLoader",
        id=416,
        role="text_encoder",
        models=[models.FILES[models.TEXT_ENCODER], models.FILES[models.CHECKPOINT]],
        text_encoder=models.TEXT_ENCODER,
        ckpt_name=models.CHECKPOINT,
        device="default",
    )
    audio_vae = b.node(
        "LTXVAudioVAELoader",
        id=1538,
        role="audio_vae",
        models=[models.FILES[models.CHECKPOINT]],
        ckpt_name=models.CHECKPOINT,
    )
    return lora.out(), clip.out(), checkpoint.out("VAE"), audio_vae.out()


def patch(b: WorkflowBuilder, model: Wire, negative: Wire) -> Wire:
    """The model as every window is sampled with: faster attention, and the negative prompt at cfg 1 if it is switched on."""
    sage = b.node("AudioLoopHelperSageAttention", id=268, role="sage", model=model, mode="auto_mask_aware")
    guidance = b.node(
        "LTXNormalizedAttentionGuidance",
        id=508,
        title="Negative prompt at cfg 1 (off: bypassed)",
        role="nag",
        node_mode=BYPASSED,
        model=sage.out(),
        negative=negative,
        nag_scale=11.0,
        nag_alpha=0.25,
        nag_tau=2.5,
    )
    return guidance.out()

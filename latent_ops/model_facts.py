"""The facts for a plan, asked of a model and its VAEs."""

from __future__ import annotations

from typing import Any

from ..comfyui_internals import model_facts as asked
from ..loop_control.model_facts import AudioGrid, ModelFacts, VideoGrid, facts_of


def facts_of_model(model: Any, video_vae: Any | None, audio_vae: Any | None) -> ModelFacts:
    """The facts of the objects of a MODEL socket and two VAE sockets.

    Raises:
        PlanError: The pack cannot plan for them, or they do not belong together.
        ValueError: A VAE is of another kind.
        ComfyUIChangedError: This ComfyUI does not know such a model, or says its facts otherwise.
    """
    heard = asked.model_audio_grid(model)
    return facts_of(
        marks_keyframes=asked.marks_keyframes(model),
        model_audio=None if heard is None else AudioGrid(*heard),
        video=None if video_vae is None else VideoGrid(*asked.video_grid(video_vae)),
        audio=None if audio_vae is None else AudioGrid(*asked.audio_grid(audio_vae)),
    )

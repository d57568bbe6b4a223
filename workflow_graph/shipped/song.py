"""The song, what a user sets about it, the plan that follows, and the song's encoded form."""

from __future__ import annotations

from dataclasses import replace

from ..building.builder import BuiltNode, Look, Wire, WorkflowBuilder
from . import notes
from .family import Loaded
from .variant import Variant

FIRST_PROMPT = (
    "0:00+: Style: cinematic. A singer with short dark hair in a green jacket is singing, medium close-up, "
    "static camera, locked off shot, soft stage light."
)


def load(b: WorkflowBuilder, trim_title: str, start_seconds: float | Wire) -> BuiltNode:
    """The song as the user's file has it, from its start on."""
    song = b.node(
        "LoadAudio",
        id=565,
        title="② Your song",
        role="song",
        audio="song.mp3",
        look=replace(notes.SET_ME, size=(360.0, 140.0)),
    )
    trim = {"audio": song.out(), "start_index": start_seconds, "duration": 86400.0}
    return b.node("TrimAudioDuration", id=567, title=trim_title, role="trim", inputs=trim)


class Song:
    """The song, its plan and its encoded form.

    Attributes:
        seed: BuiltNode with the seed of the initial render.
        window: BuiltNode with the target window in seconds.
        overlap: BuiltNode with the target overlap in seconds.
        fps: BuiltNode with the frames per second.
        schedule: BuiltNode with the prompts over time.
        audio: The trimmed song.
        planner: AudioLoopPlanner.
        plan: Its plan.
        latent: The whole song, encoded.
    """

    def __init__(self, b: WorkflowBuilder, loaded: Loaded, variant: Variant) -> None:
        trim = load(b, "Trim (start 0 = whole song)", 0.0)
        self.seed = b.node("PrimitiveInt", id=1527, title="④ Seed", role="seed", look=notes.SET_ME, inputs={"value": 42}).set(
            **{"control_after_generate": "fixed"}
        )
        self.window = b.node("PrimitiveFloat", id=688, title="Window (seconds)", role="window", value=variant.window_seconds)
        self.overlap = b.node(
            "PrimitiveFloat", id=2013, title="Overlap (seconds)", role="overlap", value=variant.overlap_seconds
        )
        self.fps = b.node("PrimitiveFloat", id=526, title="Frames per second", role="fps", value=variant.family.fps)
        self.schedule = b.node(
            "AudioLoopPrompts",
            id=1559,
            title="③ Prompts over time",
            role="schedule_text",
            look=replace(notes.SET_ME, size=(900.0, 460.0)),
            schedule=FIRST_PROMPT,
        )
        self.audio = trim.out()
        self.planner = b.node(
            "AudioLoopPlanner",
            id=1560,
            role="planner",
            audio=self.audio,
            window_seconds=self.window.out(),
            overlap_seconds=self.overlap.out(),
            fps=self.fps.out(),
            max_iterations=variant.max_iterations,
            schedule=self.schedule.out(),
            last_window="fit",
            base_seed=self.seed.out(),
            model_facts=loaded.facts,
            order=variant.order,
        )
        self.plan = self.planner.out("plan")
        encode = b.node(
            "AudioLoopEncodeSong",
            id=2009,
            title="Encode the whole song once",
            role="audio_encode",
            audio=self.audio,
            audio_vae=loaded.audio_vae,
            plan=self.plan,
        )
        self.latent = encode.out()
        b.node(
            "PreviewAny",
            id=1563,
            title="The plan",
            role="plan_text",
            look=Look(size=(520.0, 420.0)),
            source=self.planner.out("summary"),
        )
        b.node(
            "PreviewImage",
            id=1564,
            title="The windows over the song",
            look=Look(size=(560.0, 420.0)),
            images=self.planner.out("timeline"),
        )

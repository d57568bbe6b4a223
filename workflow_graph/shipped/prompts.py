"""All prompts, encoded once before anything is sampled."""

from __future__ import annotations

from ..building.builder import Wire, WorkflowBuilder
from .song import Song

NEGATIVE_PROMPT = "pc game, console game, video game, cartoon, childish, ugly"


def add(b: WorkflowBuilder, clip: Wire, song: Song) -> tuple[Wire, Wire, Wire]:
    """Positive and negative of the initial render, and the list for the loop."""
    schedule = b.node(
        "TimestampPromptScheduleBatchEncode",
        id=1558,
        title="Encode all prompts once",
        role="schedule",
        clip=clip,
        schedule=song.schedule.out(),
        stride_seconds=song.planner.out("stride_seconds"),
        audio_duration=song.planner.out("audio_duration"),
        frame_rate=song.fps.out(),
        plan=song.plan,
    )
    listed = schedule.out("conditioning_list")
    first = b.node(
        "ConditioningSelectByIteration",
        id=169,
        title="First prompt",
        role="first_prompt",
        conditioning_list=listed,
        current_iteration=0,
    )
    negative = b.node(
        "CLIPTextEncode", id=507, title="Negative prompt", role="negative_prompt", clip=clip, text=NEGATIVE_PROMPT
    )
    rated = b.node(
        "LTXVConditioning",
        id=164,
        role="conditioning",
        positive=first.out(),
        negative=negative.out(),
        frame_rate=song.fps.out(),
    )
    return rated.out("positive"), rated.out("negative"), listed

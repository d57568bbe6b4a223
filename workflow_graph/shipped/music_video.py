"""audio-loop-music-video: the default. A draft of the whole song at half the size to look at, then the finish at full size."""

from __future__ import annotations

from ..building.builder import WorkflowBuilder
from ..folding.fold import Setting
from ..layout import Box
from . import base, canvas, finish, initial_render, loop, notes, story, video
from .arrange import Area, arrange
from .variant import Variant

NAME = "audio-loop-music-video"

STAGES, FINISHED_VIDEO, FINISHED_STAGE, FINISH = 2500, 2504, 2529, 2406
FINISHED_DOCTOR, DOCTORS = 2601, 2407
PICTURE_HOLDS = 0.7
"""How much the first latent of the draft stays the picture; the finish holds it wholly."""

DEFAULT = Variant(NAME, how_to=notes.how_to(*notes.DRAFT_FIRST), width=1280, height=704, is_draft=True)

ROWS = (
    *canvas.ROWS,
    (
        Area("Finish: plan, picture, enlarged draft", [[2502, 2503], [2505], [2506], [2508, 2509, 2510], [2501, 2512]]),
        Area(
            "Finish: everything between open and close runs once per window",
            [[2513, 2511], [2515], [2516], [2517], [2518], [2519, 2514]],
        ),
        Area("Draft, finish or both", [[STAGES], [FINISHED_STAGE]], notes.SET_FRAME),
        Area("Finished video", [[FINISHED_VIDEO], [FINISHED_DOCTOR]]),
    ),
)

_FINISH = story.part(
    FINISH,
    "Finish: once per window",
    [[2502, 2503, 2508], [2505, 2509], [2506, 2510], [2512, 2511], [2513], [2515], [2516], [2517], [2518], [2519, 2514]],
    [],
    {(2514, 0): "finished", (story.FIRST, 2): "picture", (story.FIRST, 3): "full_width", (story.FIRST, 4): "full_height"},
)

_DOCTORS = story.part(
    DOCTORS,
    video.LOOK,
    [[video.DOCTOR, FINISHED_DOCTOR]],
    [Setting("doctor", [(video.DOCTOR, "enabled"), (FINISHED_DOCTOR, "enabled")])],
    {(1604, 0): "draft_video", (FINISHED_VIDEO, 0): "finished_video"},
)

STORY = (
    story.DEFAULT.having(
        2501, below=1538, settings=[Setting("upscaler", [(2501, "model_name")])], names={(2501, 0): "upscaler"}
    )
    .with_chapter(_FINISH, beside=story.JOIN)
    .having(
        STAGES,
        below=FINISH,
        beside=True,
        settings=[Setting("stage", [(STAGES, "stage")])],
        names={(STAGES, 0): "draft", (STAGES, 2): "stage"},
        before="width",
    )
    .having(FINISHED_STAGE, below=STAGES, names={(FINISHED_STAGE, 1): "finished"})
    .setting("seed_overrides", 1560, "seed_overrides", before="picture_guide_strength")
    # It makes room on the front, whose timeline shows the windows too.
    .having(1564, below=1563)
    .with_front_chapter(_DOCTORS, Box(1630, 430, 290, 130))
    .on_front(
        {
            2101: Box(0, 0, 340, 440),
            444: Box(380, 0, 320, 280),
            565: Box(380, 400, 320, 130),
            1559: Box(0, 610, 700, 550),
            story.RENDER: Box(755, 0, 330, 560),
            1604: Box(1180, 0, 390, 400),
            FINISHED_VIDEO: Box(1180, 860, 390, 330),
        }
    )
)


def build(variant: Variant = DEFAULT) -> WorkflowBuilder:
    """The workflow, ready for `workflow()` and `prompt()`."""
    b = WorkflowBuilder(variant.name)
    common = base.add(b, variant)
    initial = initial_render.add(b, common, PICTURE_HOLDS)
    draft = video.join(b, initial, loop.add(b, common, initial))
    stages = b.node(
        "AudioLoopStages",
        id=STAGES,
        role="stages",
        look=notes.SET_ME,
        stage="draft",
        draft=draft,
    )
    # A node of its own: one that waited for both would give the draft's video after the finish.
    finished = b.node(
        "AudioLoopStages",
        id=FINISHED_STAGE,
        title="Finish, if it is chosen",
        role="finished_stage",
        stage=stages.out("stage"),
        finished=finish.add(b, common, draft),
    )
    video.save(b, common, stages.out("draft"), "Draft video", "video/audio_loop_draft")
    video.save(
        b,
        common,
        finished.out("finished"),
        "Finished video",
        "video/audio_loop",
        FINISHED_VIDEO,
        "finished_video",
        FINISHED_DOCTOR,
    )
    notes.add(b, variant)
    arrange(b, ROWS)
    return b

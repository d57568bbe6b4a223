"""Notes, groups and colours of the default workflow."""

from __future__ import annotations

from ..building.builder import Look, WorkflowBuilder
from . import models
from .variant import Variant

SET_ME = Look(color="#2a5d3a")
"""Of the nodes that a user sets."""

OWN_COLOR, OWN_BACKGROUND = "#5b3a78", "#3b2a4d"
"""Of the nodes on the front that only this variant has."""

NOTE_FRAME, SET_FRAME = "#8a6d3b", "#3f9e5a"

STEPS = (
    "**Your picture**: who or what is seen. Medium close-up works best for singing.",
    "**Your song**.",
    "**Prompts over time**: what is seen when. Say who is seen in the same words in every section; change only what happens.",
    "**Seed**: another number, another take.",
)


DRAFT_FIRST = (
    "**Run** makes the *draft*: the whole song at half the size, a third of the work. Look at it, change prompts, or sample "
    "from window 3 on anew with *3: +1* in **seed overrides**. Run makes only what changed.",
    "Set **stage** to *finish* and **Run**: the draft at full size. Change more and finish again: only changed windows are.",
)


def how_to(*more: str) -> str:
    """First steps in Markdown; `more` are the variant's own."""
    steps = "\n".join(f"{number}. {step}" for number, step in enumerate((*STEPS, *more), 1))
    return f"""# Audio Loop

One song + one picture → a music video as long as the song.

{steps}

*Check before Run* says what would go wrong and how long it takes. Then press **Run**. Finished windows are on disk: after a
crash or *Stop*, Run goes on with them.

Stuck? Select a node and press **?**: every node has help.
"""


HOW_IT_WORKS = """## How it works

The initial render makes the first window (19.88 s). Each iteration of the loop then sees the last 1.96 s of what was made,
its part of the song, its prompt and your picture, and adds 17.92 s. The loop ends where the song ends; the video gets the
original song and exactly its length.

- **More overlap** (3.0): smoother joins, a little slower.
- **Window seconds**: 19.88 has the fewest joins. **12** is the cheapest: by count 0.93 of the work for a second of
  video, and 0.6 of a step's memory. The last window is only as long as the song still needs.
- **Less memory**: a smaller video size (a multiple of 32).
- **A quick test**: set *max_iterations* of the planner to 1.
- **Times of prompts** go to the window that is seen nearest to them; *The plan* says from when each is seen.
"""

NEGATIVE = """## Negative prompt

At cfg 1 the negative prompt does nothing by itself. **Negative prompt at cfg 1** makes it work inside the text attention,
without a second pass. It is bypassed: select it and press **Ctrl+B** to switch it on.

- **When**: something that you do not want keeps coming back: captions, a second person, a cartoon look.
- **nag_scale**: 11 is usual, 3 to 7 suit the distilled 1.1 LoRA that is loaded here. Lower it where movement freezes.
- Write what must not be seen or heard into *Negative prompt*, as words, without "no".
"""


TWO_STAGES = """## How it works

**Draft**: the first window (19.88 s) at half the size, then the loop: each iteration sees the last 1.96 s of what was made, its
part of the song, its prompt and your picture, and adds 17.92 s. **Finish**: the draft is enlarged twice, and its windows of 8 s
are refined in 3 steps: first every second one, then those between, each seeing both finished neighbours. A stopped finish is
whole too: the rest of it is the enlarged draft. *stage* **both** makes one after the other.

- **Sizes** (width and height are multiples of 64): 1280x704, 832x448, 1920x1088, upright 704x1280. Less memory: a smaller one.
- **Edits**: another prompt costs the windows of the draft that show it and those behind, then the finish of these. A retake
  (*audio-loop-music-video_retake*) of the draft costs its part and the finish of that part.
- **A quick test**: set *duration* of *Trim* in *Song and plan* to 20 (seconds). Draft and finish both end there.
- **Times of prompts** go to the window of the draft that is seen nearest to them; *The plan* says from when each is seen.
"""


def add(b: WorkflowBuilder, variant: Variant) -> None:
    """Puts the notes beside the graph: its purpose, first steps, models, how it works, the negative prompt."""
    if variant.about:
        b.note(variant.about, id=2105, title="What this one is for", role="note_about", size=(520.0, 400.0))
    b.note(variant.how_to or how_to(), id=2101, title="Start here", role="note_how_to", size=(520.0, 500.0))
    files = models.OF_TWO_STAGES if variant.is_draft else models.OF_ONE_STAGE
    models_note = variant.models_note or models.download_note(files)
    b.note(models_note, id=2102, title="Models", role="note_models", size=(520.0, 470.0))
    how_it_works = variant.how_it_works or (TWO_STAGES if variant.is_draft else HOW_IT_WORKS)
    b.note(how_it_works, id=2103, title="How it works", role="note_how_it_works", size=(520.0, 400.0))
    b.note(NEGATIVE, id=2104, title="Negative prompt", role="note_negative", size=(420.0, 330.0))

"""Whole examples, as they were read and found good: the same song and wishes must go on to give the same words."""

from __future__ import annotations

from pathlib import Path

import pytest

from audio_loop.prompting.wishes import make_wishes
from audio_loop.prompting.write import write_schedule

from .songs import BALLAD, DUET, INSTRUMENTAL, PODCAST, RAP, SONG, STANDUP, planned

GOLDEN = Path(__file__).parents[2] / "golden" / "written_schedules"
SINGER = "A woman with silver hair in a red coat"
EXAMPLES = {
    "song": (SONG, {"subject": SINGER}),
    "song_every_section_new": (SONG, {"subject": SINGER, "image_description": "on an old stage", "diversity": "6b"}),
    "ballad": (
        BALLAD,
        {
            "image_description": "Portrait of a young man with a guitar sitting on a bed by a window",
            "style": "realistic",
            "diversity": "4a",
        },
    ),
    "rap": (RAP, {"subject": "A man in a yellow tracksuit", "diversity": "3b", "montage": True}),
    "instrumental": (INSTRUMENTAL, {"subject": "An old violinist in a black suit", "style": "painterly", "diversity": "5a"}),
    "duet": (DUET, {"subject": "Two sisters in white dresses", "style": "illustrated", "diversity": "3a"}),
    "standup": (STANDUP, {"subject": "A comedian in a striped shirt", "image_description": "at a microphone on a small stage"}),
    "podcast": (PODCAST, {"subject": "A man and a woman", "image_description": "sitting at a table with two microphones"}),
    "nothing_said": (SONG, {"diversity": "1a", "style": "none"}),
}


def as_file(name):
    """Schedule and negative prompt, with what was said about them as comments: a file that Prompts Over Time reads."""
    analysis, wishes = EXAMPLES[name]
    written = write_schedule(analysis, planned(analysis), make_wishes(**wishes))
    comments = [f"# {remark}" for remark in written.remarks]
    return "\n".join([*comments, f"# Not to be seen: {written.negative_prompt}", written.text, ""])


@pytest.mark.parametrize("name", EXAMPLES)
def test_an_example_is_written_as_it_was(name):
    assert as_file(name) == (GOLDEN / f"{name}.txt").read_text("utf-8")


def test_each_golden_file_is_an_example():
    assert {path.stem for path in GOLDEN.glob("*.txt")} == set(EXAMPLES)


def test_another_variation_has_other_words():
    def words(variation):
        return write_schedule(SONG, planned(SONG), make_wishes(subject=SINGER, variation=variation)).text

    assert len({words(variation) for variation in range(5)}) == 5

"""A fixture of the harness that renders on the tiny model: song, picture, workflow, and the file that names them."""

from __future__ import annotations

import json
from pathlib import Path

from . import workflow_patch as patch
from .picture import write_picture
from .song import write_song

WINDOW_SECONDS, OVERLAP_SECONDS = 1.64, 0.68
SIZE_PX = 64, 64


def write_fixture(folder: Path, workflow: Path, seconds: float) -> Path:
    """Writes a fixture and what belongs to it into a folder; gives the fixture's file.

    Args:
        folder: An empty or new folder.
        workflow: The workflow in API form.
        seconds: Length of the song.
    """
    song = write_song(folder / "song.wav", seconds)
    picture = write_picture(folder / "picture.png")
    changes = [*patch.TINY_MODEL, *patch.toy_size(*SIZE_PX, WINDOW_SECONDS)]
    prompt = patch.patched(json.loads(workflow.read_text(encoding="utf-8")), changes, patch.STAND_INS)
    (folder / "workflow.json").write_text(json.dumps(prompt), encoding="utf-8")
    document = {
        "name": "tiny demo song",
        "audio": song.name,
        "image": picture.name,
        "schedule": "0:00+: Style: cinematic. A woman in a red coat is singing, close-up, static camera.",
        "seed": 42,
        "workflow": "workflow.json",
        "settings": {"overlap_seconds": OVERLAP_SECONDS},
    }
    target = folder / "fixture.json"
    target.write_text(json.dumps(document, indent=2) + "\n", encoding="utf-8")
    return target

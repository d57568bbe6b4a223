"""A diagnosis as the doctor keeps it beside a video, written by hand."""

from __future__ import annotations

import json
from pathlib import Path

RUN, PICTURE = "a run of this song", "face.png"


def stretch(start, end, window=None):
    return {"start_seconds": start, "end_seconds": end, "window": window}


def symptom(kind, strength, words, *stretches):
    return {"kind": kind, "strength": strength, "words": words, "stretches": list(stretches), "figures": [], "facts": {}}


SYMPTOMS = (
    symptom("visible_cut", 4.2, "The picture jumps.", stretch(37.8, 37.84, 2), stretch(73.64, 73.68, 4)),
    symptom("frozen_window", 2.0, "From 1:30 to 1:44 nothing moves.", stretch(90.0, 104.0, 5)),
    symptom("audio_offset", 1.3, "The sound comes 80 ms late.", stretch(0.0, 185.0, 0)),
)


def write_diagnosis(folder: Path, song: str, name: str = "seen_00001_") -> Path:
    """`NAME.doctor.json` and `.html` of a video of this song of 185 s."""
    folder.mkdir(parents=True, exist_ok=True)
    origin = {"video": f"{folder.name}/{name}.mp4", "song": song, "run": RUN, "picture": PICTURE}
    cause = {"title": "The windows share too little.", "mend": "overlap_seconds of the planner: 3", "layer": "cuts"}
    origin |= {"window_seconds": 19.88, "duration_seconds": 185.0}
    data = {"verdict": "3 symptoms.", "symptoms": SYMPTOMS, "causes": [cause], "origin": origin}
    path = folder / f"{name}.doctor.json"
    path.write_text(json.dumps(data), "utf-8")
    page = "<!doctype html><title>report</title><h1>Report</h1><script>document.title = 'it ran'</script>"
    path.with_suffix(".html").write_text(page, "utf-8")
    return path

"""A golden file of cases: compared line by line with what Python says now, or written anew if that is asked for."""

from __future__ import annotations

import json
import os


def assert_says(path, about, answers):
    """The file says what the answers are; with AUDIO_LOOP_WRITE_GOLDEN set it is written first."""
    lines = ",\n".join(json.dumps(case, ensure_ascii=False) for case in answers)
    made = f'{{"about": {json.dumps(about)},\n"cases": [\n{lines}\n]}}\n'
    if os.environ.get("AUDIO_LOOP_WRITE_GOLDEN"):
        path.write_text(made, encoding="utf-8", newline="\n")
    written = path.read_text(encoding="utf-8").split("\n")
    for line, expected in zip(written, made.split("\n"), strict=True):
        assert line == expected

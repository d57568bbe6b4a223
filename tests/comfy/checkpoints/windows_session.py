"""Windows that need no model, on one ComfyUI: an output folder, what was made in it, and what lies there."""

from __future__ import annotations

import json


def loaded(run_name="", **values):
    """The run that is on disk, as a report."""
    inputs = {"run_name": run_name, "first": 0, "last": -1, **values}
    nodes = {"load": {"class_type": "LoadLoopCheckpoint", "inputs": inputs}}
    return nodes | {"show": {"class_type": "PreviewAny", "inputs": {"source": ["load", 4]}}}


class Session:
    """An output folder and what happened in it."""

    def __init__(self, runner, folder):
        self.runner, self.folder = runner, folder

    def run(self, *prompts, **settings):
        """Answers of prompts that one ComfyUI runs one after the other."""
        return self.runner.run(self.folder, list(prompts), ["show"], **settings).answers

    def good(self, *prompts, **settings):
        answers = self.run(*prompts, **settings)
        assert [answer["ok"] for answer in answers] == [True] * len(prompts), answers
        return answers

    def made(self):
        """Windows that were made since the last question."""
        path = self.folder / "output" / "made.jsonl"
        made = [int(line) for line in path.read_text().splitlines()] if path.exists() else []
        path.unlink(missing_ok=True)
        return made

    def spoil(self, **values):
        path = self.folder / "output" / "spoil.json"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps({name.removeprefix("n"): value for name, value in values.items()}))

    def runs(self):
        return sorted(path.parent for path in (self.folder / "output" / "audio_loop").glob("*/manifest.json"))

    def kept(self, run=0):
        """Files of each window of a run."""
        return [int(path.name.split("_")[1]) for path in sorted(self.runs()[run].glob("segment_*"))]

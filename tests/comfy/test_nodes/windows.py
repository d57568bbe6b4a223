"""Windows without any model: each follows from the one before, its words and its seed, and some are spoilt on demand."""

from __future__ import annotations

import hashlib
import importlib
import json
import sys
from pathlib import Path
from typing import Any

import folder_paths
import torch
from comfy_api.latest import io


def _output(name: str) -> Path:
    return Path(folder_paths.get_output_directory()) / name


def text_at(words: str, iteration: int) -> str:
    """The text of an iteration: `0: a, 2: b` is "a" up to 1 and "b" from 2 on."""
    entries = [entry.split(":") for entry in words.split(",")]
    return [each.strip() for first, each in entries if int(first) <= iteration][-1]


class Words(io.ComfyNode):
    """The text of an iteration as a CONDITIONING: `0: a, 2: b` is "a" up to 1 and "b" from 2 on."""

    @classmethod
    def define_schema(cls) -> io.Schema:
        return io.Schema(
            node_id="TestWords",
            category="audio loop/test",
            inputs=[io.String.Input("words"), io.Int.Input("iteration")],
            outputs=[io.Conditioning.Output()],
        )

    @classmethod
    def execute(cls, words: str, iteration: int) -> io.NodeOutput:
        text = text_at(words, iteration)
        values = torch.tensor([float(byte) for byte in text.encode()]).reshape(1, -1, 1)
        return io.NodeOutput([[values, {"audio_loop_prompt": text}]])


class Window(io.ComfyNode):
    """A window. What `spoil.json` in the output folder lists by iteration gets that value in one place."""

    @classmethod
    def define_schema(cls) -> io.Schema:
        return io.Schema(
            node_id="TestWindow",
            category="audio loop/test",
            inputs=[
                io.Latent.Input("previous"),
                io.Conditioning.Input("conditioning"),
                io.Int.Input("iteration"),
                io.Int.Input("latents"),
                io.Image.Input("picture", optional=True),
            ],
            outputs=[io.Latent.Output()],
        )

    @classmethod
    def execute(cls, previous: Any, conditioning: Any, iteration: int, latents: int, picture: Any = None) -> io.NodeOutput:
        samples = previous["samples"]
        told = [samples, conditioning[0][0], torch.tensor(0.0) if picture is None else picture]
        seed = hashlib.sha256(b"".join(each.float().numpy().tobytes() for each in told)).digest()
        generator = torch.Generator().manual_seed(int.from_bytes(seed[:7], "little"))
        made = torch.randn(*samples.shape[:2], latents, *samples.shape[3:], generator=generator)
        spoil = json.loads(_output("spoil.json").read_text()) if _output("spoil.json").exists() else {}
        if str(iteration) in spoil:
            made[0, 5, -1, 1, 0] = float(spoil[str(iteration)])
        with _output("made.jsonl").open("a") as file:
            file.write(f"{iteration}\n")
        return io.NodeOutput({"samples": made})


class Passed(io.ComfyNode):
    """Something that a latent goes through."""

    @classmethod
    def define_schema(cls) -> io.Schema:
        return io.Schema(
            node_id="TestPassed",
            category="audio loop/test",
            inputs=[io.Latent.Input("latent")],
            outputs=[io.Latent.Output()],
        )

    @classmethod
    def execute(cls, latent: Any) -> io.NodeOutput:
        return io.NodeOutput({"samples": latent["samples"].clone()})


class Song(io.ComfyNode):
    """A part of a song as a latent."""

    @classmethod
    def define_schema(cls) -> io.Schema:
        return io.Schema(
            node_id="TestSongLatent",
            category="audio loop/test",
            inputs=[
                io.Float.Input("value", default=0.0, min=-1e9, max=1e9),
                io.Int.Input("latents", default=4, optional=True),
            ],
            outputs=[io.Latent.Output()],
        )

    @classmethod
    def execute(cls, value: float, latents: int = 4) -> io.NodeOutput:
        return io.NodeOutput(
            {"samples": torch.full((1, 8, latents, 16), value if value < 1e6 else float("nan")), "type": "audio"}
        )


class Foreseen(io.ComfyNode):
    """The windows of a plan that a checkpoint of this graph would take from disk, as the check before Run tells it."""

    @classmethod
    def define_schema(cls) -> io.Schema:
        return io.Schema(
            node_id="TestForeseen",
            category="audio loop/test",
            inputs=[io.Custom("AUDIO_LOOP_PLAN").Input("plan"), io.String.Input("checkpoint"), io.String.Input("words")],
            outputs=[io.String.Output()],
            hidden=[io.Hidden.dynprompt],
        )

    @classmethod
    def execute(cls, plan: Any, checkpoint: str, words: str) -> io.NodeOutput:
        pack = next(name for name in sys.modules if name.endswith(".nodes.checkpoints")).removesuffix(".nodes.checkpoints")
        rooms = (f"{pack}.checkpoints.service.{name}" for name in ("foreseen", "windows_asked"))
        foreseen, asked = map(importlib.import_module, rooms)
        prompts = {index: text_at(words, index) for index in plan.sequence}
        windows = asked.WindowsAsked(plan.sequence, prompts, plan, (2, 2), "", frozenset(), {}, "as the run needs")
        found = foreseen.windows_on_disk(cls.hidden.dynprompt.get_original_prompt(), checkpoint, windows)
        return io.NodeOutput(str(sorted(found)))


NODES = [Words, Window, Passed, Song, Foreseen]

"""Watches what normalised attention guidance does inside a render, and takes away the places it could rely on."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

import comfy.model_management
import folder_paths
import torch
from comfy_api.latest import io

OVERRIDE, PROJECTED, ROWS = "optimized_attention_override", "audio_loop_nag_projected", "test_guidance_rows"


class Elsewhere(torch.Tensor):
    """A tensor on a second device, as far as a machine with one device can have it: it can be asked for its shape and
    moved to another device; computing with it beside tensors of this machine raises, as torch does for two devices."""

    ASKED = ("__get__", "dim", "size", "numel", "element_size", "is_floating_point")
    MOVED = ("detach", "requires_grad_", "clone", "float", "to")

    @classmethod
    def __torch_function__(cls, func, types, args=(), kwargs=None):
        name, kwargs = func.__name__, kwargs or {}
        if name not in cls.ASKED + cls.MOVED:
            raise RuntimeError(f"Expected all tensors to be on the same device, but {name} got one that is elsewhere")
        out = super().__torch_function__(func, types, args, kwargs)
        moved = name == "to" and any(isinstance(value, torch.device) for value in (*args[1:], *kwargs.values()))
        return out.as_subclass(torch.Tensor) if moved and isinstance(out, cls) else out


class _Rows:
    """What one sampling run did; an object, as ComfyUI copies lists and dictionaries among a model's options."""

    def __init__(self) -> None:
        self.passes = 0
        self.guided = {"video": [], "audio": []}
        self.negative: set[str] = set()
        self.settings: set[tuple[Any, ...]] = set()


def elsewhere(tensor: torch.Tensor) -> Elsewhere:
    return tensor.detach().clone().as_subclass(Elsewhere)


class _Counted:
    """The guiding override of one pass, with each guided call compared to the call without guidance."""

    def __init__(self, guide: Any, rows: _Rows) -> None:
        self.guide = guide
        self.rows = rows

    def __call__(self, func, q, k, v, *rest, **kwargs):
        out = self.guide(func, q, k, v, *rest, **kwargs)
        mask, n = kwargs.pop("mask", None), self.guide.positive_len
        if mask is self.guide.mask:
            plain = func(q, k[:, :n], v[:, :n], *rest, mask=self.guide.masks[0], **kwargs)
            stream = "video" if q.shape[-1] == self.guide.widths[0] else "audio"
            self.rows.guided[stream].append(float((out - plain).abs().max()))
        return out


def _watch_pass(executor, x, timestep, context, mask, frame_rate, options, *args, **kwargs):
    rows, guide = options[ROWS], options.get(OVERRIDE)
    rows.passes += 1
    if hasattr(guide, "positive_len"):
        negative = context[:1, guide.positive_len :].contiguous().float().numpy()
        rows.negative.add(hashlib.sha256(negative.tobytes()).hexdigest())
        settings = guide.settings
        rows.settings.add((settings.scale, settings.alpha, settings.tau, settings.video, settings.audio))
        options = {**options, OVERRIDE: _Counted(guide, rows)}
    return executor(x, timestep, context, mask, frame_rate, options, *args, **kwargs)


class GuidanceSpy(io.ComfyNode):
    """Writes one JSON line per sampling run: model passes, guided calls per stream, and what they were guided by."""

    @classmethod
    def define_schema(cls) -> io.Schema:
        return io.Schema(
            node_id="TestGuidanceSpy",
            display_name="Guidance Spy (test)",
            category="audio loop/test",
            inputs=[io.Model.Input("model"), io.String.Input("log_name")],
            outputs=[io.Model.Output()],
        )

    @classmethod
    def execute(cls, model, log_name: str) -> io.NodeOutput:
        log = Path(folder_paths.get_output_directory()) / Path(log_name).name

        def watch_run(executor, *args, **kwargs):
            rows = _Rows()
            args[2]["model_options"]["transformer_options"][ROWS] = rows
            out = executor(*args, **kwargs)
            seen = {"negative": sorted(rows.negative), "settings": sorted(rows.settings)}
            line = {"passes": rows.passes, **rows.guided, **seen}
            with log.open("a", encoding="utf-8") as handle:
                handle.write(json.dumps(line) + "\n")
            return out

        clone = model.clone()
        wrappers = clone.model_options.setdefault("transformer_options", {}).setdefault("wrappers", {})
        wrappers.setdefault("diffusion_model", {})["test.guidance_spy"] = [_watch_pass]
        wrappers.setdefault("sampler_sample", {})["test.guidance_spy"] = [watch_run]
        return io.NodeOutput(clone)


class Captured(io.ComfyNode):
    """Guidance as a closure would have it: projected once, when the node runs, and left where an unloading puts it."""

    @classmethod
    def define_schema(cls) -> io.Schema:
        return io.Schema(
            node_id="TestCapturedGuidance",
            display_name="Captured Guidance (test)",
            category="audio loop/test",
            inputs=[io.Model.Input("model"), io.Conditioning.Input("negative")],
            outputs=[io.Model.Output()],
        )

    @classmethod
    def execute(cls, model, negative) -> io.NodeOutput:
        embedding, extra = negative[0]
        project = model.get_model_object("diffusion_model").preprocess_text_embeds
        captured = elsewhere(project(embedding, unprocessed=bool(extra.get("unprocessed_ltxav_embeds", False))))

        class Projected:
            def at(self, diffusion_model, context):
                return captured

        def use_captured(executor, *args, **kwargs):
            args[2]["model_options"]["transformer_options"][PROJECTED] = Projected()
            return executor(*args, **kwargs)

        clone = model.clone()
        wrappers = clone.model_options["transformer_options"]["wrappers"]
        wrappers["sampler_sample"]["test.captured"] = [use_captured]
        return io.NodeOutput(clone)


class ElsewhereConditioning(io.ComfyNode):
    """The same conditioning, its tensors on the second device."""

    @classmethod
    def define_schema(cls) -> io.Schema:
        return io.Schema(
            node_id="TestElsewhere",
            display_name="Conditioning Elsewhere (test)",
            category="audio loop/test",
            inputs=[io.Conditioning.Input("conditioning")],
            outputs=[io.Conditioning.Output()],
        )

    @classmethod
    def execute(cls, conditioning) -> io.NodeOutput:
        moved = [
            [elsewhere(t), {k: elsewhere(v) if isinstance(v, torch.Tensor) else v for k, v in extra.items()}]
            for t, extra in conditioning
        ]
        return io.NodeOutput(moved)


class UnloadModels(io.ComfyNode):
    """Takes every model off its device, as running out of memory would."""

    @classmethod
    def define_schema(cls) -> io.Schema:
        return io.Schema(
            node_id="TestUnloadModels",
            display_name="Unload Models (test)",
            category="audio loop/test",
            inputs=[io.Latent.Input("latent")],
            outputs=[io.Latent.Output()],
        )

    @classmethod
    def execute(cls, latent) -> io.NodeOutput:
        comfy.model_management.unload_all_models()
        assert comfy.model_management.loaded_models() == []
        return io.NodeOutput(latent)


NODES = [GuidanceSpy, Captured, ElsewhereConditioning, UnloadModels]

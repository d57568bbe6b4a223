"""Nodes of another pack that decide a window in ways that its prompt does not show."""

from __future__ import annotations

import hashlib
import random
from pathlib import Path

import folder_paths
from comfy_api.latest import io

from .factor import FACTOR

folder_paths.add_model_folder_path("proofs", str(Path(folder_paths.models_dir) / "proofs"))


class ProofLoad:
    """A loader: what it gave stays in ComfyUI's cache while its input is the same."""

    RETURN_TYPES = ("NUMBER",)
    FUNCTION = "load"
    CATEGORY = "proofs"

    @classmethod
    def INPUT_TYPES(cls):  # noqa: N802  ComfyUI's name
        return {"required": {"model": (folder_paths.get_filename_list("proofs"),)}}

    def load(self, model):
        return (float(Path(folder_paths.get_full_path_or_raise("proofs", model)).read_text()),)


class ProofNoise:
    """Draws its own randomness, and says so."""

    RETURN_TYPES = ("NUMBER",)
    FUNCTION = "draw"
    CATEGORY = "proofs"

    @classmethod
    def INPUT_TYPES(cls):  # noqa: N802
        return {"required": {}}

    @classmethod
    def IS_CHANGED(cls):  # noqa: N802
        return float("nan")

    def draw(self):
        return (random.random(),)


class ProofText:
    """Takes a name that is no file's that anybody finds."""

    RETURN_TYPES = ("NUMBER",)
    FUNCTION = "read"
    CATEGORY = "proofs"

    @classmethod
    def INPUT_TYPES(cls):  # noqa: N802
        return {"required": {"where": ("STRING", {"default": ""})}}

    def read(self, where):
        return (float(len(where)),)


class ProofSays(io.ComfyNode):
    """Reads something that no input names, and says what it is, in its own time."""

    @classmethod
    def define_schema(cls):
        return io.Schema(node_id="ProofSays", category="proofs", inputs=[], outputs=[io.Custom("NUMBER").Output()])

    @classmethod
    async def fingerprint_inputs(cls, **_):
        return cls._told()

    @classmethod
    def execute(cls):
        return io.NodeOutput(float(cls._told()))

    @classmethod
    def _told(cls):
        return (Path(folder_paths.get_input_directory()) / "told").read_text()


class ProofAdd:
    """A latent and a number."""

    RETURN_TYPES = ("LATENT",)
    FUNCTION = "add"
    CATEGORY = "proofs"

    @classmethod
    def INPUT_TYPES(cls):  # noqa: N802
        return {"required": {"latent": ("LATENT",), "number": ("NUMBER",)}}

    def add(self, latent, number):
        return ({"samples": latent["samples"] + FACTOR * number},)


class ProofHash:
    """Shows what a latent holds."""

    RETURN_TYPES = ()
    FUNCTION = "show"
    CATEGORY = "proofs"
    OUTPUT_NODE = True

    @classmethod
    def INPUT_TYPES(cls):  # noqa: N802
        return {"required": {"latent": ("LATENT",)}}

    def show(self, latent):
        return {"ui": {"text": (hashlib.sha256(latent["samples"].numpy().tobytes()).hexdigest(),)}}


_CLASSES = (ProofLoad, ProofNoise, ProofText, ProofAdd, ProofHash)
NODE_CLASS_MAPPINGS = {each.__name__: each for each in _CLASSES} | {"ProofSays": ProofSays}

"""Loaders as other packs have them: folders of their own, registered or not, names without endings, lists in values."""

from __future__ import annotations

from pathlib import Path

import folder_paths
from comfy_api.latest import io

OWN_FOLDER = Path(folder_paths.models_dir) / "other_packs_models"
UNREGISTERED_FOLDER = Path(folder_paths.models_dir) / "nobody_registered"
folder_paths.add_model_folder_path("other_packs_models", str(OWN_FOLDER))


def listed(folder):
    """As packs list a folder by hand."""
    return sorted(file.name for file in folder.iterdir()) if folder.is_dir() else []


class _Loader:
    RETURN_TYPES = ("MODEL",)
    FUNCTION = "load"
    CATEGORY = "other pack"

    def load(self, **_):
        return (None,)


class OtherOwnFolder(_Loader):
    """A folder that the pack registers."""

    @classmethod
    def INPUT_TYPES(cls):  # noqa: N802  ComfyUI's name
        return {"required": {"model": (folder_paths.get_filename_list("other_packs_models"),)}}


class OtherUnregistered(_Loader):
    """A folder that ComfyUI knows nothing of."""

    @classmethod
    def INPUT_TYPES(cls):  # noqa: N802  ComfyUI's name
        return {"required": {"weights": (listed(UNREGISTERED_FOLDER),)}}


class OtherFiltered(_Loader):
    """A part of a list, with something before it."""

    @classmethod
    def INPUT_TYPES(cls):  # noqa: N802  ComfyUI's name
        names = [name for name in folder_paths.get_filename_list("loras") if "planted" in name]
        return {"required": {"which": (["None", *names], {"default": "None"})}}


class OtherModelName(_Loader):
    """`model_name` that is a diffusion model."""

    @classmethod
    def INPUT_TYPES(cls):  # noqa: N802  ComfyUI's name
        return {"required": {"model_name": (folder_paths.get_filename_list("diffusion_models"),)}}


class OtherWithoutEnding(_Loader):
    """Names as people say them."""

    @classmethod
    def INPUT_TYPES(cls):  # noqa: N802  ComfyUI's name
        names = [Path(name).stem for name in folder_paths.get_filename_list("vae")]
        return {"required": {"vae": (names,)}}


class OtherNewStyle(io.ComfyNode):
    """The same in a V3 node, with an input that shows only with one option of another."""

    @classmethod
    def define_schema(cls):
        files = folder_paths.get_filename_list("controlnet")
        inner = [io.Combo.Input("control", options=files), io.Float.Input("strength", default=1.0)]
        return io.Schema(
            node_id="OtherNewStyle",
            category="other pack",
            inputs=[
                io.Combo.Input("model", options=folder_paths.get_filename_list("other_packs_models")),
                io.DynamicCombo.Input(
                    "mode", options=[io.DynamicCombo.Option("plain", []), io.DynamicCombo.Option("controlled", inner)]
                ),
            ],
            outputs=[io.Model.Output()],
        )

    @classmethod
    def execute(cls, **_):
        return io.NodeOutput(None)


_CLASSES = (OtherOwnFolder, OtherUnregistered, OtherFiltered, OtherModelName, OtherWithoutEnding, OtherNewStyle)
NODE_CLASS_MAPPINGS = {each.__name__: each for each in _CLASSES}

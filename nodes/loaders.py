"""Loading a part of a checkpoint without the rest."""

from __future__ import annotations

from typing import Any

from comfy_api.latest import io

from .refusals import refuses


class CheckpointVideoVAE(io.ComfyNode):
    """The video VAE of a checkpoint, without its 22B model."""

    @classmethod
    def define_schema(cls) -> io.Schema:
        import folder_paths

        return io.Schema(
            node_id="CheckpointVideoVAE",
            display_name="Load Video VAE From Checkpoint",
            category="Audio Loop/video",
            search_aliases=["load vae", "ltx vae", "video vae", "vae loader"],
            description="Loads only the video VAE of a checkpoint: enough to decode what is on disk, in little memory.",
            inputs=[
                io.Combo.Input(
                    "ckpt_name", options=folder_paths.get_filename_list("checkpoints"), tooltip="The LTX checkpoint."
                )
            ],
            outputs=[io.Vae.Output("vae", tooltip="The video VAE, without the rest of the checkpoint.")],
        )

    @classmethod
    @refuses("CheckpointVideoVAE")
    def execute(cls, ckpt_name: str) -> io.NodeOutput:
        return io.NodeOutput(_video_vae(ckpt_name))


def _video_vae(ckpt_name: str) -> Any:
    import comfy.sd
    import comfy.utils
    import folder_paths

    path = folder_paths.get_full_path_or_raise("checkpoints", ckpt_name)
    weights, metadata = comfy.utils.load_torch_file(path, return_metadata=True)
    weights = comfy.utils.state_dict_prefix_replace(weights, {"vae.": ""}, filter_keys=True)
    if not weights:
        raise ValueError(f"the checkpoint {ckpt_name} holds no VAE; choose the one that the run was rendered with")
    vae = comfy.sd.VAE(sd=weights, metadata=metadata)
    vae.throw_exception_if_invalid()
    return vae


NODES = [CheckpointVideoVAE]

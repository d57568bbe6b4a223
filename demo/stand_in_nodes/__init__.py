"""Stand-ins for ComfyUI nodes that know only the full-size model. Linked into `custom_nodes` by demo and tests only."""

from . import gemma4_loader, text_encoder_loader


async def comfy_entrypoint() -> object:  # noqa: D103  ComfyUI calls this by name; its return type lives in ComfyUI
    from comfy_api.latest import ComfyExtension

    class StandIns(ComfyExtension):
        async def get_node_list(self) -> list[type]:
            return [*text_encoder_loader.NODES, *gemma4_loader.NODES]

    return StandIns()

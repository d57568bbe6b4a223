"""All nodes of the pack, and the extension that registers them."""

from __future__ import annotations

from pathlib import Path

from comfy_api.latest import ComfyExtension, io

from ..checkpoints.service import prompt_watch
from ..comfyui_internals import folder_served
from . import (
    checkpoints,
    doctor,
    doctor_routes,
    hearing,
    housekeeping,
    keyframes,
    latents,
    loaders,
    loop_drivers,
    model_facts,
    model_patches,
    noise_levels,
    pictures,
    planning,
    preflight,
    profiling,
    prompt_writing,
    prompts,
    retakes,
    routes,
    songs,
    sound_report,
    stages,
    tensor_loop,
    timeline_routes,
    video_output,
    voices,
    window_routes,
)

LOOP_IDS = frozenset(node.GET_SCHEMA().node_id for node in tensor_loop.NODES)


def all_nodes() -> list[type[io.ComfyNode]]:
    """Every node class, in menu order."""
    modules = (
        planning,
        model_facts,
        preflight,
        tensor_loop,
        prompts,
        prompt_writing,
        keyframes,
        pictures,
        latents,
        songs,
        sound_report,
        voices,
        hearing,
        checkpoints,
        retakes,
        stages,
        video_output,
        doctor,
        loaders,
        model_patches,
        noise_levels,
        housekeeping,
        profiling,
        loop_drivers,
    )
    return [node for module in modules for node in module.NODES]


class AudioLoopExtension(ComfyExtension):
    """The extension that ComfyUI asks for the pack's nodes."""

    async def on_load(self) -> None:
        """Adds the pack's routes to the server, and begins to note which files prompts name."""
        # As ComfyUI names it: a link's own name, which `resolve` would lose.
        folder_served.serve(Path(__file__).parents[1], pages="web", templates="example_workflows")
        routes.register()
        timeline_routes.register()
        window_routes.register()
        doctor_routes.register()
        prompt_watch.watch_prompts()

    async def get_node_list(self) -> list[type[io.ComfyNode]]:
        """The nodes to register.

        Other packs ship a loop under the ids of ours. Theirs stays where it is registered already, as a pair: an open node
        of one engine and a close node of another do not understand each other.
        """
        from ..comfyui_internals.node_classes import node_classes

        taken = LOOP_IDS & node_classes().keys()
        if not taken:
            return all_nodes()
        return [node for node in all_nodes() if node not in tensor_loop.NODES]

"""Nodes that only tests need: samplers and models that record what they get, and frame numbers painted instead of sampled."""

from .canvas_windows import PaintedWindow
from .counting_sampler import CountingSampler
from .dead_entries import NODES as DEAD_ENTRY_NODES
from .guidance import NODES as GUIDANCE_NODES
from .hold import Hold, SlowSampler
from .load_spy import LoadSpy
from .nan_call import NanCall
from .painted_vae import PaintedVae
from .painting import PaintedDecode, PaintingSampler
from .two_stages import NODES as STAGE_NODES
from .windows import NODES as WINDOW_NODES


async def comfy_entrypoint():
    from comfy_api.latest import ComfyExtension

    class TestNodes(ComfyExtension):
        async def get_node_list(self):
            own = [
                CountingSampler,
                Hold,
                PaintingSampler,
                PaintedDecode,
                PaintedVae,
                PaintedWindow,
                LoadSpy,
                NanCall,
                SlowSampler,
            ]
            return [*own, *DEAD_ENTRY_NODES, *GUIDANCE_NODES, *STAGE_NODES, *WINDOW_NODES]

    return TestNodes()

"""Nodes that only tests need: a sampler that records what it gets; one that paints frame numbers, and its decoder."""

from .counting_sampler import CountingSampler
from .painting import PaintedDecode, PaintingSampler


async def comfy_entrypoint():
    from comfy_api.latest import ComfyExtension

    class TestNodes(ComfyExtension):
        async def get_node_list(self):
            return [CountingSampler, PaintingSampler, PaintedDecode]

    return TestNodes()

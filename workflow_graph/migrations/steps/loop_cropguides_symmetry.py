"""The loop's guider reads conditioning without guide positions, as the guide asks; see the warning."""

from __future__ import annotations

from ...editing.graph import Graph
from ...editing.handles import Node
from ...editing.places import place
from ...node_kinds import CROPS_CONDITIONING, GUIDES
from ...reading.trace import feeding, nodes_of
from ..migration import Migration, Options

WARNING = """This does what the guide's section "Loop-cropguides asymmetry" asks for, but what it says is not so: the initial
render's guider reads conditioning that was not cropped, and nothing accumulates, because every iteration starts from fresh
conditioning. A guide is appended to the latent as an extra frame; only the position in the conditioning says where it
belongs. Without it the model takes the picture for the frame after the window and steers every window to end on it: less
motion, windows that stop. Sound graphs keep the positions until sampling is done and crop afterwards. Compare one window
with and without before you keep it; --revert brings the file back."""


def _upgrade(graph: Graph, _options: Options) -> tuple[str, ...]:
    for guide in nodes_of(graph, *GUIDES):
        targets = [
            (name, target)
            for name in ("positive", "negative")
            for target in guide.output(name).targets
            if target.node is not None and target.node.type == "CFGGuider"
        ]
        if not targets:
            continue
        crop = graph.add(
            "LTXVCropGuides",
            level=guide.level,
            title="Crop before the guider",
            role="crop_before_guider",
            pos=place(guide),
        )
        # Its latent output stays unread: the sampled latent is cropped by the node behind the sampler.
        for name in ("positive", "negative", "latent"):
            graph.connect(guide.output(name), crop.input(name))
        for name, target in targets:
            graph.connect(crop.output(name), target)
    return ()


def downgrade(graph: Graph, _options: Options | None = None) -> None:
    """Gives the guiders their uncropped conditioning back."""
    for guider in nodes_of(graph, "CFGGuider"):
        for name in ("positive", "negative"):
            crop = feeding(guider.input(name))
            if crop is None or crop.type not in CROPS_CONDITIONING or crop.level != guider.level:
                continue
            before = crop.input(name).source
            guide = feeding(crop.input(name))
            if before is not None and guide is not None and guide.type in GUIDES:
                graph.connect(before, guider.input(name))
                _drop(graph, crop)


def _drop(graph: Graph, crop: Node) -> None:
    if not any(output.links for output in crop.outputs):
        graph.remove(crop)


migration = Migration(
    name="loop_cropguides_symmetry",
    summary="crop the guide positions off the loop's conditioning before its guider (harmful; see the warning)",
    upgrade=_upgrade,
    downgrade=downgrade,
    warning=WARNING,
)

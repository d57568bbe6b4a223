"""AudioLoopHelperSageAttention is added behind the model, in place of KJNodes' patch if that is there, and set."""

from __future__ import annotations

from ...editing.graph import Graph
from ...editing.handles import Node
from ...editing.places import place
from ...reading.trace import feeding, nodes_of, runs
from ..migration import Migration, NodeSwap, Option, Options, removal

SAGE = "AudioLoopHelperSageAttention"
KERNELS = ("sage_fp16_triton", "sage_fp16_cuda", "sage_fp8_cuda", "sage_fp8_cuda++", "sage3_blackwell")
"""Kernels that a mode can name; the node offers those that the machine has."""
EXACT_KERNELS = ("torch_flash", "torch_cudnn", "torch_efficient", "flash_attn", "flash_attn_3")
"""Kernels that round nothing to 8 bits."""
MODES = ("auto_mask_aware", "auto_quantized_guides", "auto", "disabled", *KERNELS, *EXACT_KERNELS)
LOADERS = frozenset({"UNETLoader", "CheckpointLoaderSimple", "UnetLoaderGGUF", "CheckpointLoader"})
GUIDERS = ("CFGGuider", "BasicGuider", "STGGuider", "KSampler", "MultimodalGuider")
SWAP = NodeSwap(
    old="PathchSageAttentionKJ",
    new=SAGE,
    outputs={"MODEL": "model"},
    widgets={"sage_attention": None, "allow_compile": None},
)


def _upgrade(graph: Graph, options: Options) -> tuple[str, ...]:
    if options["remove"]:
        return _downgrade(graph, options)
    for node in graph.find(type=SWAP.old):
        SWAP.apply(graph, node)
    nodes = graph.find(type=SAGE) or _add(graph)
    for node in nodes:
        _set_mode(node, options["mode"])
        if not runs(node):
            graph.bypass(node, on=False)
    if not nodes:
        return ("no model that a guider reads was found; nothing to patch",)
    if options["mode"] in KERNELS or options["mode"] in EXACT_KERNELS:
        package = "SageAttention" if options["mode"] in KERNELS else "torch or its own package"
        return (f"{options['mode']} runs only where {package} offers it; elsewhere the node refuses and says how to install",)
    return ()


def _set_mode(node: Node, mode: str) -> None:
    """Sets the mode; not through the widget, whose choices are those of the machine that the snapshot was made on."""
    if node.widgets["mode"] != mode and node.schema is not None:
        node.raw["widgets_values"] = node.schema.write_widgets({**node.widgets, "mode": mode})


def _add(graph: Graph) -> tuple[Node, ...]:
    """One node behind each loader whose model is sampled with."""
    added = []
    for loader in _loaders(graph):
        output = next((slot for slot in loader.outputs if slot.type == "MODEL"), None)
        targets = output.targets if output is not None else ()
        if output is None or not targets:
            continue
        sage = graph.add(SAGE, level=loader.level, pos=place(loader, 40, -140))
        graph.connect(output, sage.input("model"))
        for target in targets:
            graph.connect(sage.output("model"), target)
        added.append(sage)
    return tuple(added)


def _loaders(graph: Graph) -> list[Node]:
    """The ends of the model chains that lead to guiders."""
    found: dict[Node, None] = {}
    for guider in nodes_of(graph, *GUIDERS):
        current: Node | None = guider
        seen: set[Node] = set()
        while current is not None and current not in seen:
            seen.add(current)
            if current.type in LOADERS:
                found[current] = None
                break
            slot = next((slot for slot in current.inputs if slot.type == "MODEL" and slot.link), None)
            current = feeding(slot) if slot is not None else None
    return list(found)


_downgrade = removal(SAGE)


migration = Migration(
    name="sage_mode",
    summary="add AudioLoopHelperSageAttention, change its mode, or remove it; replaces PathchSageAttentionKJ",
    upgrade=_upgrade,
    downgrade=_downgrade,
    options=(
        Option("mode", "the mode to set", "auto_mask_aware", MODES),
        Option("remove", "remove the node instead", False),
    ),
)

"""Decoder and VHS_VideoCombine become StreamingVideoSave, which decodes and writes part by part."""

from __future__ import annotations

from collections.abc import Iterator

from ...graph import Graph
from ...handles import Node
from ..steps.ltx_decoder import BACK, aligned
from ..steps.purge_vram import DECODERS
from ..trace import number, origin

FORMATS = {
    "video/h264-mp4": "h264-mp4",
    "video/nvenc_h264-mp4": "h264-mp4",
    "video/webm": "vp9-webm",
    "video/ProRes": "prores-mov",
    "video/16bit-png": "png-16bit",
}
OTHER_DECODERS = ("LTXVTiledVAEDecode", "LTXVSpatioTemporalTiledVAEDecode")


def save(graph: Graph, combine: Node) -> Iterator[str]:
    """Replaces one VHS_VideoCombine and the decoder that only it reads."""
    source = origin(combine.input("images"))
    decoder = source.node if source is not None else None
    if decoder is None or decoder.type not in DECODERS or decoder.level != combine.level or source is None:
        yield f"{combine}: its pictures do not come straight from a decoder; use ComfyUI's CreateVideo and SaveVideo"
        return
    values = dict(combine.widgets)
    kind = FORMATS.get(str(values.get("format")))
    if kind is None:
        yield f"{combine}: format {values.get('format')!r} became h264-mp4"
    for name, usual in (("loop_count", 0), ("pingpong", False), ("save_output", True)):
        if values.get(name, usual) != usual:
            yield f"{combine}: {name} {values[name]!r} is not carried over"
    if any(output.links for output in combine.outputs):
        yield f"{combine}: its list of file names fed something that is no longer fed"
    crf = values.get("crf")
    alone = [target.node_id for target in source.targets] == [combine.id]
    saver = decoder
    if alone:
        graph.swap(
            decoder,
            "StreamingVideoSave",
            inputs={**{slot.name: None for slot in decoder.inputs}, "vae": "vae", DECODERS[decoder.type]: "latent"},
            outputs={slot.name: None for slot in decoder.outputs},
            widgets=dict.fromkeys(decoder.widgets),
        )
    else:
        saver = graph.add("StreamingVideoSave", level=combine.level, role="video")
        for old, new in ((DECODERS[decoder.type], "latent"), ("vae", "vae")):
            fed = decoder.input(old).source
            if fed is not None:
                graph.connect(fed, saver.input(new))
    saver.widgets["format"] = kind or "h264-mp4"
    if kind in (None, "h264-mp4", "vp9-webm") and isinstance(crf, int) and 0 <= crf <= 63:
        saver.widgets["crf"] = crf
    if isinstance(values.get("filename_prefix"), str):
        saver.widgets["filename_prefix"] = values["filename_prefix"]
    _rate(graph, combine, saver)
    for name in ("audio", "filename_prefix"):
        fed = next((slot.source for slot in combine.inputs if slot.name == name), None)
        if fed is not None:
            graph.connect(fed, saver.input(name))
    planner = [node for node in combine.level.nodes if node.type == "AudioLoopPlanner" and node.mode == 0]
    if len(planner) == 1:
        graph.connect(planner[0].output("frames"), saver.input("frames"))
    elif values.get("trim_to_audio"):
        yield f"{combine}: without an AudioLoopPlanner the video is not cut to the song; wire its frames"
    graph.remove(combine)


def _rate(graph: Graph, combine: Node, saver: Node) -> None:
    fed = next((slot.source for slot in combine.inputs if slot.name == "frame_rate"), None)
    value = number(combine, "frame_rate")
    if fed is not None:
        graph.connect(fed, saver.input("fps"))
    elif value is not None and value == int(value):
        saver.widgets["fps"] = int(value)
    elif value is not None:
        # The widget holds whole numbers; a wire takes any.
        rate = graph.add("PrimitiveFloat", level=saver.level, title="Frames per second", widgets={"value": value})
        graph.connect(rate.output(), saver.input("fps"))


def decode(graph: Graph, decoder: Node) -> None:
    """A decoder of ComfyUI-LTXVideo that something else reads becomes VAEDecodeTiled."""
    graph.swap(
        decoder,
        BACK.new,
        inputs={**{slot.name: None for slot in decoder.inputs}, "vae": "vae", "latents": "samples"},
        outputs=BACK.outputs,
        widgets=dict.fromkeys(decoder.widgets),
        values={**BACK.values, **aligned(graph)},
    )


__all__ = ["FORMATS", "OTHER_DECODERS", "decode", "save"]

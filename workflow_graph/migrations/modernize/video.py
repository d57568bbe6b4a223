"""Decoder and VHS_VideoCombine become StreamingVideoSave, which decodes and writes part by part.

Pictures that do not come straight from a decoder go through ComfyUI's CreateVideo and SaveVideo. A saver that was bypassed or
muted stays so.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from ...editing.graph import Graph
from ...editing.handles import Node, Output
from ...editing.places import place
from ...node_kinds import DECODERS
from ...reading.trace import feeding, number, runs, wired
from ..planners import planner_beside, switched_on
from ..steps.ltx_decoder import BACK, aligned

FORMATS = {
    "video/h264-mp4": "h264-mp4",
    "video/nvenc_h264-mp4": "h264-mp4",
    "video/webm": "vp9-webm",
    "video/ProRes": "prores-mov",
    "video/16bit-png": "png-16bit",
}
COMBINE = "VHS_VideoCombine"
SAVE = "StreamingVideoSave"
OTHER_DECODERS = ("LTXVTiledVAEDecode", "LTXVSpatioTemporalTiledVAEDecode")
_MAX_CRF = 51


def savers(graph: Graph) -> Iterator[str]:
    """Replaces every VHS_VideoCombine; one that runs takes the place of a decoder that nothing else reads."""
    for combine in sorted(graph.find(type=COMBINE), key=lambda node: not runs(node)):
        if combine.id not in graph.state.node_index(combine.level.id):
            # Replaced together with the one that took their decoder's place.
            continue
        values = dict(combine.widgets)
        yield from _lost(combine, values)
        decoder = feeding(combine.input("images"))
        if decoder is None:
            yield f"{combine} has no pictures to save and is removed"
            graph.remove(combine)
        elif decoder.type in DECODERS and decoder.level == combine.level:
            yield from _stream(graph, combine, decoder, values)
        else:
            yield from _pictures(graph, combine, values)


def _lost(combine: Node, values: Mapping[str, Any]) -> Iterator[str]:
    """Sentences for losses that the account of the graph's values does not name."""
    pixels = values.get("pix_fmt")
    if pixels not in (None, "yuv420p"):
        yield f"{combine}: pix_fmt {pixels!r} became the format's own"
    if values.get("save_metadata") is False:
        yield f"{combine}: save_metadata False is not carried over; ComfyUI's --disable-metadata keeps workflows out of files"
    if any(output.links for output in combine.outputs):
        yield f"{combine}: its list of file names fed something that is no longer fed"
    for slot in combine.inputs:
        if slot.name in ("meta_batch", "vae") and slot.link:
            yield f"{combine}: its {slot.name} is not carried over; the video is written part by part"


def _stream(graph: Graph, combine: Node, decoder: Node, values: Mapping[str, Any]) -> Iterator[str]:
    readers = {target.node for output in decoder.outputs for target in output.targets}
    only_savers = all(node is not None and node.type == COMBINE for node in readers)
    first = combine == min(_combines(readers), key=lambda node: not runs(node), default=None)
    if not (only_savers and first):
        fed = {new: decoder.input(old).source for old, new in ((DECODERS[decoder.type], "latent"), ("vae", "vae"))}
        yield from _new_saver(graph, combine, fed, values)
        return
    others = [node for node in _combines(readers) if node != combine]
    graph.swap(
        decoder,
        SAVE,
        inputs={**{slot.name: None for slot in decoder.inputs}, "vae": "vae", DECODERS[decoder.type]: "latent"},
        outputs={slot.name: None for slot in decoder.outputs},
        widgets=dict.fromkeys(decoder.widgets),
    )
    for other in others:
        yield from _lost(other, dict(other.widgets))
        fed = {name: decoder.input(name).source for name in ("latent", "vae")}
        yield from _new_saver(graph, other, fed, dict(other.widgets))
    yield from _finish(graph, combine, decoder, values)


def _combines(nodes: set[Node | None]) -> list[Node]:
    return sorted((n for n in nodes if n is not None and n.type == COMBINE), key=lambda node: str(node.id))


def _new_saver(graph: Graph, combine: Node, fed: Mapping[str, Output | None], values: Mapping[str, Any]) -> Iterator[str]:
    saver = graph.add(SAVE, level=combine.level, pos=place(combine), role="video")
    for name, source in fed.items():
        if source is not None:
            graph.connect(source, saver.input(name))
    yield from _finish(graph, combine, saver, values)


def _finish(graph: Graph, combine: Node, saver: Node, values: Mapping[str, Any]) -> Iterator[str]:
    """Values, rate, sound and length; then the combiner goes."""
    saver.raw["mode"] = combine.mode
    if combine.raw.get("title"):
        saver.raw["title"] = combine.raw["title"]
    kind = FORMATS.get(str(values.get("format")))
    if kind is None:
        yield f"{combine}: format {values.get('format')!r} became h264-mp4"
    saver.widgets["format"] = kind or "h264-mp4"
    crf = values.get("crf")
    if kind in (None, "h264-mp4", "vp9-webm") and isinstance(crf, int) and not isinstance(crf, bool) and 0 <= crf <= _MAX_CRF:
        saver.widgets["crf"] = crf
    elif crf is not None:
        yield f"{combine}: crf {crf!r} is not carried over; {saver.widgets['format']} is written at its own quality"
    if isinstance(values.get("filename_prefix"), str):
        saver.widgets["filename_prefix"] = values["filename_prefix"]
    _rate(graph, combine, saver)
    sources = wired(combine)
    for name in ("audio", "filename_prefix"):
        if name in sources:
            graph.connect(sources[name], saver.input(name))
    planner = planner_beside(combine.level)
    if planner is not None:
        yield from switched_on(graph, planner)
        graph.connect(planner.output("frames"), saver.input("frames"))
    elif values.get("trim_to_audio"):
        yield f"{combine}: trim_to_audio needs an AudioLoopPlanner, whose frames say where the song ends; wire one"
    graph.remove(combine)


def _rate(graph: Graph, combine: Node, saver: Node) -> None:
    fed = wired(combine).get("frame_rate")
    value = number(combine, "frame_rate")
    if fed is not None:
        graph.connect(fed, saver.input("fps"))
    elif value is not None and value == int(value):
        saver.widgets["fps"] = int(value)
    elif value is not None:
        # The widget holds whole numbers; a wire takes any.
        rate = graph.add("PrimitiveFloat", level=saver.level, title="Frames per second", widgets={"value": value})
        graph.connect(rate.output(), saver.input("fps"))


def _pictures(graph: Graph, combine: Node, values: Mapping[str, Any]) -> Iterator[str]:
    """Pictures that were worked on after the decoder: ComfyUI's own CreateVideo and SaveVideo."""
    fed = wired(combine)
    made = graph.add("CreateVideo", level=combine.level, pos=place(combine))
    rate = number(combine, "frame_rate")
    if "frame_rate" in fed:
        graph.connect(fed["frame_rate"], made.input("fps"))
    elif rate is not None and 1 <= rate <= 120:
        made.widgets["fps"] = float(rate)
    else:
        yield f"{combine}: frame_rate {rate!r} is not carried over; CreateVideo has {made.widgets['fps']:g}"
    graph.connect(fed["images"], made.input("images"))
    if "audio" in fed:
        graph.connect(fed["audio"], made.input("audio"))
    if values.get("trim_to_audio"):
        yield f"{combine}: trim_to_audio is not carried over; the video is as long as its pictures"
    saver = graph.add("SaveVideo", level=combine.level, pos=place(combine, 320), role="video")
    saver.raw["mode"] = made.raw["mode"] = combine.mode
    if FORMATS.get(str(values.get("format"))) == "h264-mp4":
        saver.widgets["format"] = "mp4"
        saver.widgets["format.codec"] = "h264"
        crf = values.get("crf")
        if isinstance(crf, int) and 0 <= crf <= _MAX_CRF:
            saver.widgets["format.codec.encoding"] = "re-encode"
            saver.widgets["format.codec.encoding.crf"] = float(crf)
    else:
        yield f"{combine}: format {values.get('format')!r} became what SaveVideo chooses"
    if isinstance(values.get("filename_prefix"), str):
        saver.widgets["filename_prefix"] = values["filename_prefix"]
    if "filename_prefix" in fed:
        graph.connect(fed["filename_prefix"], saver.input("filename_prefix"))
    graph.connect(made.output(), saver.input("video"))
    graph.remove(combine)


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


__all__ = ["FORMATS", "OTHER_DECODERS", "decode", "savers"]

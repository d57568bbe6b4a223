"""VideoHelperSuite's loaders become ComfyUI's LoadVideo and LoadAudio."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import PurePath

from ...editing.graph import Graph
from ...editing.handles import Node, Output
from ...editing.places import place

_MAX_BATCH = 4096
_TO_THE_END_SECONDS = 86400.0
_USUAL = {"force_rate": 0, "custom_width": 0, "custom_height": 0, "select_every_nth": 1, "start_time": 0}


def video(graph: Graph, node: Node) -> Iterator[str]:
    """VHS_LoadVideo and VHS_LoadVideoPath: LoadVideo, GetVideoComponents, and ImageFromBatch for a part of it."""
    values = dict(node.widgets)
    name, told = _file(node, str(values.get("video") or ""))
    yield from told
    for wire in [slot.name for slot in node.inputs if slot.link]:
        yield f"{node}: its {wire} was wired and is not carried over"
    for option, usual in _USUAL.items():
        if values.get(option, usual) != usual:
            yield f"{node}: {option} {values[option]!r} is not carried over; all frames come, in their own size and rate"
    loader = graph.add("LoadVideo", level=node.level, pos=place(node), widgets={"file": name})
    parts = graph.add("GetVideoComponents", level=node.level, pos=place(node, 300.0))
    graph.connect(loader.output(), parts.input("video"))
    pictures = parts.output("images")
    skip, cap = int(values.get("skip_first_frames") or 0), int(values.get("frame_load_cap") or 0)
    if skip or cap:
        cut = graph.add("ImageFromBatch", level=node.level, pos=place(node, 600.0))
        cut.widgets["batch_index"] = skip
        cut.widgets["length"] = min(cap or _MAX_BATCH, _MAX_BATCH)
        if not 0 < cap <= _MAX_BATCH:
            yield f"{node}: {_MAX_BATCH} frames at most come from it"
        graph.connect(pictures, cut.input("image"))
        pictures = cut.output()
        if any(slot.type == "AUDIO" and slot.targets for slot in node.outputs):
            yield f"{node}: its sound is that of the whole file, not of the {cap or 'last'} frames from {skip} on"
    yield from _outputs(graph, node, {"IMAGE": pictures, "AUDIO": parts.output("audio"), "INT": pictures})
    for new in (loader, parts):
        new.raw["mode"] = node.mode
    graph.remove(node)


def _outputs(graph: Graph, node: Node, given: dict[str, Output]) -> Iterator[str]:
    for slot in node.outputs:
        source = given.get(str(slot.type))
        if source is None:
            if slot.targets:
                yield f"{node}: its {slot.name} fed {', '.join(str(t.node) for t in slot.targets)} and is gone"
            continue
        if slot.type == "INT" and slot.targets:
            counted = graph.add("GetImageSize", level=node.level, pos=place(node, 600.0, 160.0))
            graph.connect(source, counted.input("image"))
            source = counted.output("batch_size")
        for target in slot.targets:
            graph.connect(source, target)


def sound(graph: Graph, node: Node) -> Iterator[str]:
    """VHS_LoadAudio and VHS_LoadAudioUpload: LoadAudio, and TrimAudioDuration for a part of it."""
    values = dict(node.widgets)
    name, told = _file(node, str(values.get("audio") or values.get("audio_file") or ""))
    yield from told
    for wire in [slot.name for slot in node.inputs if slot.link]:
        yield f"{node}: its {wire} was wired and is not carried over"
    loader = graph.add("LoadAudio", level=node.level, pos=place(node), widgets={"audio": name})
    loader.raw["mode"] = node.mode
    audio = loader.output()
    start = float(values.get("start_time") or values.get("seek_seconds") or 0.0)
    length = float(values.get("duration") or 0.0)
    if start or length:
        trim = graph.add("TrimAudioDuration", level=node.level, pos=place(node, 300.0))
        trim.widgets["start_index"] = start
        trim.widgets["duration"] = length or _TO_THE_END_SECONDS
        graph.connect(audio, trim.input("audio"))
        audio = trim.output()
    for slot in node.outputs:
        targets = slot.targets
        if slot.type == "FLOAT" and targets:
            measured = graph.add("AudioDuration", level=node.level, pos=place(node, 600.0))
            graph.connect(audio, measured.input("audio"))
        for target in targets:
            graph.connect(measured.output("duration") if slot.type == "FLOAT" else audio, target)
    graph.remove(node)


def _file(node: Node, path: str) -> tuple[str, list[str]]:
    """The name in the input folder, and a remark if the node named a path."""
    if not node.type.endswith(("Path", "LoadAudio")):
        return path, []
    name = PurePath(path.replace("\\", "/")).name
    return name, [f"{node}: it read {path!r}; copy that file into ComfyUI's input folder, where {name!r} is looked for"]


REPLACED = {
    "VHS_LoadVideo": video,
    "VHS_LoadVideoPath": video,
    "VHS_LoadVideoFFmpeg": video,
    "VHS_LoadVideoFFmpegPath": video,
    "VHS_LoadAudio": sound,
    "VHS_LoadAudioUpload": sound,
}

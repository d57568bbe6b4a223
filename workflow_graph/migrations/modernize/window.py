"""The window of an iteration: LTXVAudioVideoMask and what cuts the song become LoopWindowLatent and AudioLatentWindow.

Both get the plan, so that every position is an integer from one place; the song is padded to the plan and encoded once.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from fractions import Fraction
from typing import Any

from ....loop_control.units import latents_from_pixels, round_half_up
from ...editing.graph import Graph, Level
from ...editing.handles import Node, Output
from ...editing.places import place
from ...node_kinds import AUDIO_ENCODERS, SONG_ENCODER
from ...reading.trace import feeding, number, origin, runs
from ..planners import planner_beside, switched_on

DEFAULT_WINDOW_LATENTS = 63
"""Of a window of 19.88 s at 25 frames a second."""
_SLICES = ("AudioLatentWindow", "AudioLatentSlice")


def replace(graph: Graph, mask: Node) -> Iterator[str]:
    """Replaces one LTXVAudioVideoMask with all that cuts its audio; says what it could not take from a plan."""
    values = dict(mask.widgets)
    if values.get("max_length") == "truncate" or mask.input("video_latent").source is None:
        yield f"{mask}: masks a part of a latent that is whole already, which no node of ComfyUI does; it stays"
        return
    yield from _other_uses(mask, values)
    instances = mask.level.instances if mask.level.id else ()
    outer = instances[0].level if len(instances) == 1 else graph.root if not mask.level.id else None
    planner = planner_beside(outer)
    opened = _only(outer, "TensorLoopOpen")
    cutter = feeding(mask.input("audio_latent"))
    follows = cutter is not None and cutter.type in (*_SLICES, *AUDIO_ENCODERS)
    song = None
    if planner is not None and opened is not None and cutter is not None and follows:
        yield from switched_on(graph, planner)
        song = _song(graph, cutter, planner)
    if outer is None or planner is None or opened is None or cutter is None or song is None:
        yield from _alone(graph, mask)
        return
    level = mask.level
    song_inside = _carried(graph, song, level, "full_audio_latent")
    plan = _carried(graph, planner.output("plan"), level, "plan")
    iteration = _carried(graph, opened.output("current_iteration"), level, "current_iteration")
    slot = mask.input("audio_latent")
    if cutter.type == "AudioLatentWindow" and cutter.level == level:
        window = cutter
        for name in ("start_seconds", "duration_seconds"):
            graph.disconnect(window.input(name))
    else:
        window = graph.add("AudioLatentWindow", level=level, role="loop_audio", pos=place(mask, -40, -160))
    graph.connect(song_inside, window.input("audio_latent"))
    graph.connect(window.output(), slot)
    _window_latent(graph, mask)
    for node in (window, mask):
        graph.connect(plan, node.input("plan"))
        graph.connect(iteration, node.input("current_iteration"))


def _other_uses(mask: Node, values: Mapping[str, Any]) -> Iterator[str]:
    start, end = number(mask, "audio_start_time"), number(mask, "audio_end_time")
    same = _at_same(mask, "audio_start_time", "audio_end_time") or (start is not None and start == end)
    if not same:
        yield f"{mask}: it let the model change the audio from {start} s to {end} s; the window keeps the song as it is"
    if values.get("existing_mask_mode", "add") != "add":
        yield f"{mask}: existing_mask_mode {values['existing_mask_mode']!r} is not carried over; the window makes its own mask"


def _at_same(mask: Node, *names: str) -> bool:
    sources = [mask.input(name).source for name in names]
    return sources[0] is not None and all(source == sources[0] for source in sources)


def _alone(graph: Graph, mask: Node) -> Iterator[str]:
    """Without a plan that reaches it: the window's length from the mask's own numbers, its audio as it comes."""
    seconds, fps = number(mask, "video_end_time"), number(mask, "video_fps")
    latents = DEFAULT_WINDOW_LATENTS
    if seconds and fps and seconds > 0 and fps > 0:
        latents = max(2, latents_from_pixels(max(1, round_half_up(Fraction(str(seconds)) * Fraction(str(fps))))))
    else:
        yield f"{mask}: its video_end_time is not written in the graph; window_latents is {latents}"
    yield f"{mask}: no AudioLoopPlanner's plan reaches it; window_latents is a number of its own ({latents})"
    _window_latent(graph, mask, window_latents=latents)


def _window_latent(graph: Graph, mask: Node, **values: int) -> None:
    graph.swap(
        mask,
        "LoopWindowLatent",
        inputs={**{s.name: None for s in mask.inputs}, "video_latent": "context", "audio_latent": "audio_latent"},
        widgets=dict.fromkeys(mask.widgets),
        values=values,
    )


def slices(graph: Graph) -> Iterator[str]:
    """AudioLatentSlice that no window took over -> AudioLatentWindow, by seconds."""
    for node in graph.find(type="AudioLatentSlice"):
        if any(slot.name == "source_seconds" and slot.link for slot in node.inputs):
            yield f"{node}: source_seconds is no longer asked for; an audio latent has 25 frames a second"
        graph.swap(
            node,
            "AudioLatentWindow",
            inputs={"latent": "audio_latent", "source_seconds": None},
            outputs={"latent": "audio_latent"},
            widgets={"source_seconds": None},
        )


def _only(level: Level | None, kind: str) -> Node | None:
    found = [node for node in level.nodes if node.type == kind and runs(node)] if level is not None else []
    return found[0] if len(found) == 1 else None


def _song(graph: Graph, cutter: Node, planner: Node) -> Output | None:
    """The whole song, encoded with the plan's silence behind it, at the planner's level."""
    if cutter.type in _SLICES:
        name = "latent" if cutter.type == "AudioLatentSlice" else "audio_latent"
        encoder = feeding(cutter.input(name))
        if encoder is None or encoder.type not in AUDIO_ENCODERS or encoder.level != planner.level:
            return None
        if encoder.type != SONG_ENCODER:
            graph.swap(encoder, SONG_ENCODER, outputs={"Audio Latent": "audio_latent"})
        _unpadded(graph, encoder)
        graph.connect(planner.output("plan"), encoder.input("plan"))
    else:
        trim = feeding(cutter.input("audio"))
        if trim is None or trim.type != "TrimAudioDuration":
            return None
        audio = _at(origin(trim.input("audio")), planner.level)
        vae = _at(origin(cutter.input("audio_vae")), planner.level)
        if audio is None or vae is None:
            return None
        encoder = graph.add(
            SONG_ENCODER,
            level=planner.level,
            title="Encode the whole song once",
            role="audio_encode",
            pos=place(planner, -40, -160),
        )
        for value, name in ((audio, "audio"), (vae, "audio_vae"), (planner.output("plan"), "plan")):
            graph.connect(value, encoder.input(name))
    return encoder.output()


def _unpadded(graph: Graph, encoder: Node) -> None:
    """The song itself for an encoder that pads it to the plan, not what AudioPadToPlan made of it."""
    pad = feeding(encoder.input("audio"))
    if pad is None or pad.type != "AudioPadToPlan":
        return
    audio = pad.input("audio").source
    if audio is not None:
        graph.connect(audio, encoder.input("audio"))
    if not pad.output().links:
        graph.remove(pad)


def _at(output: Output | None, level: Level) -> Output | None:
    return output if output is not None and output.level == level else None


def _carried(graph: Graph, output: Output, level: Level, name: str) -> Output:
    """The same value inside `level`: by a boundary input of that name, or directly if it is the same level."""
    if output.level == level:
        return output
    (instance,) = level.instances
    for slot in instance.inputs:
        if origin(slot) == output:
            return level.input(slot.name)
    taken = {slot.name for slot in level.inputs}
    number = 2
    free = name
    while free in taken:
        free, number = f"{name}_{number}", number + 1
    inside = graph.add_input(level, free, str(output.type))
    graph.connect(output, instance.input(free))
    return inside

"""A saved video dropped on the real canvas brings its graph back, however large it is and whatever its texts hold."""

from __future__ import annotations

import json
from fractions import Fraction

import pytest
import torch

from audio_loop.comfy_host import frontend
from audio_loop.comfy_host.environment import REPOSITORY
from audio_loop.video.content import Encoding, VideoContent
from audio_loop.video.encode import VideoFileWriter
from audio_loop.video.formats import video_format

MIB = 2**20
SIDE_PX = 1024
OTHER_FORMATS = ("vp9-webm", "prores-mov")
TEXT = 'a } brace, {{ two, a "quote" and a \\ back slash'

DROP = """(input) => {
    const transfer = new DataTransfer();
    transfer.items.add(input.files[0]);
    const canvas = window.app.canvas.canvas;
    const { left, top, width, height } = canvas.getBoundingClientRect();
    const place = { clientX: left + width / 2, clientY: top + height / 2 };
    for (const kind of ["dragenter", "dragover", "drop"]) {
        canvas.dispatchEvent(new DragEvent(kind, { dataTransfer: transfer, bubbles: true, cancelable: true, ...place }));
    }
}"""
SHOWN = """() => window.app.graph.nodes.filter((node) => node.type === "StreamingVideoSave").flatMap(
    (node) => node.widgets.filter((widget) => widget.name === "filename_prefix").map((widget) => widget.value))"""


@pytest.fixture(scope="module")
def workflow():
    """A shipped graph, marked by a name with braces in it."""
    document = json.loads((REPOSITORY / "example_workflows" / "audio-loop_smoke.json").read_text("utf-8"))
    (saver,) = [node for node in document["nodes"] if node["type"] == "StreamingVideoSave"]
    assert saver["widgets_values"].count("video/audio_loop") == 1
    saver["widgets_values"] = [TEXT if value == "video/audio_loop" else value for value in saver["widgets_values"]]
    return document


def noise_video(path, name, workflow, megabytes):
    """A video of noise, which no encoder makes smaller, at least this large."""
    kind = video_format(name)
    frames = max(1, round(megabytes * MIB / SIDE_PX**2))
    crf = kind.crf_range[0] if kind.crf_range else None
    content = VideoContent(Fraction(25), frames, metadata={"workflow": workflow})
    writer = VideoFileWriter(path, (SIDE_PX, SIDE_PX), content, Encoding(kind, crf))
    generator = torch.Generator().manual_seed(1)
    top = 2**kind.bits
    for _ in range(frames):
        pixels = torch.randint(0, top, (1, SIDE_PX, SIDE_PX, 3), generator=generator, dtype=torch.int32).numpy()
        writer.write(pixels.astype("uint8" if kind.bits == 8 else "uint16"))
    return writer.finish()


def drop(page, path):
    """Drops a file on the middle of the empty canvas, and waits until the graph is there."""
    frontend.show(page, frontend.EMPTY_GRAPH)
    page.evaluate("document.getElementById('drop')?.remove()")
    page.evaluate("document.body.appendChild(Object.assign(document.createElement('input'), { type: 'file', id: 'drop' }))")
    chosen = page.locator("#drop")
    chosen.set_input_files(path)
    chosen.evaluate(DROP)
    page.wait_for_function("() => window.app.graph.nodes.length > 0", timeout=frontend.READY_MS)


def unfinished_mp4(folder, workflow):
    """A file that a render has not closed yet, and what closes it."""
    content = VideoContent(Fraction(25), 500, metadata={"workflow": workflow})
    writer = VideoFileWriter(folder / "a.mp4", (64, 64), content, Encoding(video_format("h264-mp4")))
    writer.write(torch.randint(0, 256, (120, 64, 64, 3), dtype=torch.uint8).numpy())
    assert writer.partial.stat().st_size > 10_000
    return writer.partial, writer.abandon


def test_it_brings_its_graph_back(page, tmp_path, workflow):
    # Larger than what the frontend reads of it.
    large = noise_video(tmp_path / "large.mp4", "h264-mp4", workflow, 70)
    assert large.stat().st_size > 70 * MIB
    small = [noise_video(tmp_path / f"small_{name}{video_format(name).extension}", name, workflow, 1) for name in OTHER_FORMATS]
    unfinished, abandon = unfinished_mp4(tmp_path, workflow)
    for path in (large, *small, unfinished):
        drop(page, path)
        assert (path.name, page.evaluate(SHOWN)) == (path.name, [TEXT])
        assert page.evaluate("() => window.app.graph.nodes.length") == len(workflow["nodes"])
    abandon()

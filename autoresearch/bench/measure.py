"""One render of the benchmark: queued, timed, its memory watched, its video judged."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ...comfy_host.client import ComfyClient
from ...comfy_host.errors import ComfyError
from ...farm.songs import content_hash
from ..errors import HarnessError
from ..judging import judged, plan_of
from ..rendering import video_among
from ..run_job import RunJob
from .memory_watch import MachineFacts, MemoryLook, MemoryWatch, machine_of
from .render_clock import RenderClock, RenderSeconds

_INPUT_FOLDER = "audio_loop_bench"
SILENCE_SECONDS = 3600.0
_STATS = "/system_stats"


@dataclass(frozen=True)
class BenchRun:
    """The outcome of one render.

    Attributes:
        seed: Its seed.
        machine: The server's machine.
        took: Its times.
        memory: Memory over time.
        frames: Frames of the video.
        expected_frames: Frames that the plan delivers; None if the workflow has no plan.
        metrics: The scorecard.
        video: The fetched file.
    """

    seed: Any
    machine: MachineFacts
    took: RenderSeconds
    memory: tuple[MemoryLook, ...]
    frames: int
    expected_frames: int | None
    metrics: Mapping[str, Any]
    video: Path


def measure(job: RunJob, client: ComfyClient, folder: Path) -> BenchRun:
    """Renders a job from a cold start and measures it.

    Args:
        job: The run.
        client: The server.
        folder: An existing folder for the video.

    Raises:
        HarnessError: The workflow has no place for something, or saved no video of the run's name.
        ComfyError: The render failed, or the server went away.
    """
    fixture = job.fixture
    prompt = job.prompt(_upload(client, fixture.audio), _upload(client, fixture.image))
    machine = machine_of(client.get_json(_STATS))
    # What the server remembers of the run before would make this one seem fast.
    client.free()
    clock = RenderClock(prompt)
    with MemoryWatch(lambda: _stats(client)) as memory:
        result = client.run(prompt, on_event=clock.add, timeout=SILENCE_SECONDS)
    took = clock.read()
    made = video_among(result, job.run_id)
    if made is None:
        raise HarnessError(f"the render ended without a video LTX-2_{job.run_id}_*; is its save node switched off?")
    video = client.fetch(made, folder / Path(made.filename).name)
    metrics = judged(video, prompt, fixture.audio, fixture.image, None, took.whole)
    plan = plan_of(prompt, fixture.audio)
    expected = None if plan is None else plan.frames_delivered
    seed = job.settings.get("seed")
    return BenchRun(seed, machine, took, memory.looks, metrics["frames"], expected, metrics, video)


def _upload(client: ComfyClient, path: Path) -> str:
    return client.upload(path, f"{_INPUT_FOLDER}/{content_hash(path)[:16]}")


def _stats(client: ComfyClient) -> Mapping[str, Any]:
    try:
        answer: Mapping[str, Any] = client.get_json(_STATS)
    except ComfyError as error:
        raise OSError(str(error)) from error
    return answer

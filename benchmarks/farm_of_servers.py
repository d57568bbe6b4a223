"""A farm of local servers on the tiny model: four songs on one server, then on three of which one is killed.

    python benchmarks/farm_of_servers.py [--servers 3] [--songs 4] [--seconds 20]

Says whether the videos are equal frame by frame, how many windows were made, and both wall times. On a machine of two cores
three servers cannot be three times as fast: what is shown is that nothing is lost and nothing differs.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import _setup

from audio_loop.comfy_host.environment import REPOSITORY

WORKFLOW = REPOSITORY / "example_workflows" / "api" / "audio-loop-music-video.json"
WINDOW_SECONDS, FINISH_WINDOW_SECONDS = 4.84, 3.88
MOST_SECONDS = 1800


def main() -> None:
    """Renders twice and compares."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--servers", type=int, default=3)
    parser.add_argument("--songs", type=int, default=4)
    parser.add_argument("--seconds", type=float, default=20.0, help="of the shortest song; each further one is 1 s longer")
    options = parser.parse_args()
    _setup.enter_environment()
    with tempfile.TemporaryDirectory(prefix="audio-loop-farm-bench-", ignore_cleanup_errors=True) as name:
        folder = Path(name)
        songs = write_songs(folder / "songs", options.songs, options.seconds)
        workflow = toy_workflow(WORKFLOW, folder / "workflow.json")
        models = make_models(folder / "models")
        one = farm(folder / "one", models, workflow, songs, servers=1)
        many = farm(folder / "many", models, workflow, songs, servers=options.servers, kill=True)
    print(f"one server: {one['seconds']:.1f} s, {one['windows']} windows made")
    print(f"{options.servers} servers, one killed: {many['seconds']:.1f} s, {many['windows']} windows made")
    equal = sum(one["frames"][song] == many["frames"].get(song) for song in one["frames"])
    print(f"videos equal frame by frame: {equal} of {options.songs}")
    sys.exit(equal != options.songs)


def write_songs(folder: Path, count: int, seconds: float) -> list[Path]:
    """Songs of different lengths, each with a picture."""
    from audio_loop.demo.picture import write_picture
    from audio_loop.demo.song import write_song

    songs = [write_song(folder / f"song-{number}.wav", seconds + number) for number in range(count)]
    for song in songs:
        write_picture(song.with_suffix(".png"))
    return songs


def toy_workflow(workflow: Path, target: Path) -> Path:
    """The workflow with the tiny model and short windows."""
    from audio_loop.demo import workflow_patch as patch

    prompt = json.loads(workflow.read_text(encoding="utf-8"))
    finish = patch.Replacement("window of the finish", FINISH_WINDOW_SECONDS, (("#2502", "value"),))
    changes = [*patch.TINY_MODEL, patch.TINY_UPSCALER, finish, *patch.toy_size(*patch.TOY_TWO_STAGES_PX, WINDOW_SECONDS)]
    target.write_text(json.dumps(patch.patched(prompt, changes, patch.STAND_INS)), encoding="utf-8")
    return target


def make_models(folder: Path) -> Path:
    """The tiny model."""
    from audio_loop.demo.launch import make_tiny_models

    make_tiny_models(folder)
    return folder


def farm(
    folder: Path, models: Path, workflow: Path, songs: Sequence[Path], *, servers: int, kill: bool = False
) -> dict[str, Any]:
    """Renders the songs by the command line; gives wall time, windows made, and a hash of each video's frames."""
    from audio_loop.demo.launch import tiny_server

    with ExitStack() as stack:
        started = [stack.enter_context(tiny_server(folder / f"server-{n}", models)) for n in range(servers)]
        output = folder / "videos"
        command = [
            *(sys.executable, str(REPOSITORY / "scripts" / "farm.py"), *map(str, songs)),
            *("--workflow", str(workflow), "--output", str(output), "--servers", ",".join(each.url for each in started)),
        ]
        if kill:
            threading.Thread(target=kill_in_the_middle, args=(started[-1], output), daemon=True).start()
        begin = time.monotonic()
        done = subprocess.run(command, check=False, capture_output=True, text=True, timeout=MOST_SECONDS)
        seconds = time.monotonic() - begin
        print(done.stdout, done.stderr.replace("\r", "\n")[-3000:], sep="\n", flush=True)
        # A window that is made twice has another time of making in its file.
        files = [path for each in started for path in each.base.glob("output/audio_loop/*/segment_*")]
        made = {hashlib.sha256(path.read_bytes()).hexdigest() for path in files}
        videos = {song.stem: output / f"{song.stem}.mp4" for song in songs}
        frames = {song: frames_hash(video) for song, video in videos.items() if video.exists()}
    return {"seconds": seconds, "windows": len(made), "frames": frames}


def kill_in_the_middle(server: Any, output: Path) -> None:
    """Kills a server while it works on a window: some time after the farm has finished its first ones."""
    while len(list(output.glob("*/*/segment_*"))) < 6:
        time.sleep(0.2)
    time.sleep(1.0)
    server.kill()


def frames_hash(video: Path) -> str:
    """A hash of every frame of a video."""
    import av

    hasher = hashlib.sha256()
    with av.open(str(video)) as container:
        for frame in container.decode(video=0):
            hasher.update(frame.to_ndarray(format="rgb24").tobytes())
    return hasher.hexdigest()


if __name__ == "__main__":
    main()

"""Turns a song and a picture into a music video, from nothing: sets up everything, renders, prints the video's path.

A workflow of two stages gives two videos: its draft first, at half the size, and then what is finished from it.

Without --server it renders with a random toy model of the true architecture, on the CPU: the whole machinery runs, the
picture means nothing. With --server URL it renders with the models of that ComfyUI, for real.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import logging
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import _bootstrap  # noqa: F401

from audio_loop.comfy_host.environment import (
    REPOSITORY,
    EnvironmentSetupError,
    ensure_comfyui,
    ensure_environment,
    reexec_inside,
)

if TYPE_CHECKING:
    from audio_loop.comfy_host.client import ComfyClient

WORKFLOW = REPOSITORY / "example_workflows" / "api" / "audio-loop-music-video.json"
OUTPUT = REPOSITORY / "demo_output"
DEFAULT_SECONDS = 40.0
TOY_NOTICE = (
    "This renders with a RANDOM TOY MODEL: the architecture, files and workflow are the true ones, the weights are noise.\n"
    "It shows that everything works and says nothing about picture quality. For real videos: --server URL."
)


def main() -> int:
    """0 if there is a video, 1 if rendering failed, 2 if something had to be refused before."""
    arguments = parse_arguments()
    logging.basicConfig(level=logging.INFO, format="%(message)s")
    try:
        prompt = read_prompt(arguments.workflow)
        comfyui = ensure_comfyui()
        reexec_inside(ensure_environment(comfyui))
        return make_video(arguments, prompt)
    except (EnvironmentSetupError, ValueError) as error:
        print(f"error: {error}", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        print("stopped", file=sys.stderr)
        return 130


def parse_arguments() -> argparse.Namespace:
    """The command line; files are checked here, before anything is installed or started."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--image", type=existing_file, help="picture of the singer; default: a drawn face")
    parser.add_argument("--audio", type=existing_file, help="the song; default: one that is synthesised")
    parser.add_argument("--seconds", type=positive, help="length of the video; default: the whole song, or 40")
    parser.add_argument("--server", metavar="URL", help="a running ComfyUI with the pack and the real models")
    parser.add_argument("--workflow", type=existing_file, default=WORKFLOW, help="workflow in API form")
    parser.add_argument("--output", type=Path, default=OUTPUT, help="folder for the video (default: demo_output)")
    parser.add_argument("--keep", action="store_true", help="keep the folder that ComfyUI worked in, with its log")
    return parser.parse_args()


def existing_file(text: str) -> Path:
    """A path that names a file."""
    if not Path(text).is_file():
        raise argparse.ArgumentTypeError(f"there is no file {text}")
    return Path(text).resolve()


def positive(text: str) -> float:
    """A number of seconds above zero."""
    try:
        seconds = float(text)
    except ValueError:
        seconds = 0.0
    if not 0 < seconds < float("inf"):
        raise argparse.ArgumentTypeError(f"{text!r} is not a number of seconds above 0")
    return seconds


def read_prompt(path: Path) -> dict[str, Any]:
    """The workflow's nodes by id.

    Raises:
        ValueError: the file is not a workflow in API form.
    """
    try:
        document = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise ValueError(f"{path} cannot be read as a workflow: {error}") from error
    if isinstance(document, dict) and isinstance(document.get("nodes"), list):
        raise ValueError(f"{path} is in the editor's form. Export it with 'Export (API)' in ComfyUI, or use the api/ file.")
    if not isinstance(document, dict) or not all(
        isinstance(node, dict) and "class_type" in node and "inputs" in node for node in document.values()
    ):
        raise ValueError(f"{path} is not a workflow in API form (nodes by id, each with class_type and inputs)")
    return document


def make_video(arguments: argparse.Namespace, prompt: dict[str, Any]) -> int:
    """Renders and prints the path of the video as the last line."""
    from audio_loop.comfy_host.errors import ComfyError
    from audio_loop.demo import render, stages
    from audio_loop.demo.audio_length import song_length

    with working_folder(arguments.keep) as folder:
        image, audio = inputs(arguments, folder)
        # A workflow that does not fit is refused before a server is started for it.
        patched(prompt, arguments, image.name, audio.name)
        song_length(audio)
        try:
            with connected(arguments.server, folder) as client:
                ready = patched(prompt, arguments, client.upload(image), client.upload(audio))
                missing = render.missing_nodes(client, ready)
                if missing:
                    print(f"error: {client.url} has no nodes {', '.join(missing)}", file=sys.stderr)
                    return 2
                for stage in stages.stages_of(ready) or (None,):
                    target = one_video(arguments, client, ready, stage, audio)
                    if stage == stages.DRAFT:
                        print(target, flush=True)
        except ComfyError as error:
            print(f"error: {error}", file=sys.stderr)
            if not arguments.server:
                keep_log(folder, arguments.output)
            return 1
    if not arguments.server:
        print("Made with the random toy model; the pictures in it are noise.")
    print(target, flush=True)
    return 0


def one_video(
    arguments: argparse.Namespace, client: ComfyClient, prompt: dict[str, Any], stage: str | None, audio: Path
) -> Path:
    """Renders one stage, or the only one, and says which windows were sampled for it; returns the video's path."""
    from audio_loop.comfy_host.video_of import video_of
    from audio_loop.demo import render, stages
    from audio_loop.demo.expected_loop import expected_iterations

    chosen = prompt if stage is None else stages.for_stage(prompt, stage)
    # What the finish needs is known only to the server.
    known = None if stage == stages.FINISH else expected_iterations(chosen, *used_length(arguments, audio))
    rendered = render.render(client, chosen, known)
    sampled = stages.windows_sampled(chosen, rendered.sampled)
    if stage is None:
        print(f"{sampled[stages.DRAFT]} windows sampled")
    elif stage == stages.DRAFT:
        print(f"draft: {sampled[stages.DRAFT]} windows sampled at half the size")
    else:
        print(f"finish: {sampled[stages.FINISH]} windows sampled at full size, {sampled[stages.DRAFT]} of the draft again")
    video = video_of(rendered.result)
    name = f"{audio.stem}{'-draft' if stage == stages.DRAFT else ''}{Path(video.filename).suffix}"
    target = render.free_name(arguments.output.resolve(), name)
    client.fetch(video, target)
    return target


def inputs(arguments: argparse.Namespace, folder: Path) -> tuple[Path, Path]:
    """The picture and the song; what the user did not give is made."""
    from audio_loop.demo.picture import write_picture
    from audio_loop.demo.song import write_song

    image = arguments.image or write_picture(folder / "drawn-face.png")
    audio = arguments.audio or write_song(folder / "demo-song.wav", arguments.seconds or DEFAULT_SECONDS)
    return image, audio


def patched(prompt: dict[str, Any], arguments: argparse.Namespace, image_name: str, audio_name: str) -> dict[str, Any]:
    """The prompt with this song and picture in it, and with the toy model unless a server has the real ones."""
    from audio_loop.demo import stages
    from audio_loop.demo import workflow_patch as patch

    replacements = [*patch.song_and_picture(image_name, audio_name)]
    if arguments.seconds and arguments.audio:
        replacements += patch.length(arguments.seconds)
    if arguments.server:
        return patch.patched(prompt, replacements)
    toy = [*patch.TINY_MODEL, *patch.toy_size()]
    if stages.stages_of(prompt):
        toy = [*patch.TINY_MODEL, patch.TINY_UPSCALER, *patch.toy_size(*patch.TOY_TWO_STAGES_PX)]
    return patch.patched(prompt, [*replacements, *toy], patch.STAND_INS)


def used_length(arguments: argparse.Namespace, audio: Path) -> tuple[int, int]:
    """Samples of the song that are used, and samples per second."""
    from audio_loop.demo.audio_length import song_length

    samples, rate = song_length(audio)
    return min(samples, round(arguments.seconds * rate)) if arguments.seconds else samples, rate


@contextlib.contextmanager
def connected(server: str | None, folder: Path) -> Iterator[ComfyClient]:
    """A connection to the user's server, or to one of our own that ends with it."""
    from audio_loop.comfy_host.client import ComfyClient
    from audio_loop.comfy_host.session import ComfySession
    from audio_loop.demo.launch import make_tiny_models, tiny_server

    if server:
        with ComfyClient(server) as client:
            yield client
        return
    print(TOY_NOTICE)
    models = folder / "models"
    print("making the tiny model", flush=True)
    make_tiny_models(models)
    print("starting ComfyUI", flush=True)
    with ComfySession(tiny_server(folder / "comfyui", models)) as session:
        print(f"ComfyUI answers at {session.url}; its log is {session.server.log_path}", flush=True)
        yield session.client


@contextlib.contextmanager
def working_folder(keep: bool) -> Iterator[Path]:
    """A folder for model, server and log that goes away in the end, unless it is to be kept."""
    if keep:
        folder = Path(tempfile.mkdtemp(prefix="audio-loop-demo-"))
        print(f"everything is kept in {folder}")
        yield folder
        return
    with tempfile.TemporaryDirectory(prefix="audio-loop-demo-", ignore_cleanup_errors=True) as name:
        yield Path(name)


def keep_log(folder: Path, output: Path) -> None:
    """Saves ComfyUI's log from the folder that is about to go, and says where it is."""
    from audio_loop.demo.render import free_name

    log = folder / "comfyui" / "comfyui.log"
    if log.exists():
        kept = free_name(output.resolve(), "comfyui.log")
        kept.write_bytes(log.read_bytes())
        print(f"ComfyUI's log: {kept}", file=sys.stderr)


if __name__ == "__main__":
    sys.exit(main())

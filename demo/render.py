"""Renders one song through a ComfyUI and shows one progress bar for it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from tqdm import tqdm

from ..comfy_host.client import ComfyClient
from ..comfy_host.events import Event
from ..comfy_host.prompt_result import PromptResult
from ..files.free_names import first_free, numbered
from .song_progress import SongFollower
from .workflow_patch import Prompt

BAR_FORMAT = "{desc}: {percentage:3.0f}%|{bar}| step {n_fmt}/{total_fmt} [{elapsed}<{remaining}]{postfix}"
# A silent minute is normal for a large model's step; an hour of silence is not.
SILENCE_SECONDS = 3600.0


@dataclass(frozen=True)
class Followed:
    """Outcome of a render that was followed to its end.

    Attributes:
        result: Outputs of its nodes.
        sampled: Windows that were sampled, by the prompt's node that samples them.
    """

    result: PromptResult
    sampled: Mapping[str, int]


def render(client: ComfyClient, prompt: Prompt, iterations: int | None) -> Followed:
    """Queues the prompt and follows it to the end under one bar.

    Args:
        client: A connected client.
        prompt: API form.
        iterations: How many the loop will make, if that is known; the loop's own word replaces it.

    Raises:
        ComfyError: ComfyUI refused or failed.
    """
    follower = SongFollower(prompt, iterations)
    with tqdm(total=None, bar_format=BAR_FORMAT, dynamic_ncols=True, desc="loading") as bar:
        result = client.run(prompt, on_event=bar_updater(bar, follower), timeout=SILENCE_SECONDS)
    return Followed(result, follower.sampled)


def bar_updater(bar: tqdm, follower: SongFollower) -> Callable[[Event], None]:
    """A function that moves `bar` with each event."""

    def update(event: Event) -> None:
        now = follower.read(event)
        if now.total is not None and bar.total != now.total:
            bar.total = now.total
        bar.set_description_str(now.stage, refresh=False)
        bar.update(now.done - bar.n)

    return update


def free_name(folder: Path, name: str) -> Path:
    """`folder/name`, with a number if that is taken: nothing is overwritten. The folder is made."""
    folder.mkdir(parents=True, exist_ok=True)
    return first_free(numbered(folder / name))


def missing_nodes(client: ComfyClient, prompt: Prompt) -> list[str]:
    """Node classes that the prompt needs and the server does not have."""
    known = client.object_info()
    return sorted({node["class_type"] for node in prompt.values()} - set(known))

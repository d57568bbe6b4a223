"""Which run a checkpoint of a graph belongs to, if nobody named one.

A run belongs to what its windows share and what an edit leaves alone: the song, the files that the first window is made from
(its picture), the grid and the size. Prompts, seeds, steps and models do not count: with them each edit would begin a run of
its own, without the takes, locks and retakes of the one before. Two loops in one graph have runs of their own, and so have two
stages: a loop that starts from what another loop has made.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

from ...files.hashing import digest_parts
from ...files.names import clean_name
from ...loop_engine.prompt_links import as_link, links_of
from ..errors import FingerprintRefusedError
from ..fingerprint.canvas_links import WINDOW_OF_CANVAS
from ..fingerprint.value_hash import hash_plain_value

CHECKPOINT_CLASS = "IterationCheckpoint"

Prompt = Mapping[str, Mapping[str, Any]]
"""A graph in ComfyUI's API form: node id -> class type and inputs."""
FileOf = Callable[[str, str, object], "Path | None"]
"""(class type, input name, value) -> the file of the user that the value names, no model; None if it names none."""
HashFile = Callable[[Path], bytes]


def upstream(prompt: Prompt, node_id: str) -> list[str]:
    """A node and all that lie upstream of it, nearest first, each once. Links to missing nodes are passed over."""
    found, seen = [node_id], {node_id}
    for each in found:
        for _, (source, _) in links_of(prompt[each]):
            if source not in seen and source in prompt:
                seen.add(source)
                found.append(source)
    return found


def chain_of(prompt: Prompt, node_id: str) -> tuple[str, ...]:
    """A checkpoint and those that it goes on from, one behind the other; the last is that of the initial render.

    Only the value that a loop starts with is followed, by the input that a checkpoint continues.
    """
    chain = [node_id]
    while True:
        before = _source(prompt, chain[-1], "previous_latent")
        near = upstream(prompt, before) if before is not None else []
        following = next((each for each in near if _is_checkpoint(prompt, each)), None)
        if following is None or following in chain:
            return tuple(chain)
        chain.append(following)


def root_of(prompt: Prompt, node_id: str) -> str:
    """The checkpoint that the chain of checkpoints upstream of this one begins with: that of the initial render."""
    return chain_of(prompt, node_id)[-1]


def earlier_stages(prompt: Prompt, node_id: str) -> tuple[str, ...]:
    """For each stage before that of a checkpoint, a checkpoint of it, the nearest stage first.

    A stage begins if a loop makes all windows anew from what a loop before it has made: by another plan, or on a canvas.
    """
    found, at = [], node_id
    for before in chain_of(prompt, node_id)[1:]:
        is_loop = _source(prompt, before, "current_iteration") is not None
        if _source(prompt, before, "plan") != _source(prompt, at, "plan") or (is_loop and _is_on_canvas(prompt, at)):
            found.append(before)
        at = before
    return tuple(found)


def _is_on_canvas(prompt: Prompt, node_id: str) -> bool:
    number = _source(prompt, node_id, "current_iteration")
    return number is not None and prompt[number].get("class_type") == WINDOW_OF_CANVAS


def _source(prompt: Prompt, node_id: str, name: str) -> str | None:
    """The node that an input is wired to; None for a literal and for a missing node."""
    link = as_link(prompt[node_id].get("inputs", {}).get(name))
    return link[0] if link is not None and link[0] in prompt else None


def named_run(prompt: Prompt, node_id: str, run_name: str) -> str:
    """The folder of a run that the user named. A stage with the name of one before it has a folder of its own beside it.

    Args:
        prompt: The graph, in API form.
        node_id: The checkpoint.
        run_name: As the user wrote it.
    """
    own = prompt[node_id].get("inputs", {}).get("run_name")
    stages = [prompt[each].get("inputs", {}).get("run_name") for each in earlier_stages(prompt, node_id)]
    alike = sum(1 for name in stages if name == own or _text(prompt, name) == run_name.strip())
    if not alike:
        return clean_name(run_name)
    return clean_name(f"{run_name.strip()} finish" + (f" {alike}" if alike > 1 else ""))


def _text(prompt: Prompt, value: object) -> str:
    """A text that is written in the graph, or in the primitive node that it is wired to; "" if it is computed."""
    link = as_link(value)
    if link is not None:
        value = prompt.get(link[0], {}).get("inputs", {}).get("value")
    return value.strip() if isinstance(value, str) else ""


def source_digest(prompt: Prompt, node_ids: list[str], file_of: FileOf, hash_file: HashFile, *, files_only: bool) -> bytes:
    """Hashes what some nodes are told: the contents of the files that they name, and their other values.

    Args:
        prompt: The graph.
        node_ids: The nodes; wiring and order do not count.
        file_of: What names a file.
        hash_file: Content digest of a file.
        files_only: Whether values that name no file are left out.
    """
    return digest_parts("sources", *sorted(set(_told(prompt, node_ids, file_of, hash_file, files_only))))


def project_parts(prompt: Prompt, node_id: str, file_of: FileOf, hash_file: HashFile) -> dict[str, bytes]:
    """The parts that tell the runs of one grid apart, for `run_name.run_identity`.

    Args:
        prompt: The whole graph as the user queued it.
        node_id: The checkpoint.
        file_of: What names a file.
        hash_file: Content digest of a file.

    Returns:
        Name -> digest.
    """
    shared = _shared_parts(prompt, root_of(prompt, node_id), file_of, hash_file)
    loop = _loop_of(prompt, node_id, shared, file_of, hash_file)
    stage = len(earlier_stages(prompt, node_id))
    return (
        shared
        | ({"loop": digest_parts("loop", loop)} if loop else {})
        | ({"stage": digest_parts("stage", str(stage))} if stage else {})
    )


def _shared_parts(prompt: Prompt, root: str, file_of: FileOf, hash_file: HashFile) -> dict[str, bytes]:
    plan = _source(prompt, root, "plan")
    song = _source(prompt, plan, "audio") if plan is not None else None
    song_nodes = upstream(prompt, song) if song is not None else []
    return {
        "song": source_digest(prompt, song_nodes, file_of, hash_file, files_only=False),
        "files": source_digest(prompt, upstream(prompt, root), file_of, hash_file, files_only=True),
    }


def _loop_of(prompt: Prompt, node_id: str, shared: Mapping[str, bytes], file_of: FileOf, hash_file: HashFile) -> str:
    """The checkpoint's id for a further loop of its kind in the graph, "" for the first one."""
    checkpoints = sorted((each for each in prompt if _is_checkpoint(prompt, each)), key=_order)
    roots = {each: root_of(prompt, each) for each in checkpoints}
    root = roots[node_id]
    alike = [
        each
        for each in checkpoints
        if each == root or (roots[each] == each and _shared_parts(prompt, each, file_of, hash_file) == shared)
    ]
    stage = len(earlier_stages(prompt, node_id))
    of_this_root = [
        each for each in checkpoints if roots[each] == root and each != root and len(earlier_stages(prompt, each)) == stage
    ]
    if node_id not in (root, of_this_root[0] if of_this_root else root):
        return node_id
    return "" if root == alike[0] else root


def _told(prompt: Prompt, node_ids: list[str], file_of: FileOf, hash_file: HashFile, files_only: bool) -> Iterator[bytes]:
    for node_id in node_ids:
        class_type = str(prompt[node_id].get("class_type"))
        for name, value in prompt[node_id].get("inputs", {}).items():
            if as_link(value) is not None:
                continue
            try:
                path = file_of(class_type, name, value)
                if path is not None:
                    yield digest_parts("file", hash_file(path))
                elif not files_only:
                    yield digest_parts("value", class_type, name, hash_plain_value(value, name=name))
            except (OSError, FingerprintRefusedError):
                # What cannot be read is refused when the window is asked for; here it only does not tell runs apart.
                continue


def _is_checkpoint(prompt: Prompt, node_id: str) -> bool:
    return prompt[node_id].get("class_type") == CHECKPOINT_CLASS


def _order(node_id: str) -> tuple[tuple[int, str], ...]:
    return tuple((int(part), "") if part.isdecimal() else (2**63, part) for part in node_id.split(":"))

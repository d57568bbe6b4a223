"""ComfyUI's real executor in this process: for tests of the loop engine and for benchmarks, without a server's start-up.

Once per process: ComfyUI's modules read their settings when they are imported.
"""

from __future__ import annotations

import asyncio
import importlib.util
import itertools
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import Any

from .environment import REPOSITORY

_numbers = itertools.count(1)

CACHES: Mapping[str, tuple[str | None, float]] = {
    "default": (None, 0.5),
    "none": ("NONE", 0.5),
    "lru": ("LRU", 0.5),
    "ram": ("RAM_PRESSURE", 0.5),
    "pressure": ("RAM_PRESSURE", 1e6),
}
"""ComfyUI's cache type, and the memory in GiB that it is to keep free."""


class PromptFailed(RuntimeError):  # noqa: N818  says what happened to the prompt, as ComfyUI's event does
    """The prompt ended with an error or was interrupted; `.event` is ComfyUI's message."""

    def __init__(self, kind: str, event: Mapping[str, Any]) -> None:
        super().__init__(f"{kind}: {event.get('exception_message', '')}".strip())
        self.kind = kind
        self.event = event


@dataclass(frozen=True)
class Run:
    """The traces of a prompt: its messages in order, UI outputs by node, and what was sent to the browser."""

    messages: Sequence[tuple[str, dict[str, Any]]]
    outputs: Mapping[str, Any]
    sent: Sequence[tuple[Any, Any]]

    def started(self) -> list[str]:
        """Ids of the nodes that really ran, in order."""
        return [data["node"] for event, data in self.sent if event == "executing" and data.get("node")]


class _Queue:
    """The part of ComfyUI's queue that tells what runs."""

    def __init__(self) -> None:
        self.running: list[tuple[Any, ...]] = []

    def get_current_queue_volatile(self) -> tuple[list[tuple[Any, ...]], list[Any]]:
        return self.running, []


class _Browser:
    """The part of ComfyUI's server that the executor talks to."""

    def __init__(self) -> None:
        self.client_id: str | None = "in-process"
        self.last_node_id: str | None = None
        self.last_prompt_id = ""
        self.sockets_metadata: dict[str, Any] = {}
        self.sent: list[tuple[Any, Any]] = []
        self.prompt_queue = _Queue()

    def send_sync(self, event: Any, data: Any, sid: str | None = None) -> None:  # noqa: ARG002  ComfyUI's signature
        self.sent.append((event, data))

    def send_progress_text(self, text: str, node_id: str, sid: str | None = None) -> None:  # noqa: ARG002
        self.sent.append(("progress_text", {"node": node_id, "text": text}))


class InProcessComfyUI:
    """A ComfyUI without its HTTP server; several of different caches may live side by side, one runs at a time.

    Args:
        comfyui: The ComfyUI folder.
        cache: One of `CACHES`. `pressure` is the RAM cache on a machine that never has enough memory, so that
            ComfyUI drops outputs, those of the running prompt too, after every node.
        extra_nodes: Folders of further node packs. The first one made in a process decides.
    """

    def __init__(self, comfyui: Path, cache: str = "default", extra_nodes: Sequence[Path] = ()) -> None:
        if cache not in CACHES:
            raise ValueError(f"the cache {cache!r} is not known; use one of {', '.join(CACHES)}")
        _import_comfyui(comfyui, (REPOSITORY, *extra_nodes))
        import comfy.model_management
        import execution

        self.cache = cache
        self.browser = _Browser()
        kind, headroom_gib = CACHES[cache]
        self.executor = execution.PromptExecutor(
            self.browser,
            cache_type=kind and execution.CacheType[kind],
            cache_args={"lru": 10, "ram": headroom_gib, "ram_inactive": headroom_gib},
        )
        self.interrupt = comfy.model_management.interrupt_current_processing

    def _take_over(self) -> None:
        """Makes this ComfyUI the one that the process-wide parts of ComfyUI talk to."""
        import comfy.cli_args
        from server import PromptServer

        comfy.cli_args.args.cache_none = self.cache == "none"
        PromptServer.instance = self.browser
        _main_of_comfyui().hijack_progress(self.browser)

    def run(self, prompt: Mapping[str, Any], outputs: Sequence[str]) -> Run:
        """Validates and runs an API prompt.

        Raises:
            PromptFailed: Validation or execution failed, or the run was interrupted.
        """
        import copy

        import execution

        self._take_over()
        prompt_id = f"prompt-{next(_numbers)}"
        prompt = copy.deepcopy(dict(prompt))
        valid = asyncio.run(execution.validate_prompt(prompt_id, prompt, list(outputs)))
        if not valid[0]:
            raise PromptFailed("invalid", {"exception_message": f"{valid[1]} {valid[3]}"})
        self.browser.sent = []
        self.browser.last_prompt_id = prompt_id
        self.browser.prompt_queue.running = [(0, prompt_id, prompt, {}, valid[2])]
        try:
            self.executor.execute(prompt, prompt_id, {"client_id": "in-process"}, valid[2])
        finally:
            self.browser.prompt_queue.running = []
        messages = self.executor.status_messages
        for kind in ("execution_error", "execution_interrupted"):
            for event, data in messages:
                if event == kind:
                    raise PromptFailed(kind, data)
        return Run(messages, self.executor.history_result["outputs"], self.browser.sent)


def _main_of_comfyui() -> ModuleType:
    # Under its own name it may be anything: pytest imports the top of a checkout under the name of its folder.
    name = "comfyui_main"
    if name not in sys.modules:
        import folder_paths

        spec = importlib.util.spec_from_file_location(name, Path(folder_paths.__file__).parent / "main.py")
        if spec is None or spec.loader is None:
            raise ImportError(f"ComfyUI at {folder_paths.__file__} has no main.py")
        module = importlib.util.module_from_spec(spec)
        sys.modules[name] = module
        spec.loader.exec_module(module)
    return sys.modules[name]


def _import_comfyui(comfyui: Path, packs: Sequence[Path]) -> None:
    if str(comfyui) not in sys.path:
        sys.path.insert(0, str(comfyui))
    if "comfy.cli_args" not in sys.modules:
        import comfy.options

        comfy.options.enable_args_parsing(False)
    import comfy.cli_args

    comfy.cli_args.args.cpu = True
    comfy.cli_args.args.disable_api_nodes = True
    import nodes

    if "TensorLoopOpen" in nodes.NODE_CLASS_MAPPINGS:
        return

    async def load() -> None:
        await nodes.init_extra_nodes(init_custom_nodes=False, init_api_nodes=False)
        for pack in packs:
            if not await nodes.load_custom_node(str(pack)):
                raise RuntimeError(f"ComfyUI could not load {pack}")

    asyncio.run(load())

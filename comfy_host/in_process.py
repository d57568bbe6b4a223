"""ComfyUI's real executor in this process: for tests of the loop engine and for benchmarks, without a server's start-up.

Once per process: ComfyUI's modules read their settings when they are imported.
"""

from __future__ import annotations

import asyncio
import itertools
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from .environment import REPOSITORY

_numbers = itertools.count(1)


class PromptFailed(RuntimeError):
    """The prompt ended with an error or was interrupted; `.event` is ComfyUI's message."""

    def __init__(self, kind: str, event: Mapping[str, Any]) -> None:
        super().__init__(f"{kind}: {event.get('exception_message', '')}".strip())
        self.kind = kind
        self.event = event


@dataclass(frozen=True)
class Run:
    """What a prompt left behind: its messages in order, UI outputs by node, and what was sent to the browser."""

    messages: Sequence[tuple[str, dict[str, Any]]]
    outputs: Mapping[str, Any]
    sent: Sequence[tuple[Any, Any]]

    def started(self) -> list[str]:
        """Ids of the nodes that really ran, in order."""
        return [data["node"] for event, data in self.sent if event == "executing" and data.get("node")]


class _Browser:
    """The part of ComfyUI's server that the executor talks to."""

    def __init__(self) -> None:
        self.client_id: str | None = "in-process"
        self.last_node_id: str | None = None
        self.last_prompt_id = ""
        self.sockets_metadata: dict[str, Any] = {}
        self.sent: list[tuple[Any, Any]] = []

    def send_sync(self, event: Any, data: Any, sid: str | None = None) -> None:
        self.sent.append((event, data))

    def send_progress_text(self, text: str, node_id: str, sid: str | None = None) -> None:
        self.sent.append(("progress_text", {"node": node_id, "text": text}))


class InProcessComfyUI:
    """A ComfyUI without its HTTP server. `cache` is one of `default`, `none`, `lru`, `ram`."""

    def __init__(self, comfyui: Path, cache: str = "default", extra_nodes: Sequence[Path] = ()) -> None:
        _import_comfyui(comfyui, cache, (REPOSITORY, *extra_nodes))
        import comfy.model_management
        import execution
        from main import hijack_progress
        from server import PromptServer

        self.browser = _Browser()
        PromptServer.instance = self.browser
        hijack_progress(self.browser)
        kinds = {"default": False, "none": "NONE", "lru": "LRU", "ram": "RAM_PRESSURE"}
        kind = kinds[cache] and execution.CacheType[kinds[cache]]
        self._executor = execution.PromptExecutor(
            self.browser, cache_type=kind, cache_args={"lru": 10, "ram": 0.5, "ram_inactive": 0.5}
        )
        self.interrupt = comfy.model_management.interrupt_current_processing

    def run(self, prompt: Mapping[str, Any], outputs: Sequence[str]) -> Run:
        """Validates and runs an API prompt.

        Raises:
            PromptFailed: Validation or execution failed, or the run was interrupted.
        """
        import copy

        import execution

        prompt_id = f"prompt-{next(_numbers)}"
        prompt = copy.deepcopy(dict(prompt))
        valid = asyncio.run(execution.validate_prompt(prompt_id, prompt, list(outputs)))
        if not valid[0]:
            raise PromptFailed("invalid", {"exception_message": f"{valid[1]} {valid[3]}"})
        self.browser.sent = []
        self.browser.last_prompt_id = prompt_id
        self._executor.execute(prompt, prompt_id, {"client_id": "in-process"}, valid[2])
        messages = self._executor.status_messages
        for kind in ("execution_error", "execution_interrupted"):
            for event, data in messages:
                if event == kind:
                    raise PromptFailed(kind, data)
        return Run(messages, self._executor.history_result["outputs"], self.browser.sent)


def _import_comfyui(comfyui: Path, cache: str, packs: Sequence[Path]) -> None:
    if str(comfyui) not in sys.path:
        sys.path.insert(0, str(comfyui))
    if "comfy.cli_args" not in sys.modules:
        import comfy.options

        comfy.options.enable_args_parsing(False)
    import comfy.cli_args

    comfy.cli_args.args.cpu = True
    comfy.cli_args.args.cache_none = cache == "none"
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

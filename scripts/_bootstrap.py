"""Binds the import name `audio_loop` to the checkout this file lies in, without installing anything.

Scripts and tests import it first. It never puts the checkout itself on `sys.path`: there its `nodes` folder would hide
ComfyUI's module of that name.
"""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parent.parent


def bind(repository: Path = REPOSITORY) -> None:
    """Makes `import audio_loop.<part>` mean this checkout's `<part>`; does nothing when already bound to it."""
    existing = sys.modules.get("audio_loop")
    if existing is not None and Path(str(existing.__file__)).resolve().parent == repository:
        return
    spec = importlib.util.spec_from_file_location(
        "audio_loop", repository / "__init__.py", submodule_search_locations=[str(repository)]
    )
    if spec is None or spec.loader is None:
        raise ImportError(f"{repository} has no __init__.py; is this a whole checkout of Audio Loop?")
    module = importlib.util.module_from_spec(spec)
    sys.modules["audio_loop"] = module
    spec.loader.exec_module(module)


bind()

from audio_loop.workflow_graph.console import show_everything  # noqa: E402

show_everything()

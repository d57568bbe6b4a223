"""Makes `audio_loop` importable for every tier and keeps the checkout itself off `sys.path`."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parent.parent

# `python -m pytest` puts the working folder first; there, `import nodes` would be ours instead of ComfyUI's.
sys.path[:] = [entry for entry in sys.path if Path(entry or ".").resolve() != REPOSITORY]

spec = importlib.util.spec_from_file_location("_bootstrap", REPOSITORY / "scripts" / "_bootstrap.py")
module = importlib.util.module_from_spec(spec)
sys.modules["_bootstrap"] = module
spec.loader.exec_module(module)

from hypothesis import HealthCheck, settings  # noqa: E402

# No test may fail because the machine is busy with something else.
settings.register_profile("audio_loop", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("audio_loop")

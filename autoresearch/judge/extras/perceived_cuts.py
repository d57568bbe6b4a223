"""Distance of the two frames beside a cut as people see it, by LPIPS (Zhang et al. 2018, arXiv 1801.03924), package `lpips`.

`lpips_at_cuts` is the mean over the joins between windows, 0 for equal frames. The trunk's weights are torchvision's AlexNet,
which lies in torch's hub folder once it was used, or where ALEXNET_WEIGHTS says.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from ....watching.model_here import lacking
from ..exhibit import Exhibit
from ..frames import Picture, frames_at
from ..weights import file_named_by, unavailable

STATUS, METRIC = "lpips_status", "lpips_at_cuts"
TRUNK, VARIABLE = "alexnet-owt-7be5be79.pth", "ALEXNET_WEIGHTS"


def measure(exhibit: Exhibit) -> Mapping[str, Any]:
    """The mean distance over the joins of windows."""
    missing = lacking("lpips", "torch", "torchvision")
    trunk = _trunk()
    if missing or trunk is None:
        why = f"not installed: {', '.join(missing)}" if missing else f"no {TRUNK} here ({VARIABLE} may name it)"
        return unavailable(STATUS, why, METRIC)
    cuts = [] if exhibit.plan is None else [window.new_start_px for window in exhibit.plan.windows[1:]]
    frames = frames_at(exhibit.video, {number for cut in cuts for number in (cut - 1, cut)})
    pairs = [(frames[cut - 1], frames[cut]) for cut in cuts if cut in frames]
    if not pairs:
        return {METRIC: None, STATUS: "not_measured: the video has no join, or its plan is not known"}
    import torch

    model = _model(trunk)
    with torch.inference_mode():
        distances = [float(model(_tensor(before), _tensor(after), normalize=True)) for before, after in pairs]
    return {METRIC: sum(distances) / len(distances), STATUS: "ok"}


def _trunk() -> Path | None:
    cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "torch"
    usual = Path(os.environ.get("TORCH_HOME") or cache) / "hub" / "checkpoints" / TRUNK
    return file_named_by(VARIABLE) or (usual if usual.is_file() else None)


def _model(trunk: Path) -> Any:
    """LPIPS with its own calibrated layers on the trunk of that file."""
    import lpips
    import torch

    model = lpips.LPIPS(net="alex", pnet_rand=True, verbose=False)  # `pnet_rand`: the package would download the trunk
    layers = {
        name.removeprefix("features."): tensor
        for name, tensor in torch.load(trunk, map_location="cpu", weights_only=True).items()
        if name.startswith("features.")
    }
    slices = {name.split(".", 1)[1]: name for name, _ in model.net.named_parameters()}
    model.net.load_state_dict({slices[name]: tensor for name, tensor in layers.items()})
    return model.eval()


def _tensor(picture: Picture) -> Any:
    """(1, 3, h, w) float32, 0 to 1."""
    import torch

    return torch.from_numpy(picture).permute(2, 0, 1)[None].float() / 255

"""What a file names of ComfyUI, and in which forms it calls it."""

from __future__ import annotations

import ast

import pytest

from audio_loop.compatibility.usage import CallForm, Use, attributes_of_file, loaded_files, merged, uses_of_file


def uses(source):
    return {use.symbol: use.calls for use in merged(uses_of_file(ast.parse(source)))}


@pytest.mark.parametrize(
    ("source", "found"),
    [
        (
            "import comfy.utils\ncomfy.utils.ProgressBar(3, node_id='1')",
            {"comfy.utils.ProgressBar": (CallForm(1, ("node_id",)),)},
        ),
        ("import comfy.sd as sd\nsd.VAE(sd=1)", {"comfy.sd.VAE": (CallForm(0, ("sd",)),)}),
        (
            "from comfy_api.latest import io\nio.Int.Input('n', min=1)\nio.Int.Input('m')",
            {"comfy_api.latest.io.Int.Input": (CallForm(1), CallForm(1, ("min",)))},
        ),
        (
            "from server import PromptServer\nPromptServer.instance.routes.post('/')",
            {"server.PromptServer": (), "server.PromptServer.instance": ()},
        ),
        (
            "from execution import IsChangedCache as Asked\nAsked(*all_of_it)",
            {"execution.IsChangedCache": (CallForm(0, (), True),)},
        ),
        ("from ..nodes import inputs\ninputs.seed()\nimport torch\ntorch.cat([])", {}),
    ],
)
def test_symbols_and_their_calls(source, found):
    assert uses(source) == found


def test_methods_that_are_written_over_are_given_with_their_parameters():
    source = (
        "from comfy_execution.progress import ProgressHandler\nclass Mine(ProgressHandler):\n    def start(self, node): ..."
    )
    (method,) = [use for use in uses_of_file(ast.parse(source)) if use.overrides]
    assert (method.symbol, method.overrides) == ("comfy_execution.progress.ProgressHandler.start", ("self", "node"))


def test_attributes_of_objects_are_found_and_those_of_other_modules_are_not():
    tree = ast.parse("import torch\ntorch.device('cpu')\nvae.load(1)\ngetattr(vae, 'latent_dim')\nhasattr(vae, name)")
    assert merged(attributes_of_file(tree)) == (Use(".latent_dim", ("",)), Use(".load", ("",), (CallForm(1),)))


def test_files_that_comfyui_never_loads_are_left_out(tmp_path):
    for name in ("nodes/a.py", "scripts/b.py", "tests/pure/c.py", ".hidden/d.py", "__init__.py"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text("")
    assert [path.name for path in loaded_files(tmp_path)] == ["a.py"]

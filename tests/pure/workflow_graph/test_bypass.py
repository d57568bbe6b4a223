from __future__ import annotations

import pytest

from audio_loop.workflow_graph.bypass import passed_input


@pytest.mark.parametrize(
    ("inputs", "outputs", "slot", "wanted", "index"),
    [
        (["MODEL", "CLIP"], ["MODEL", "CLIP"], 1, "CLIP", 1),
        (["VAE", "LATENT"], ["LATENT"], 0, "LATENT", 1),
        (["LATENT", "LATENT"], ["VAE", "LATENT"], 1, "LATENT", 1),
        (["VAE", "*"], ["LATENT"], 0, "LATENT", 1),
        (["VAE", "LATENT"], ["IMAGE"], 0, "IMAGE", None),
        ([], ["FLOAT"], 0, "FLOAT", None),
        (["A", "B"], ["C", "D"], 1, "*", 1),
        (["A"], ["C", "D"], 1, "*", 0),
        ([], ["C"], 0, "*", None),
    ],
)
def test_the_input_that_is_passed_on(inputs, outputs, slot, wanted, index):
    assert passed_input(inputs, outputs, slot, wanted) == index

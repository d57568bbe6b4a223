"""What counts as a link is what ComfyUI takes for one."""

import pytest

from audio_loop.loop_engine.prompt_links import as_link

LITERALS = [3, "a", None, [], ["a"], ["a", "b"], ["a", 0, 1], [1, 0], {"a": 1}, ("a", 0)]
LINKS = [["a", 0], ["843:12", 2.0], ["a", True], ["", -1]]


@pytest.mark.parametrize("value", [*LITERALS, *LINKS], ids=repr)
def test_links_are_those_of_comfyui(comfy_on_cpu, value):
    from comfy_execution.graph_utils import is_link

    assert is_link(value) == (value in LINKS) == (as_link(value) is not None)

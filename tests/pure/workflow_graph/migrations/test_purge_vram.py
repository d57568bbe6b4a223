from __future__ import annotations

import pytest

from audio_loop.workflow_graph.diff import diff
from audio_loop.workflow_graph.migrations import chain


@pytest.mark.parametrize("which", ["sound", "april", "ours"])
def test_it_stands_before_the_decoder(kit, which):
    before = getattr(kit, which)()
    graph = kit.check_migrates(before, "purge_vram")
    (purge,) = graph.find(type="PurgeVRAM")
    assert purge.input("latent").source.node_id == 1605
    assert [target.node_id for target in purge.output().targets] == [1604]
    back = chain.take_back(graph.to_document(), chain.find("purge_vram"))
    assert diff(before, back.document) == ()


def test_a_file_without_sampler_stays(kit):
    from audio_loop.workflow_graph import document

    folder = document.Path(document.__file__).parents[1] / "example_workflows"
    kit.check_leaves(document.load_workflow(folder / "audio-loop_finish-from-checkpoint.json"), "purge_vram")

"""The frontend starts beside the pack."""

from __future__ import annotations

from audio_loop.demo.tiny_names import CHECKPOINT_NAME


def test_the_frontend_shows_a_graph_and_knows_the_tiny_model(page, console_errors):
    prompt = page.evaluate(
        """async () => {
            const node = window.LiteGraph.createNode("CheckpointLoaderSimple");
            window.app.graph.add(node);
            return (await window.app.graphToPrompt()).output;
        }"""
    )
    (node,) = prompt.values()
    assert node["inputs"] == {"ckpt_name": CHECKPOINT_NAME}
    assert console_errors == []

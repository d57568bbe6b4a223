"""The table of earlier forms: complete, readable, and never mistaking a node of today for one of them."""

from __future__ import annotations

import pytest

from audio_loop.workflow_graph.earlier.recognise import fits, recognise
from audio_loop.workflow_graph.earlier.table import LOST_INPUTS, LOST_OUTPUTS, TABLE
from audio_loop.workflow_graph.editing.graph import Graph
from audio_loop.workflow_graph.schemas import Schemas

SCHEMAS = Schemas.load()
# Ids that both packs register.
SHARED = """AudioLoopController AudioLoopPlanner TimestampPromptSchedule TimestampPromptScheduleBatchEncode
ConditioningSelectByIteration ConditioningBlend KeyframeImageSchedule KeyframeLatentScheduleBatchEncode
LatentSelectByIteration VideoFrameExtract AudioDuration LatentContextExtract LatentOverlapTrim StripLatentNoiseMask
IterationCleanup PurgeVRAM AudioLoopHelperSageAttention LoopIterationStamp""".split()  # noqa: SIM905


def test_every_shared_id_has_its_earlier_forms():
    assert sorted(TABLE) == sorted(SHARED)
    assert all(SCHEMAS[kind].pack == "audio-loop" for kind in TABLE)


@pytest.mark.parametrize("kind", sorted(TABLE))
def test_todays_names_in_the_table_exist(kind):
    schema = SCHEMAS[kind]
    names = {spec.name for spec in schema.sockets()} | {widget.name for widget in schema.widgets()}
    outputs = {output.name for output in schema.outputs}
    for form in TABLE[kind]:
        for name in (*form.widget_kinds, *form.socket_kinds):
            assert form.inputs.get(name, name) in {*names, None}
            if form.inputs.get(name, name) is None:
                assert LOST_INPUTS[kind, name]
        for name in form.output_names:
            assert form.outputs.get(name, name) in {*outputs, None}
            if form.outputs.get(name, name) is None:
                assert LOST_OUTPUTS[kind, name]


@pytest.mark.parametrize("kind", sorted(TABLE))
def test_a_node_of_today_is_none_of_them(kind):
    graph = Graph({"nodes": [], "links": [], "version": 0.4})
    node = graph.add(kind)
    assert recognise(node.raw, SCHEMAS[kind]).changes == ()
    # As an older frontend writes it: no socket for what is not wired.
    node.raw["inputs"] = []
    assert recognise(node.raw, SCHEMAS[kind]).changes == ()


@pytest.mark.parametrize(("kind", "index"), [(kind, i) for kind, forms in sorted(TABLE.items()) for i in range(len(forms))])
def test_each_form_is_read_by_name(kind, index):
    form = TABLE[kind][index]
    samples = {"INT": 7, "FLOAT": 1.5, "STRING": "0:00+: x", "BOOLEAN": False, "COMBO": "never", "CONTROL": "randomize"}
    values = [samples[each] for each in form.widget_kinds.values()]
    raw = {
        "inputs": [{"name": name, "type": each} for name, each in form.socket_kinds.items()],
        "outputs": [{"name": name, "type": "*"} for name in form.output_names],
        "widgets_values": values,
    }
    found = recognise(raw, SCHEMAS[kind])
    for name, each in form.widget_kinds.items():
        now = form.inputs.get(name, name)
        if now is not None:
            assert found.values[now] == samples[each], (name, found)
    assert found.misfits == ()


def saved(kind, outputs=(), inputs=(), values=None):
    raw = {"widgets_values": values}
    raw["inputs"] = [{"name": name, "type": each} for name, each in inputs]
    raw["outputs"] = [{"name": name, "type": each} for name, each in outputs]
    return recognise(raw, SCHEMAS[kind])


def test_a_value_that_a_file_leaves_empty_can_be_of_any_widget():
    found = saved("AudioLoopPlanner", [("summary", "STRING"), ("total_iterations", "INT")], [("audio", "AUDIO")], [None, 19.88])
    assert (dict(found.values), found.misfits) == ({"window_seconds": 19.88}, ())
    assert [fits(None, kind) for kind in ("INT", "FLOAT", "BOOLEAN", "STRING", "COMBO", "CONTROL")] == [True] * 6


def test_an_input_of_another_choice_is_no_earlier_form():
    inputs = [("resize_type.no_such", "INT"), ("elsewhere.width", "INT")]
    changes = saved("ResizeImageMaskNode", inputs=inputs).changes
    assert [(change.side, change.name, change.now) for change in changes] == [("input", "elsewhere.width", None)]


def test_an_output_that_nobody_knows_is_the_one_at_its_place_or_gone():
    outputs = [("samples", "INT"), ("what", "INT"), ("whatever", "FLOAT"), ("beyond", "INT")]
    found = {change.name: change.now for change in saved("AudioDuration", outputs).changes if change.side == "output"}
    today = [output.name for output in SCHEMAS["AudioDuration"].outputs]
    assert found == {"samples": "samples", "what": today[1], "whatever": None, "beyond": None}
    assert [output.type for output in SCHEMAS["AudioDuration"].outputs][1:] == ["INT", "INT"]


def test_another_pack_may_rename_an_output_without_a_word():
    assert saved("VAEDecode", [("picture", "IMAGE")]).changes == ()
    (gone,) = saved("VAEDecode", [("picture", "MASK")]).changes
    assert str(gone) == "output 'picture' is gone"

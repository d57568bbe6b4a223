"""A subgraph made of nodes sends what the nodes sent, and written out again it is what it was made of."""

from __future__ import annotations

import contextlib

import hypothesis.strategies as st
import pytest
from hypothesis import given, settings

from audio_loop.workflow_graph import document as documents
from audio_loop.workflow_graph.command_line import main
from audio_loop.workflow_graph.document import DocumentError
from audio_loop.workflow_graph.editing.graph import Graph
from audio_loop.workflow_graph.folding.fold import Chapter, OpenInput, Setting, fold
from audio_loop.workflow_graph.folding.unfold import unfold
from audio_loop.workflow_graph.frontend.to_api import to_api
from audio_loop.workflow_graph.invariants import check
from audio_loop.workflow_graph.shipped import catalogue

from ....prompt_ids import short
from ..editing.test_stateful import sample

DEFAULT = catalogue.WORKFLOWS["audio-loop-music-video_latent"]().workflow()
FLAT = {"default": unfold(DEFAULT).document, "nested": sample(), "with a subgraph": DEFAULT}


def inside(folded, name):
    (definition,) = [each for each in folded["definitions"]["subgraphs"] if each["name"] == name]
    return definition


@settings(max_examples=40, deadline=None)
@given(st.data())
def test_any_nodes_send_the_same_as_a_subgraph_and_written_out_again(data):
    flat = FLAT[data.draw(st.sampled_from(sorted(FLAT)))]
    folded, kept = flat, documents.clone(flat)
    for number in range(data.draw(st.integers(1, 3))):
        here = [node["id"] for node in folded["nodes"]]
        nodes = data.draw(st.lists(st.sampled_from(here), min_size=1, max_size=30, unique=True))
        with contextlib.suppress(DocumentError):
            folded = fold(folded, Chapter(f"Part {number}", nodes))
    assert flat == kept
    assert check(folded) == ()
    sent = to_api(flat)
    prompt = to_api(folded)
    again = unfold(folded)
    assert check(again.document) == ()
    if flat is not FLAT["nested"]:
        assert short(prompt) == short(sent)
        assert again.ids == {}
        assert to_api(again.document) == short(sent)
    assert len(prompt) == len(sent)


def test_a_setting_stays_outside_with_its_value_and_sets_every_widget_named():
    loaders = [(414, "ckpt_name"), (416, "ckpt_name"), (1538, "ckpt_name")]
    chapter = Chapter("Models", [414, 2014, 416, 1538], [Setting("checkpoint", loaders)], node_id=2301)
    folded = fold(DEFAULT, chapter)
    (placed,) = [node for node in folded["nodes"] if node["id"] == 2301]
    assert placed["widgets_values"] == ["ltx-2.3-22b-dev-fp8.safetensors"]
    assert [(slot["name"], slot.get("widget"), slot["link"]) for slot in placed["inputs"]] == [
        ("checkpoint", {"name": "checkpoint"}, None)
    ]
    placed["widgets_values"] = ["other.safetensors"]
    sent = to_api(folded)
    assert [sent[f"2301:{node}"]["inputs"]["ckpt_name"] for node, _ in loaders] == ["other.safetensors"] * 3
    outside = Chapter("All", [2301, 1634], [Setting("model file", [(2301, "checkpoint")]), Setting("width", [(1634, "width")])])
    twice = fold(folded, outside)
    assert check(twice) == ()
    (around,) = [node for node in twice["nodes"] if node.get("title") == "All"]
    assert around["widgets_values"] == ["other.safetensors", 832]
    around["widgets_values"] = ["third.safetensors", 64]
    sent = to_api(twice)
    assert sent[f"{around['id']}:2301:416"]["inputs"]["ckpt_name"] == "third.safetensors"
    flat = to_api(unfold(twice).document)
    assert (flat["1538"]["inputs"]["ckpt_name"], flat["1634"]["inputs"]["width"]) == ("third.safetensors", 64)


def test_a_socket_that_nothing_is_wired_to_can_be_wired_from_outside():
    chapter = Chapter("Song", [1560, 2009], node_id=2301, sockets=[OpenInput("stem", 2009, "driving_audio")])
    folded = fold(DEFAULT, chapter)
    assert check(folded) == ()
    assert short(to_api(folded)) == short(to_api(DEFAULT)), "nothing is sent for it"
    outside = fold(folded, Chapter("All", [2301], node_id=2302, sockets=[OpenInput("stem", 2301, "stem")]))
    assert short(to_api(outside)) == short(to_api(DEFAULT))
    graph = Graph(outside)
    graph.connect(graph.node(565).output(0), graph.node(2302).input("stem"))
    assert to_api(graph.to_document())["2302:2301:2009"]["inputs"]["driving_audio"] == ["565", 0]
    assert to_api(unfold(graph.to_document()).document)["2009"]["inputs"]["driving_audio"] == ["565", 0]


def test_inputs_and_outputs_have_the_names_that_were_given_or_those_of_their_sockets():
    folded = fold(DEFAULT, Chapter("Picture", [447, 445, 446], names={(444, 0): "picture", (446, 0): "prepared"}))
    definition = inside(folded, "Picture")
    assert [slot["name"] for slot in definition["inputs"]] == ["picture", "width", "height"]
    assert [slot["name"] for slot in definition["outputs"]] == ["prepared"]


def test_links_that_leave_one_output_share_one_boundary_and_keep_their_order():
    (vae,) = [node["outputs"][2] for node in DEFAULT["nodes"] if node["id"] == 414]
    folded = fold(DEFAULT, Chapter("Models", [414, 2014, 416, 1538], node_id=2301))
    (placed,) = [node for node in folded["nodes"] if node["id"] == 2301]
    assert next(slot["links"] for slot in placed["outputs"] if slot["name"] == "VAE") == vae["links"]


def test_a_group_of_nothing_else_goes_in_with_its_nodes():
    nodes = [414, 2014, 416, 1538]
    folded = fold(DEFAULT, Chapter("Files", nodes))
    assert [group["title"] for group in inside(folded, "Files")["groups"]] == ["Models"]
    assert "Models" not in [group["title"] for group in folded["groups"]]


@pytest.mark.parametrize(
    ("chapter", "message"),
    [
        (Chapter("X", [1, 2]), "no nodes 1, 2 at the top level"),
        (Chapter("X", []), "a subgraph needs a node"),
        (Chapter("X", [414], node_id=416), "node id 416 is taken"),
        (Chapter("X", [414], [Setting("w", [(414, "width")])]), "no such widget"),
        (Chapter("X", [414], [Setting("w", [(416, "ckpt_name")])]), "no such widget"),
        (Chapter("X", [1560], [Setting("w", [(1560, "window_seconds")])]), "which is wired"),
        (Chapter("X", [2009], sockets=[OpenInput("s", 2009, "driven")]), "no such socket"),
        (Chapter("X", [1560], sockets=[OpenInput("s", 1560, "max_iterations")]), "no such socket"),
        (Chapter("X", [2009], sockets=[OpenInput("s", 2009, "audio")]), "which is wired"),
        (Chapter("X", [414, 268]), r"node 2014 .* lies between"),
        (Chapter("Extension", [414], names={}), None),
        (Chapter("X", [447, 445], names={(444, 0): "a", (1634, 0): "a"}), "two inputs called 'a'"),
    ],
)
def test_what_cannot_be_a_subgraph_is_refused(chapter, message):
    if message is None:
        folded = fold(DEFAULT, chapter)
        with pytest.raises(DocumentError, match="there is a subgraph called 'Extension'"):
            fold(folded, Chapter("Extension", [416]))
        return
    with pytest.raises(DocumentError, match=message):
        fold(DEFAULT, chapter)


def test_a_name_that_is_read_outside_is_refused(classic):
    graph = classic()
    setter = next(node["id"] for node in graph["nodes"] if node["type"] == "SetNode")
    with pytest.raises(DocumentError, match=r"GetNode .* reads"):
        fold(graph, Chapter("X", [setter]))


def test_the_command_writes_the_folded_form(tmp_path):
    source, target = tmp_path / "flat.json", tmp_path / "folded.json"
    documents.save(DEFAULT, source)
    assert main(["fold", str(source), "--nodes", "414, 2014,416,1538", "--name", "Models", "-o", str(target)]) == 0
    assert documents.load(target) == fold(DEFAULT, Chapter("Models", [414, 2014, 416, 1538]))
    assert main(["fold", str(source), "--nodes", "7", "--name", "Models"]) == 2


def test_the_node_of_a_subgraph_may_have_a_word_for_an_id():
    flat = sample()
    folded = fold(flat, Chapter("Models", [4], node_id="models"))
    assert "models" in [node["id"] for node in folded["nodes"]]
    assert folded["last_node_id"] == flat["last_node_id"]
    assert short(to_api(folded)) == short(to_api(flat))


def test_the_command_prints_the_folded_graph_if_no_file_is_named(tmp_path, capsysbinary):
    source = tmp_path / "flat.json"
    documents.save(sample(), source)
    assert main(["fold", str(source), "--nodes", "4, 6", "--name", "Models"]) == 0
    assert documents.loads(capsysbinary.readouterr().out) == fold(sample(), Chapter("Models", [4, 6]))

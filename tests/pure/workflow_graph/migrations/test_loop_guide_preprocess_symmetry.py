from __future__ import annotations

from audio_loop.workflow_graph.editing.graph import Graph


def test_the_guide_gets_the_prepared_picture(kit):
    before = kit.sound(raw_guide=True)
    assert ("preprocess_symmetry", "ERR") in kit.findings(before, "preprocess_symmetry")
    graph = kit.check_migrates(before, "loop_guide_preprocess_symmetry")
    source = graph.node(650).inputs[0].source
    assert (source.node_id, source.name) == (446, "output_image")
    assert kit.findings(graph.to_document(), "preprocess_symmetry") == []


def test_the_guide_that_is_encoded_inside_the_loop_too(kit):
    graph = kit.check_migrates(kit.sound(raw_guide=True, encode_in_loop=True), "loop_guide_preprocess_symmetry")
    assert graph.node(650).inputs[0].source.node_id == 446


def test_a_set_that_the_preparation_itself_reads_is_not_turned_into_a_circle(kit):
    graph = Graph(kit.sound(raw_guide=True))
    getter = graph.add("GetNode") if "GetNode" in graph.schemas else None
    assert getter is None, "no snapshot knows the browser-only Get; the document is edited by hand instead"
    document = graph.to_document()
    other = next(node for node in document["nodes"] if node["type"] == "GetNode" and node["widgets_values"] == ["input_image"])
    prepared = next(node for node in document["nodes"] if node["id"] == 446)
    link = next(entry for entry in document["links"] if entry[0] == prepared["inputs"][0]["link"])
    source = next(node for node in document["nodes"] if node["id"] == link[1])
    source["outputs"][link[2]]["links"].remove(link[0])
    other["outputs"][0]["links"].append(link[0])
    link[1], link[2] = other["id"], 0
    graph = kit.check_migrates(document, "loop_guide_preprocess_symmetry")
    assert graph.node(650).inputs[0].source.node_id == 445
    assert graph.node(1617).input("pixels").source.node_id == 446


def test_sound_graphs_stay(kit):
    kit.check_leaves(kit.sound(), "loop_guide_preprocess_symmetry")
    kit.check_leaves(kit.ours(), "loop_guide_preprocess_symmetry")


def test_a_picture_that_is_sized_by_itself_gets_a_preparation_of_its_own_with_the_same_strength(kit):
    graph = Graph(kit.sound(raw_guide=True))
    resize = graph.add("ImageScale", widgets={"width": 832, "height": 448})
    graph.connect(graph.node(444).output(0), resize.input("image"))
    graph.connect(resize.output(0), graph.node(650).inputs[0])
    before = graph.to_document()
    assert ("preprocess_symmetry", "ERR") in kit.findings(before, "preprocess_symmetry")
    after = kit.check_migrates(before, "loop_guide_preprocess_symmetry")
    assert kit.findings(after.to_document(), "preprocess_symmetry", "graph_acyclic", "preprocess_compression") == []
    assert len(after.find(type="LTXVPreprocess")) == 2
    assert {node.widgets["img_compression"] for node in after.find(type="LTXVPreprocess")} == {18}


def test_a_guide_from_another_picture_too(kit):
    graph = Graph(kit.sound(raw_guide=True))
    other = graph.add("LoadImage")
    graph.connect(other.output(0), graph.node(650).inputs[0])
    before = graph.to_document()
    assert ("preprocess_symmetry", "ERR") in kit.findings(before, "preprocess_symmetry")
    after = kit.check_migrates(before, "loop_guide_preprocess_symmetry")
    assert kit.findings(after.to_document(), "preprocess_symmetry") == []


def test_our_own_graph_with_a_guide_that_bypasses_the_preparation(kit):
    graph = Graph(kit.ours())
    encoder = next(node for node in graph.find(type="VAEEncode") if node.input("pixels").source.node.type == "LTXVPreprocess")
    graph.connect(encoder.input("pixels").source.node.input("image").source, encoder.input("pixels"))
    before = graph.to_document()
    assert ("preprocess_symmetry", "ERR") in kit.findings(before, "preprocess_symmetry")
    after = kit.check_migrates(before, "loop_guide_preprocess_symmetry")
    assert kit.findings(after.to_document(), "preprocess_symmetry") == []


def test_the_loops_of_other_packs_are_loops_too(kit):
    document = kit.sound(raw_guide=True)
    others = {"TensorLoopOpen": "TensorForLoopOpen", "TensorLoopClose": "TensorForLoopClose"}
    for node in document["nodes"]:
        node["type"] = others.get(node["type"], node["type"])
    assert ("preprocess_symmetry", "ERR") in kit.findings(document, "preprocess_symmetry")
    graph = kit.check_migrates(document, "loop_guide_preprocess_symmetry")
    assert kit.findings(graph.to_document(), "preprocess_symmetry") == []


def test_a_render_that_starts_from_an_unprepared_picture_is_no_model_for_the_loop(kit):
    """Nothing says how strong the preparation should be, so the guide stays as raw as the start; a start in the loop says it
    neither."""
    graph = Graph(kit.sound(raw_guide=True))
    for node in graph.find(type="LTXVPreprocess"):
        graph.remove(node, heal=True)
    inside, prepared = graph.add("LTXVImgToVideoInplace"), graph.add("LTXVPreprocess")
    graph.connect(graph.node(1539).output("previous_value"), inside.input("latent"))
    graph.connect(graph.node(444).output(0), prepared.input("image"))
    graph.connect(prepared.output(0), inside.input("image"))
    kit.check_leaves(graph.to_document(), "loop_guide_preprocess_symmetry")

"""What becomes of each node of another pack: in a small graph with everything that it is wired to."""

from __future__ import annotations

import pytest

from audio_loop.workflow_graph.editing.graph import Graph
from audio_loop.workflow_graph.frontend.to_api import to_api
from audio_loop.workflow_graph.migrations.modernize.modernize import modernize

from .small_graphs import decoded, empty_graph, foreign, modern, picture


def test_the_size_of_a_picture():
    graph = empty_graph()
    node = graph.add("GetImageSizeAndCount")
    graph.connect(picture(graph), node.input("image"))
    empty, shown = graph.add("EmptyLTXVLatentVideo"), graph.add("PreviewImage")
    for name, target in (("width", "width"), ("count", "length")):
        graph.connect(node.output(name), empty.input(target))
    graph.connect(node.output("image"), shown.input("images"))
    after, remarks = modern(graph)
    assert after.node(empty.id).input("width").source.node.type == "GetImageSize"
    assert after.node(empty.id).input("length").source.name == "batch_size"
    assert after.node(shown.id).input("images").source.node.type == "LoadImage"
    assert remarks == ""


@pytest.mark.parametrize(("start", "expected"), [(3, 3), (-1, -5), (0, 0)])
def test_a_part_of_a_batch(start, expected):
    graph = empty_graph()
    node = graph.add("GetImageRangeFromBatch", widgets={"start_index": start, "num_frames": 5})
    graph.connect(picture(graph), node.input("images"))
    graph.connect(node.output("IMAGE"), graph.add("PreviewImage").input("images"))
    after, remarks = modern(graph)
    made = after.node(node.id)
    assert (made.type, made.widgets["batch_index"], made.widgets["length"]) == ("ImageFromBatch", expected, 5)
    assert remarks == ""


def test_two_pictures_in_one():
    graph = foreign(
        empty_graph(),
        "ImageBlend_AudioLoop",
        [("image_a", "IMAGE"), ("image_b", "IMAGE"), ("blend_factor", "FLOAT")],
        [("image", "IMAGE")],
        [0.25],
    )
    first, second = picture(graph), picture(graph)
    node = graph.node(500)
    graph.connect(first, node.input("image_a"))
    graph.connect(second, node.input("image_b"))
    graph.connect(node.output(), graph.add("PreviewImage").input("images"))
    made = modern(graph)[0].node(500)
    assert (made.type, made.widgets["blend_factor"], made.widgets["blend_mode"]) == ("ImageBlend", 0.25, "normal")
    assert made.input("image1").source.node_id == first.node_id
    assert made.input("image2").source.node_id == second.node_id


def test_a_blend_that_has_one_picture_left_passes_it_on():
    graph = foreign(empty_graph(), "ImageBlend_AudioLoop", [("a", "IMAGE"), ("b", "IMAGE")], [("image", "IMAGE")], [0.5])
    shown = graph.add("PreviewImage")
    graph.connect(picture(graph), graph.node(500).input("a"))
    graph.connect(graph.node(500).output(), shown.input("images"))
    after, remarks = modern(graph)
    assert after.node(shown.id).input("images").source.node.type == "LoadImage"
    assert "mixes two pictures and has 1" in remarks


@pytest.mark.parametrize(
    ("factors", "factor", "until", "said"),
    [("0.3, 0.3, 0.3", 0.3, 1.0, False), ("0.3,0.2,0.1,0.0", 0.3, 0.75, True), ("0.2,0.2,0,0", 0.2, 0.5, True)],
)
def test_statistics_per_step(factors, factor, until, said):
    graph = empty_graph()
    node = graph.add("LTXVPerStepAdainPatcher", widgets={"factors": factors})
    graph.connect(graph.add("UNETLoader").output(), node.input("model"))
    graph.connect(graph.add("EmptyLTXVLatentVideo").output(), node.input("reference"))
    graph.connect(node.output(), graph.add("CFGGuider").input("model"))
    after, remarks = modern(graph)
    made = after.node(node.id)
    assert made.type == "PerStepStatisticsMatch"
    assert (made.widgets["factor"], made.widgets["start_percent"], made.widgets["end_percent"]) == (factor, 0.0, until)
    assert ("factors" in remarks) is said


@pytest.mark.parametrize(
    ("start", "end", "kind", "expected"),
    [
        (-4, -1, "LatentContextExtract", {"overlap_latent_frames": 4}),
        (2, 5, "LatentCut", {"index": 2, "amount": 4, "dim": "t"}),
        (3, -1, "LatentCut", {"index": 3, "amount": 16384, "dim": "t"}),
        (-5, -2, "LatentCut", {"index": -5, "amount": 4, "dim": "t"}),
    ],
)
def test_selected_latents(start, end, kind, expected):
    graph = empty_graph()
    node = graph.add("LTXVSelectLatents", widgets={"start_index": start, "end_index": end})
    graph.connect(graph.add("EmptyLTXVLatentVideo").output(), node.input("samples"))
    graph.connect(node.output(), graph.add("LatentOverlapTrim").input("latent"))
    made = modern(graph)[0].node(node.id)
    assert (made.type, dict(made.widgets)) == (kind, expected)


def test_a_counted_loop_of_another_pack():
    graph = empty_graph()
    opened, closed = graph.add("TensorForLoopOpen", widgets={"count": 7}), graph.add("TensorForLoopClose")
    graph.connect(graph.add("EmptyLTXVLatentVideo").output(), opened.input("initial_value"))
    body = graph.add("IterationCleanup")
    graph.connect(opened.output("previous_value"), body.input("latent"))
    graph.connect(opened.output("flow_control"), closed.input("flow_control"))
    graph.connect(body.output(), closed.input("processed"))
    graph.connect(closed.output(), graph.add("VAEDecode").input("samples"))
    closed.widgets["accumulate"] = False
    after, remarks = modern(graph)
    made = after.node(opened.id)
    assert (made.type, made.widgets["mode"], made.widgets["mode.iterations"]) == ("TensorLoopOpen", "iterations", 7)
    assert after.node(body.id).input("latent").source.name == "previous_value"
    end = after.node(closed.id)
    assert (end.type, end.widgets["accumulate"]) == ("TensorLoopClose", False)
    assert end.input("flow_control").source.node_id == opened.id
    assert "joined in time" in remarks


def test_a_while_loop_goes_on_until_its_condition_ends():
    graph = foreign(
        empty_graph(),
        "TensorWhileLoopOpen",
        [("initial_value", "LATENT")],
        [("flow_control", "FLOW_CONTROL"), ("previous_value", "LATENT"), ("current_iteration", "INT")],
        [],
    )
    graph = foreign(
        graph,
        "TensorWhileLoopClose",
        [("flow_control", "FLOW_CONTROL"), ("processed", "LATENT"), ("condition", "BOOLEAN")],
        [("output", "LATENT")],
        [True],
        identity=501,
    )
    opened, closed = graph.node(500), graph.node(501)
    controller = graph.add("AudioLoopController")
    graph.connect(opened.output("flow_control"), closed.input("flow_control"))
    graph.connect(opened.output("previous_value"), closed.input("processed"))
    graph.connect(controller.output("should_stop"), closed.input("condition"))
    after, _ = modern(graph)
    opposite = after.node(501).input("stop").source.node
    assert opposite.type == "ComfyNotNode"
    assert opposite.input("value").source.node_id == controller.id
    assert after.node(500).widgets["mode.iterations"] == 100000


def test_a_video_loader_and_what_it_cut():
    graph = empty_graph()
    node = graph.add("VHS_LoadVideo", widgets={"video": "clip.mp4", "skip_first_frames": 10, "frame_load_cap": 20})
    shown, empty = graph.add("PreviewImage"), graph.add("EmptyLTXVLatentVideo")
    graph.connect(node.output("IMAGE"), shown.input("images"))
    graph.connect(node.output("frame_count"), empty.input("length"))
    graph.connect(node.output("audio"), graph.add("SaveAudio").input("audio"))
    after, remarks = modern(graph)
    cut = after.node(shown.id).input("images").source.node
    assert (cut.type, cut.widgets["batch_index"], cut.widgets["length"]) == ("ImageFromBatch", 10, 20)
    assert after.one(type="LoadVideo").widgets["file"] == "clip.mp4"
    assert after.node(empty.id).input("length").source.node.type == "GetImageSize"
    assert "sound is that of the whole file" in remarks


def test_a_loader_of_another_kind_says_what_it_left_out():
    values = {"video": "C:/clips/night.mp4", "force_rate": 0, "start_time": 4.0}
    outputs = [("IMAGE", "IMAGE"), ("mask", "MASK"), ("audio", "AUDIO")]
    graph = foreign(empty_graph(), "VHS_LoadVideoFFmpegPath", [], outputs, values)
    graph.connect(graph.node(500).output("IMAGE"), graph.add("PreviewImage").input("images"))
    after, remarks = modern(graph)
    assert after.one(type="LoadVideo").widgets["file"] == "night.mp4"
    assert after.one(type="PreviewImage").input("images").source.node.type == "GetVideoComponents"
    assert "start_time 4.0 is not carried over" in remarks
    assert "copy that file" in remarks


def test_a_kernel_that_was_chosen_is_named(kit):
    remarks = "\n".join(modernize(kit.sound(sage="sageattn_qk_int8_pv_fp8_cuda")).remarks)
    assert "'sageattn_qk_int8_pv_fp8_cuda' became mode auto_mask_aware" in remarks


def test_a_loader_that_read_a_path_says_where_the_file_goes():
    graph = empty_graph()
    node = graph.add("VHS_LoadAudio", widgets={"audio_file": "D:\\songs\\night.mp3", "seek_seconds": 3.0})
    graph.connect(node.output("audio"), graph.add("SaveAudio").input("audio"))
    graph.connect(node.output("duration"), graph.add("AudioLoopController").input("window_seconds"))
    after, remarks = modern(graph)
    assert after.one(type="LoadAudio").widgets["audio"] == "night.mp3"
    assert after.one(type="TrimAudioDuration").widgets["start_index"] == 3.0
    assert after.one(type="AudioLoopController").input("window_seconds").source.node.type == "AudioDuration"
    assert "D:" in remarks


@pytest.mark.parametrize(
    ("kind", "values", "became"),
    [
        ("INTConstant", {"value": 7}, ("PrimitiveInt", 7)),
        ("FloatConstant", {"value": 1.5}, ("PrimitiveFloat", 1.5)),
        ("BOOLConstant", {"value": False}, ("PrimitiveBoolean", False)),
        ("StringConstant", {"string": "a"}, ("PrimitiveString", "a")),
        ("StringConstantMultiline", {"string": "a\nb", "strip_newlines": False}, ("PrimitiveStringMultiline", "a\nb")),
    ],
)
def test_constants(kind, values, became):
    graph = empty_graph()
    node = graph.add(kind, widgets=values)
    made = modern(graph)[0].node(node.id)
    assert (made.type, made.widgets["value"]) == became


@pytest.mark.parametrize("mode", [2, 4])
def test_a_saver_that_did_not_run_does_not_run(mode):
    graph = empty_graph()
    _, combine = decoded(graph)
    combine.raw["mode"] = mode
    after, _ = modern(graph)
    assert [node.mode for node in after.find(type="StreamingVideoSave")] == [mode]
    assert not any(node["class_type"] == "StreamingVideoSave" for node in to_api(after.to_document()).values())


def test_of_two_savers_of_one_decoder_only_the_one_that_ran_runs():
    graph = empty_graph()
    decoder, first = decoded(graph, filename_prefix="off")
    first.raw["mode"] = 4
    second = graph.add("VHS_VideoCombine", widgets={"format": "video/h264-mp4", "frame_rate": 25.0, "filename_prefix": "on"})
    graph.connect(decoder.output(), second.input("images"))
    after, _ = modern(graph)
    savers = {node.widgets["filename_prefix"]: node.mode for node in after.find(type="StreamingVideoSave")}
    assert savers == {"off": 4, "on": 0}
    assert after.find(type="VAEDecode") == ()


def test_a_saver_behind_a_chain_of_pictures():
    graph = empty_graph()
    _, combine = decoded(graph, filename_prefix="clip", crf=17)
    scaled = graph.add("ImageScaleBy")
    graph.splice(combine.input("images").link.id, scaled)
    graph.connect(graph.add("LoadAudio", widgets={"audio": "a.wav"}).output(), combine.input("audio"))
    combine.raw["mode"] = 4
    after, _ = modern(graph)
    saver, made = after.one(type="SaveVideo"), after.one(type="CreateVideo")
    assert (saver.mode, made.mode) == (4, 4)
    assert (saver.widgets["filename_prefix"], saver.widgets["format.codec.encoding.crf"]) == ("clip", 17.0)
    assert made.input("images").source.node.type == "ImageScaleBy"
    assert made.input("audio").source.node.type == "LoadAudio"
    assert made.widgets["fps"] == 25.0


def test_a_preview_that_lost_its_picture_goes_with_a_word(kit):
    graph = Graph(kit.sound())
    sigmas = graph.add("VisualizeSigmasKJ")
    graph.connect(graph.node(1421).output(), sigmas.input("sigmas"))
    shown = graph.add("PreviewImage")
    graph.connect(sigmas.output("image"), shown.input("images"))
    outcome = modernize(graph.to_document())
    assert shown.id not in [node["id"] for node in outcome.document["nodes"]]
    assert any("Preview" in remark and "is removed" in remark for remark in outcome.remarks)


def test_a_loop_without_a_planner_gets_one(kit):
    graph = Graph(kit.sound(iterations_wired=False, audio_in_loop=True))
    graph.remove(graph.node(1560))
    outcome = modernize(graph.to_document())
    after = Graph(outcome.document)
    planner = after.one(type="AudioLoopPlanner")
    assert planner.input("audio").source.node_id == 567
    assert after.node(606).type == "LoopWindowLatent"
    assert after.node(1604).input("frames").source.node == planner
    assert any("is new" in remark for remark in outcome.remarks)


def test_a_mask_without_planner_and_controller_keeps_its_numbers():
    graph = empty_graph()
    mask = graph.add("LTXVAudioVideoMask", widgets={"video_end_time": 9.64, "max_length": "pad"})
    graph.connect(graph.add("EmptyLTXVLatentVideo").output(), mask.input("video_latent"))
    graph.connect(graph.add("LTXVEmptyLatentAudio").output(), mask.input("audio_latent"))
    graph.connect(mask.output("video_latent"), graph.add("LTXVConcatAVLatent").input("video_latent"))
    after, remarks = modern(graph)
    assert (after.node(mask.id).type, after.node(mask.id).widgets["window_latents"]) == ("LoopWindowLatent", 31)
    assert "no AudioLoopPlanner" in remarks


def test_the_older_profiling_nodes_become_ours(kit):
    graph = Graph(kit.sound())
    for kind, identity, values in (
        ("ProfileBegin_AudioLoop", 7001, [True, "runs/night", 2, 3, True, True, True, False]),
        ("ProfileEnd_AudioLoop", 7002, []),
    ):
        graph = foreign(graph, kind, [("trigger", "*")], [("trigger", "*")], values, identity)
    link = graph.node(1539).input("initial_value").link
    graph.splice(link.id, graph.node(7001), input="trigger", output="trigger")
    outcome = modernize(graph.to_document())
    after = Graph(outcome.document)
    begin = after.one(type="ProfileBegin")
    assert dict(begin.widgets) == {"run_name": "night", "warmup_iterations": 2, "active_iterations": 3}
    assert after.node(1539).input("initial_value").source.node == begin
    assert not any(node.type.endswith("_AudioLoop") for node in after.nodes)


def test_values_that_are_left_out_are_named(kit):
    graph = Graph(kit.sound())
    graph.node(504).widgets["chunks"] = 7
    graph.node(1537).widgets["weight_dtype"] = "fp32"
    remarks = "\n".join(modernize(graph.to_document()).remarks)
    assert "node 504 (LTXV Chunk FeedForward): chunks 7 is not carried over" in remarks
    assert "weight_dtype 'fp32' is not carried over" in remarks


def test_the_vaes_keep_their_files(kit):
    prompt = to_api(modernize(kit.sound()).document)
    assert prompt["1537"]["inputs"] == {"vae_name": "LTX23_video_vae_bf16.safetensors"}
    assert prompt["1538"]["inputs"] == {"vae_name": "LTX23_audio_vae_bf16.safetensors"}

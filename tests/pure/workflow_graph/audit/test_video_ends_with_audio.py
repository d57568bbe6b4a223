from __future__ import annotations

RULE = "video_ends_with_audio"


def trim(value):
    def edit(graph):
        graph.one(type="VHS_VideoCombine").widgets["trim_to_audio"] = value

    return edit


def cut_frames(graph):
    node = graph.add("TrimImageBatchToAudio", id=2029)
    save = graph.one(type="VHS_VideoCombine")
    graph.connect(graph.node(567).output(), node.input("audio"))
    graph.splice(save.input("images").link.id, node, input="images")


def silent(graph):
    graph.disconnect(graph.one(type="VHS_VideoCombine").input("audio"))


def test_clean(check_clean, ours, classic):
    check_clean(RULE, ours(), classic(), classic(trim(False), cut_frames), classic(trim(False), silent))


def test_frames_beyond_the_song_are_found(check_finds, classic):
    check_finds(RULE, classic(trim(False)), "node 617 .*trim_to_audio is false", severity="WARN")


def test_fixed(check_fixed, classic):
    check_fixed(RULE, classic(trim(False)), trim(True))

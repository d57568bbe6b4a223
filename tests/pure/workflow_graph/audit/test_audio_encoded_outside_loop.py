from __future__ import annotations

RULE = "audio_encoded_outside_loop"


def slice_whole(graph):
    """Takes the slice from the encoded song instead."""
    body = graph.subgraph("extension")
    window = graph.add("AudioLatentWindow", id=2012, level=body)
    encoder, trim = graph.node(598), graph.node(600)
    whole = graph.add_input(body, "full_audio_latent", "LATENT")
    graph.connect(whole, window.input("audio_latent"))
    graph.connect(trim.input("start_index").source, window.input("start_seconds"))
    graph.connect(window.output(), graph.node(606).input("audio_latent"))
    graph.remove(encoder)
    graph.remove(trim)


def test_clean(check_clean, ours, classic):
    check_clean(RULE, ours(), classic())


def test_an_encoder_in_the_loop_is_found(check_finds, classic):
    check_finds(RULE, classic(audio_in_loop=True), "node 598 inside [Ee]xtension .*node 1539", severity="WARN")


def test_fixed(check_fixed, classic):
    check_fixed(RULE, classic(audio_in_loop=True), slice_whole)

from __future__ import annotations

RULE = "vae_kinds"


def rewire(node_id, name, source_id, output):
    def edit(graph):
        graph.connect(graph.node(source_id).output(output), graph.node(node_id).input(name))

    return edit


def test_clean(check_clean, ours, classic):
    check_clean(RULE, ours(), classic())


def test_an_audio_vae_for_pictures_is_found(check_finds, ours):
    swapped = rewire(1604, "vae", 1538, 0)
    check_finds(RULE, ours(swapped), "node 1604 .*vae gets an audio VAE, from node 1538")


def test_a_video_vae_for_sound_is_found(check_finds, ours):
    swapped = rewire(2009, "audio_vae", 414, 2)
    check_finds(RULE, ours(swapped), "node 2009 .*audio_vae gets a video VAE, from node 414")


def test_a_vae_that_a_prompt_does_not_hold_is_of_no_known_kind(check_clean, check_finds):
    decode = {"class_type": "VAEDecode", "inputs": {"vae": ["1", 0]}}
    sound = {"class_type": "LTXVAudioVAELoader", "inputs": {"ckpt_name": "a.safetensors"}}
    check_clean(RULE, {"2": decode})
    check_finds(RULE, {"1": sound, "2": decode}, "vae gets an audio VAE, from node 1")

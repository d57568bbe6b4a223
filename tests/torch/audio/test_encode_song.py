"""A song encoded in pieces beside ComfyUI's encode of it in one piece, with the tiny audio VAE."""

from __future__ import annotations

import json
import logging

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from audio_loop.audio.encode_pieces import EncoderTime
from audio_loop.audio.encode_song import encode_song
from audio_loop.audio.prepare import cropped_song, pad_to_plan, padded_song
from audio_loop.audio.receptive_field import Layer, field
from audio_loop.comfyui_internals import contact
from audio_loop.comfyui_internals.audio_encoder import AudioEncoder
from audio_loop.loop_control.errors import PlanError
from audio_loop.loop_control.plan import make_plan

RATES = (8000, 11_025, 16_000, 22_050, 32_000, 44_100, 48_000, 88_200, 96_000)
TOLERANCE = 1e-5


def tiny_vae(kind, change=lambda name, weight: weight):
    """ComfyUI's VAE of the tiny LTX, 0 for video and 1 for sound, each weight as `change(name, weight)` gives it."""
    import comfy.sd

    from audio_loop.demo import tiny_architecture
    from audio_loop.demo.tiny_ltx import vae_shapes
    from audio_loop.demo.tiny_weights import tiny_state_dict

    weights = {name: change(name, weight) for name, weight in tiny_state_dict(vae_shapes()[kind]).items()}
    return comfy.sd.VAE(sd=weights, metadata={"config": json.dumps(tiny_architecture.CHECKPOINT)})


@pytest.fixture(scope="module")
def vae(comfy_on_cpu):
    return tiny_vae(1)


@pytest.fixture(scope="module")
def one_piece(vae):
    from comfy_extras.nodes_lt_audio import LTXVAudioVAEEncode

    def encode(waveform, sample_rate, vae=vae):
        with torch.inference_mode():
            return LTXVAudioVAEEncode.execute({"waveform": waveform, "sample_rate": sample_rate}, vae).result[0]["samples"]

    return encode


def noise(samples, channels=2, seed=0):
    """Noise that swells from silence, so that the spectrum's floor is met too."""
    waveform = torch.rand(1, channels, samples, generator=torch.Generator().manual_seed(seed)).sub_(0.5)
    return waveform * torch.linspace(0, 1, samples) ** 4


def error(made, expected):
    assert made.shape == expected.shape
    assert made.dtype == expected.dtype
    return float((made - expected).abs().max())


@pytest.mark.parametrize("channels", [1, 2])
@pytest.mark.parametrize("rate", RATES)
def test_pieces_are_the_song_in_one_piece(vae, one_piece, rate, channels):
    waveform = noise(round(3.37 * rate), channels)
    expected = one_piece(waveform, rate)
    made = encode_song(cropped_song(waveform, rate), vae, piece_latents=25)
    assert error(made.latents, expected) < TOLERANCE
    assert "in 4 pieces, each with 20 latents before and 0 behind" in made.report


@settings(max_examples=8, deadline=None)
@given(samples=st.integers(22_050, 80_000), rate=st.sampled_from(RATES), piece=st.integers(20, 60))
def test_the_length_is_that_of_one_piece_for_any_song(vae, one_piece, samples, rate, piece):
    samples = max(samples * rate // 44_100, rate // 2)
    waveform = noise(samples)
    assert error(encode_song(cropped_song(waveform, rate), vae, piece_latents=piece).latents, one_piece(waveform, rate)) < 1e-5


@pytest.mark.parametrize("over", [0, 1, 1763, 1764, 2048, 4095])
def test_songs_that_end_beside_a_border(vae, one_piece, over):
    waveform = noise(44_100 * 2 + over)
    assert error(encode_song(cropped_song(waveform, 44_100), vae, piece_latents=25).latents, one_piece(waveform, 44_100)) < 1e-5


def oldest_counts_most(name, weight):
    """Kernels that hear what is oldest loudest, so that nothing of the encoder's field is lost in rounding."""
    if weight.ndim != 4 or weight.shape[2] != 3 or "encoder" not in name:
        return weight
    return weight * torch.tensor([0.5, 0.0, 0.0]).reshape(3, 1)


def test_the_encoders_halo_is_enough_and_a_smaller_one_is_not(comfy_on_cpu, one_piece, monkeypatch):
    vae = tiny_vae(1, oldest_counts_most)
    waveform = noise(44_100 * 4)
    expected = one_piece(waveform, 44_100, vae)
    whole = EncoderTime.halo.func

    def with_less(less):
        monkeypatch.setattr(EncoderTime, "halo", property(lambda time: (whole(time)[0] - less, whole(time)[1])))
        return error(encode_song(cropped_song(waveform, 44_100), vae, piece_latents=30).latents, expected)

    assert with_less(0) < TOLERANCE
    assert with_less(1) > 10 * TOLERANCE
    assert with_less(3) > 1000 * TOLERANCE


def test_a_latent_hears_the_samples_that_the_layers_say_and_no_others(vae):
    """What is not a number makes all that hears it not a number; at 16 kHz, behind the change of the rate."""
    hz, rows = AudioEncoder(vae).clock()
    first, last = field([Layer(*row) for row in rows])
    latent = 30
    for edge in (first - 1, first, last, last + 1):
        waveform = noise(640 * 40)
        waveform[..., latent * 640 + edge] = torch.nan
        with torch.inference_mode():
            made = vae.first_stage_model.encode(waveform, sample_rate=hz)
        assert bool(made[:, :, latent].isnan().any()) == (edge in (first, last))


def test_the_true_encoder_needs_27_latents(comfy_on_cpu):
    from pathlib import Path

    from comfy.ldm.lightricks.vae.causal_audio_autoencoder import CausalAudioAutoencoder

    golden = Path(__file__).parents[2] / "golden" / "ltx23_configuration.json"
    with torch.device("meta"):
        autoencoder = CausalAudioAutoencoder(json.loads(golden.read_text("utf-8"))["audio_vae"])
    assert clock_of(autoencoder).halo == (27, 0)


def clock_of(autoencoder):
    from types import SimpleNamespace

    heard = SimpleNamespace(n_fft=autoencoder.n_fft, mel_hop_length=160, target_sample_rate=16_000)
    network = SimpleNamespace(preprocessor=heard, autoencoder=autoencoder)
    rate, rows = AudioEncoder(SimpleNamespace(first_stage_model=network)).clock()
    return EncoderTime(44_100, rate, tuple(Layer(*row) for row in rows))


@pytest.mark.parametrize("rate", [44_100, 48_000])
def test_with_a_plan_the_song_is_padded_as_before(vae, one_piece, rate):
    waveform = noise(round(5.1 * rate))
    plan = make_plan(audio_samples=waveform.shape[-1], sample_rate=rate, window_seconds=1.96, overlap_seconds=0.36, fps=25)
    made = encode_song(padded_song(waveform, rate, plan), vae, piece_latents=40)
    assert error(made.latents, one_piece(*pad_to_plan(waveform, rate, plan))) < TOLERANCE
    assert made.latents.shape[2] >= plan.nth_window(plan.iterations).audio_latents[1]
    assert made.report.startswith("0:05.10 of song and 0.")


def test_pieces_of_nothing_but_the_silence_behind_the_song(vae, one_piece):
    waveform = noise(44_100 * 2, channels=1)
    plan = make_plan(
        audio_samples=waveform.shape[-1], sample_rate=44_100, window_seconds=8, overlap_seconds=1, fps=25, last_window="full"
    )
    made = encode_song(padded_song(waveform, 44_100, plan), vae, piece_latents=25)
    assert error(made.latents, one_piece(*pad_to_plan(waveform, 44_100, plan))) < TOLERANCE


def test_memory_does_not_grow_with_the_song(vae, monkeypatch):
    seen = []
    encode = vae.first_stage_model.encode
    monkeypatch.setattr(vae.first_stage_model, "encode", lambda waveform: seen.append(waveform.shape[-1]) or encode(waveform))
    largest = []
    for seconds in (3, 12):
        seen.clear()
        encode_song(cropped_song(noise(44_100 * seconds), 44_100), vae, piece_latents=25)
        largest.append(max(seen))
    assert largest == [45 * 1764] * 2


@pytest.fixture
def small_card(vae, monkeypatch):
    """`small_card(latents)`: the device has room for so many latents at once; returns what was tried."""
    tried = []
    encode = vae.first_stage_model.encode

    def room_for(latents):
        def encode_or_not(waveform):
            tried.append(waveform.shape[-1])
            if waveform.shape[-1] > latents * 1764:
                raise torch.OutOfMemoryError("CUDA out of memory")
            return encode(waveform)

        monkeypatch.setattr(vae.first_stage_model, "encode", encode_or_not)
        return tried

    return room_for


def test_out_of_memory_makes_smaller_pieces_and_comfyuis_wrong_length_is_never_passed_on(vae, one_piece, small_card, caplog):
    waveform = noise(44_100 * 12)
    expected = one_piece(waveform, 44_100)
    tried = small_card(110)
    assert one_piece(waveform, 44_100).shape[2] != expected.shape[2]
    del tried[:]
    with caplog.at_level(logging.WARNING):
        made = encode_song(cropped_song(waveform, 44_100), vae, piece_latents=200)
    assert error(made.latents, expected) < TOLERANCE
    remark = "out of memory with 200 latents at once, so pieces of 100 from latent 0 on"
    assert remark in made.report
    assert [record.getMessage() for record in caplog.records].count(f"encoding the song: {remark}") == 1
    assert "out of memory with 100 latents at once, so pieces of 50 from latent 100 on" in made.report


def test_a_device_without_room_for_a_second_is_refused(vae, small_card):
    tried = small_card(10)
    with pytest.raises(PlanError, match=r"out of memory encoding 1\.00 s of the song at once, the smallest piece\. Close what"):
        encode_song(cropped_song(noise(44_100 * 12), 44_100), vae, piece_latents=100)
    assert len(tried) == 3


def test_an_encode_of_another_length_is_refused(vae, monkeypatch):
    encode = vae.first_stage_model.encode
    monkeypatch.setattr(vae.first_stage_model, "encode", lambda waveform: encode(waveform)[:, :, :-1])
    with pytest.raises(PlanError, match=r"made 25 latents of 1\.00 s of sound, and its layers make 26: the song would run"):
        encode_song(cropped_song(noise(44_100 * 3), 44_100), vae, piece_latents=25)


def test_other_errors_of_the_encoder_stay(vae, monkeypatch):
    monkeypatch.setattr(vae.first_stage_model, "encode", lambda waveform: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        encode_song(cropped_song(noise(44_100), 44_100), vae)


def test_an_encoder_that_looks_at_the_whole_song_encodes_it_in_one_piece(comfy_on_cpu, one_piece, monkeypatch, caplog):
    monkeypatch.setattr(contact, "_said", {})
    vae = tiny_vae(1)
    vae.first_stage_model.autoencoder.encoder.norm_out = torch.nn.GroupNorm(2, 32, device=vae.device)
    waveform = noise(44_100 * 2)
    expected = one_piece(waveform, 44_100, vae)
    made = encode_song(cropped_song(waveform, 44_100), vae, piece_latents=25)
    assert error(made.latents, expected) == 0.0
    assert made.report.endswith("latents, in one piece")
    (record,) = [record for record in caplog.records if record.name == contact.__name__]
    assert "(ValueError: norm_out is a GroupNorm): the song is encoded in one piece" in record.getMessage()


def test_a_stop_is_heard_before_each_piece(vae):
    said = []

    def stop_at_fifty(done, total):
        said.append((done, total))
        if done >= 50:
            raise InterruptedError

    with pytest.raises(InterruptedError):
        encode_song(cropped_song(noise(4096 * 43), 44_100), vae, piece_latents=25, on_progress=stop_at_fifty)
    assert said == [(0, 100), (25, 100), (50, 100)]


def test_another_vae_is_refused(comfy_on_cpu):
    with pytest.raises(PlanError, match=r"audio_vae input \(VideoVAE\) does not encode sound for LTX; connect Load LTXV Audio"):
        encode_song(cropped_song(noise(44_100), 44_100), tiny_vae(0))

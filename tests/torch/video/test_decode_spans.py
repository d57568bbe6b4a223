"""Streamed decode against ComfyUI's one-piece VAE.decode, on the tiny VAE of the true architecture."""

from __future__ import annotations

import json
from dataclasses import astuple

import pytest
import torch

from audio_loop.video.decode_spans import decode_spans
from audio_loop.video.errors import VideoError
from audio_loop.video.halo import Halo, measured_halo
from audio_loop.video.piece_memory import DecoderSize
from audio_loop.video.video_vae import VideoVae

TOLERANCE = 1e-4


@pytest.fixture(scope="module")
def vae(comfy_on_cpu):
    import comfy.sd

    from audio_loop.demo import tiny_architecture
    from audio_loop.demo.tiny_ltx import vae_shapes
    from audio_loop.demo.tiny_weights import tiny_state_dict

    weights = tiny_state_dict(vae_shapes()[0])
    return comfy.sd.VAE(sd=weights, metadata={"config": json.dumps(tiny_architecture.CHECKPOINT)})


@pytest.fixture(scope="module")
def plain_vae(vae):
    """The same network behind a class that knows no chunked writing, as other video VAEs are."""
    import copy

    class Plain(type(vae.first_stage_model)):
        comfy_has_chunked_io = False

    plain = copy.copy(vae)
    plain.first_stage_model = copy.copy(vae.first_stage_model)
    plain.first_stage_model.__class__ = Plain
    return plain


def latent_of(latents, height=1, width=1):
    return torch.randn(1, 128, latents, height, width, generator=torch.Generator().manual_seed(latents))


def one_piece(vae, latent):
    with torch.inference_mode():
        return vae.decode(latent)[0]


def collected(vae, latent, **options):
    spans = []
    report = decode_spans(vae, latent, spans.append, **options)
    return torch.cat(spans), report, spans


@pytest.mark.parametrize("frames", [1, 9, 57, 497, 993])
def test_the_vaes_own_chunks_give_the_one_piece_decode(vae, frames):
    latent = latent_of((frames - 1) // 8 + 1, 2, 3)
    streamed, report, _ = collected(vae, {"samples": latent})
    whole = one_piece(vae, latent)
    assert streamed.shape == whole.shape == (frames, 64, 96, 3)
    assert streamed.dtype == torch.float32
    assert (streamed - whole).abs().max() < TOLERANCE
    assert (report.frames, report.pieces, report.exact) == (frames, 1, True)


@pytest.fixture(scope="module")
def references(vae):
    """Latent and one-piece decode by number of frames, for clips one latent wide."""
    latents = {frames: latent_of((frames - 1) // 8 + 1) for frames in (1, 9, 57, 497, 993)}
    return {frames: (latent, one_piece(vae, latent)) for frames, latent in latents.items()}


@pytest.mark.parametrize("piece", range(1, 17))
def test_overlapped_pieces_of_every_size_give_the_one_piece_decode(plain_vae, references, piece):
    for frames, (latent, whole) in references.items():
        streamed, report, _ = collected(plain_vae, latent, piece_latents=piece)
        assert streamed.shape == whole.shape, f"{frames} frames"
        assert (streamed - whole).abs().max() < TOLERANCE, f"{frames} frames"
        assert report.exact
        assert report.pieces == -(-latent.shape[2] // piece)


def test_overlapped_pieces_of_a_chunk_writing_vae_give_the_one_piece_decode(vae, references):
    latent, whole = references[497]
    streamed, report, _ = collected(vae, latent, piece_latents=11)
    assert (streamed - whole).abs().max() < TOLERANCE
    assert report.pieces == 6


def test_pictures_that_fill_the_vaes_chunks_are_decoded_in_pieces_of_twice_the_halo(vae, monkeypatch):
    latent = latent_of(60)
    pixels = 32 * 32 * 8
    monkeypatch.setattr("audio_loop.video.decode_spans.HOST_PIECE_PIXELS", 4 * pixels)
    streamed, large, _ = collected(vae, latent)
    assert (streamed - one_piece(vae, latent)).abs().max() < TOLERANCE
    overlap = large.halo.before + large.halo.after
    assert large.pieces == -(-60 // (2 * overlap))
    # A small picture has room for the halo and at least eight latents beside it, and no more.
    monkeypatch.setattr("audio_loop.video.decode_spans.HOST_PIECE_PIXELS", (overlap + 8) * pixels)
    streamed, small, _ = collected(vae, latent)
    assert (streamed - one_piece(vae, latent)).abs().max() < TOLERANCE
    assert small.pieces == -(-60 // 8)


def test_the_measured_halo_is_needed(vae):
    halo = measured_halo(VideoVae(vae))
    latent = latent_of(24)
    short = Halo(halo.before // 2, halo.after // 2, exact=True)
    streamed, _, _ = collected(vae, latent, piece_latents=4, halo=short)
    assert (streamed - one_piece(vae, latent)).abs().max() > TOLERANCE


@pytest.mark.parametrize("piece", [None, 3])
def test_only_the_wanted_frames_are_delivered(vae, piece):
    latent = latent_of(12)
    streamed, report, _ = collected(vae, latent, frames=50, piece_latents=piece)
    assert report.frames == streamed.shape[0] == 50
    assert (streamed - one_piece(vae, latent)[:50]).abs().max() < TOLERANCE


def test_spans_have_a_bounded_size(vae, monkeypatch):
    monkeypatch.setattr("audio_loop.video.video_vae.SPAN_BYTES", 5 * 32 * 32 * 3 * 4)
    streamed, _, spans = collected(vae, latent_of(9))
    assert max(span.shape[0] for span in spans) == 5
    assert (streamed - one_piece(vae, latent_of(9))).abs().max() < TOLERANCE


def test_an_interrupt_ends_the_decode_before_the_next_span(vae, monkeypatch):
    monkeypatch.setattr("audio_loop.video.video_vae.SPAN_BYTES", 5 * 32 * 32 * 3 * 4)

    class StopError(Exception):
        pass

    spans = []

    def check():
        if len(spans) == 3:
            raise StopError

    with pytest.raises(StopError):
        decode_spans(vae, latent_of(30), spans.append, check_interrupt=check)
    assert len(spans) == 3
    after, _, _ = collected(vae, latent_of(9))
    assert (after - one_piece(vae, latent_of(9))).abs().max() < TOLERANCE, "the VAE keeps nothing of a stopped decode"


class OutOfMemoryAbove:
    """Makes a VAE fail as a full device does: decodes of more than `most` latents raise after some were written."""

    def __init__(self, vae, most):
        self._model, self._most = vae.first_stage_model, most
        self.sizes = []

    def __getattr__(self, name):
        return getattr(self._model, name)

    def decode(self, samples, output_buffer=None):
        self.sizes.append(samples.shape[2])
        if samples.shape[2] <= self._most:
            return self._model.decode(samples, output_buffer=output_buffer)
        if output_buffer is not None:
            decoded = self._model.decode(samples)[:, :, :9]
            output_buffer[:, :, 0:9].copy_(decoded)
        raise torch.OutOfMemoryError("the device is full")


def failing_above(vae, most):
    import copy

    failing = copy.copy(vae)
    failing.first_stage_model = OutOfMemoryAbove(vae, most)
    return failing


def test_out_of_memory_goes_on_with_smaller_pieces_and_the_same_frames(vae):
    latent = latent_of(40)
    failing = failing_above(vae, 24)
    streamed, report, _ = collected(failing, latent, halo=Halo(7, 7, exact=True))
    assert (streamed - one_piece(vae, latent)).abs().max() < TOLERANCE
    assert report.exact
    assert failing.first_stage_model.sizes[0] == 40
    assert max(failing.first_stage_model.sizes[2:]) <= 24


def test_out_of_memory_is_said_once_with_the_pieces_it_led_to(vae, caplog):
    _, report, _ = collected(failing_above(vae, 24), latent_of(60), halo=Halo(7, 7, exact=True))
    assert report.smaller_because == "out of memory, so from frame 129 on in pieces of 7 latents"
    said = [record.getMessage() for record in caplog.records if "out of memory" in record.getMessage()]
    assert said == ["out of memory decoding 60 latents at once; going on with smaller pieces"]


@pytest.fixture
def card(vae, monkeypatch):
    """`card(latents)`: the VAE is on a card with room for so many latents, of one position each, at once."""
    import inspect

    import comfy.model_management

    chunk = 8_000
    size = DecoderSize(vae.first_stage_model.decoder.conv_in.out_channels * 4, chunk)

    def put(latents):
        monkeypatch.setattr(VideoVae, "on_cpu", False)
        # Four fifths of what is free are used.
        monkeypatch.setattr(comfy.model_management, "get_free_memory", lambda device: size.decode_bytes(latents) * 1.25 + 2)
        monkeypatch.setattr(inspect.getmodule(type(vae.first_stage_model)), "get_max_chunk_size", lambda device: chunk)

    return put


def test_pieces_are_as_long_as_the_card_has_room_for(vae, card):
    latent = latent_of(100)
    whole = one_piece(vae, latent)
    overlap = sum(astuple(measured_halo(VideoVae(vae)))[:2])
    for room, piece in (
        (100, 100),
        (99, 99 - overlap),
        (overlap + 4, 2 * overlap),
        (1, 2 * overlap),
    ):
        card(room)
        streamed, report, _ = collected(vae, latent)
        assert (streamed - whole).abs().max() < TOLERANCE
        assert (report.exact, report.smaller_because) == (True, "")
        assert report.pieces == -(-100 // piece), f"room for {room}"


def test_out_of_memory_even_for_one_latent_goes_on_in_tiles(vae):
    latent = latent_of(12, 2, 3)
    failing = failing_above(vae, 0)
    failing.decode_tiled = vae.decode_tiled
    streamed, report, _ = collected(failing, latent, halo=Halo(7, 7, exact=True))
    assert streamed.shape == (89, 64, 96, 3)
    assert not report.exact


def test_other_errors_of_the_vae_are_not_swallowed(vae):
    def broken(span):
        raise RuntimeError("not about memory")

    with pytest.raises(RuntimeError, match="not about memory"):
        decode_spans(vae, latent_of(3), broken)


def test_a_picture_vae_is_refused():
    class Picture:
        latent_dim = 2
        first_stage_model = object()
        upscale_ratio = 8

    with pytest.raises(VideoError, match="does not decode video"):
        decode_spans(Picture(), latent_of(3), lambda span: None)


def test_a_vae_that_writes_out_of_order_is_refused():
    from audio_loop.video.span_buffer import SpanBuffer

    buffer = SpanBuffer((1, 3, 17, 4, 4), (0, 17), lambda piece: None)
    buffer[:, :, 0:4].copy_(torch.zeros(1, 3, 4, 4, 4))
    with pytest.raises(VideoError, match=r"\[8, 12\) where frame 4 was due"):
        buffer[:, :, 8:12].copy_(torch.zeros(1, 3, 4, 4, 4))

import hashlib
import json
import pickle

import pytest
import safetensors.torch
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from audio_loop.checkpoints.errors import CheckpointError, DamagedSegmentError, NotFiniteError
from audio_loop.checkpoints.segments import latent_file
from audio_loop.checkpoints.segments.container import BLANK_CHECKSUM, seal
from audio_loop.checkpoints.segments.header import CHECKSUM_KEY, METADATA_KEY, SegmentInfo
from audio_loop.checkpoints.segments.latent_file import LatentCodec, decode_segment, encode_segment
from audio_loop.checkpoints.take import Take, segment_file_name

FINGERPRINT = hashlib.sha256(b"x").hexdigest()
INFO = SegmentInfo(7, Take(FINGERPRINT, 'a "singer" ♪\n', 2**64 - 1, {"wiring": "0123456789ab"}), {"fps": 25}, "id")
DTYPES = [torch.float32, torch.float16, torch.bfloat16, torch.float64, torch.int64, torch.uint8, torch.bool,
          torch.float8_e4m3fn]  # fmt: skip


def bits(tensor):
    return tensor.contiguous().reshape(-1).view(torch.uint8)


def same(first, second):
    return first.dtype == second.dtype and first.shape == second.shape and torch.equal(bits(first), bits(second))


def round_trip(latent, tmp_path, make_nested=list):
    path = tmp_path / segment_file_name(7, FINGERPRINT)
    path.write_bytes(encode_segment(latent, INFO))
    return decode_segment(path, make_nested=make_nested, index=7, fingerprint=FINGERPRINT)


@pytest.mark.parametrize("dtype", DTYPES)
def test_every_bit_comes_back(tmp_path, dtype):
    raw = torch.arange(1 * 4 * 3 * 2 * 2 * 8).to(torch.uint8)
    item = torch.empty(0, dtype=dtype).element_size()
    samples = (raw > 100).reshape(-1) if dtype == torch.bool else raw[: raw.numel() // 8 * item].view(dtype)
    samples = samples[:48].reshape(1, 4, 3, 2, 2)
    if dtype.is_floating_point:
        samples = torch.where(torch.isfinite(samples.double()), samples.double(), 0.0).to(dtype)
    mask = torch.ones(1, 1, 3, 1, 1)
    latent, info = round_trip({"samples": samples, "noise_mask": mask}, tmp_path)
    assert same(latent["samples"], samples)
    assert same(latent["noise_mask"], mask)
    assert set(latent) == {"samples", "noise_mask"}
    assert (info.index, info.take, info.plan, info.identity) == (INFO.index, INFO.take, INFO.plan, INFO.identity)


def test_a_file_of_the_version_before_is_read(tmp_path):
    latent = {"samples": torch.ones(1, 4, 3, 2, 2)}
    now = encode_segment(latent, INFO)
    before = now.replace(b'\\"version\\":2', b'\\"version\\":1')
    assert before != now
    position = before.find(CHECKSUM_KEY.encode()) + len(CHECKSUM_KEY) + 3
    path = tmp_path / segment_file_name(7, FINGERPRINT)
    path.write_bytes(seal(before[:position] + BLANK_CHECKSUM.encode() + before[position + 64 :]))
    back, info = decode_segment(path, make_nested=list)
    assert same(back["samples"], latent["samples"])
    assert (info.take, info.project, info.take.place) == (INFO.take, "", None)


def test_signed_zero_and_the_smallest_number_come_back(tmp_path):
    samples = torch.tensor([-0.0, 1e-45, 3.4e38, 0.0]).reshape(1, 1, 1, 2, 2)
    assert same(round_trip({"samples": samples}, tmp_path)[0]["samples"], samples)


@pytest.mark.parametrize("value", [float("nan"), float("inf"), -float("inf")])
@pytest.mark.parametrize("dtype", [torch.float32, torch.float16, torch.bfloat16, torch.float64])
def test_one_value_that_is_not_finite_is_no_finished_window(tmp_path, monkeypatch, nested_class, value, dtype):
    samples = torch.zeros(1, 4, 3, 2, 2, dtype=dtype)
    samples[0, 3, 2, 1, 0] = value
    latents = [
        {"samples": samples},
        {"samples": nested_class([torch.zeros(1, 4, 3, 2, 2), samples[:, :, :, :, 0]])},
        {"samples": torch.zeros(1, 4, 3, 2, 2), "noise_mask": samples},
    ]
    for latent in latents:
        with pytest.raises(NotFiniteError, match=r"window 7 is not kept: 1 of \d+ values is (NaN|Inf)"):
            encode_segment(latent, INFO)
        # Files of earlier versions hold such windows, sealed and whole.
        with monkeypatch.context() as patch:
            patch.setattr(latent_file, "not_finite", lambda _latent: "")
            data = encode_segment(latent, INFO)
        path = tmp_path / segment_file_name(7, FINGERPRINT)
        path.write_bytes(data)
        with pytest.raises(NotFiniteError, match="is no finished window: 1 of"):
            decode_segment(path, make_nested=nested_class)


def test_nested_parts_of_different_dtypes(tmp_path, nested_class):
    video, audio = torch.randn(1, 128, 7, 2, 3).bfloat16(), torch.randn(1, 8, 20, 16)
    masks = [torch.ones(1, 1, 7, 1, 1), torch.zeros(1, 1, 20, 1)]
    latent = {"samples": nested_class([video, audio]), "noise_mask": nested_class(masks), "type": "av"}
    back, _ = round_trip(latent, tmp_path, nested_class)
    assert isinstance(back["samples"], nested_class)
    assert all(map(same, back["samples"].tensors, [video, audio]))
    assert all(map(same, back["noise_mask"].tensors, masks))
    assert back["type"] == "av"


@settings(deadline=None, max_examples=40)
@given(
    st.lists(st.integers(0, 3), max_size=5),
    st.sampled_from(DTYPES),
    st.dictionaries(
        st.text(st.characters(exclude_categories=["Cs"], exclude_characters="."), max_size=6),
        st.recursive(
            st.one_of(st.none(), st.booleans(), st.integers(), st.floats(allow_nan=False, allow_infinity=False),
                      st.text(st.characters(exclude_categories=["Cs"]), max_size=5)),
            lambda inner: st.one_of(st.lists(inner, max_size=2), st.dictionaries(st.text(
                st.characters(exclude_categories=["Cs"]), max_size=3), inner, max_size=2)),
            max_leaves=4,
        ),
        max_size=3,
    ),
)  # fmt: skip
def test_shapes_and_extras_come_back(tmp_path_factory, shape, dtype, extras):
    samples = torch.zeros(shape).to(dtype)
    back, _ = round_trip({**extras, "samples": samples}, tmp_path_factory.getbasetemp())
    assert same(back.pop("samples"), samples)
    extras.pop("samples", None)
    assert back == extras
    assert [type(value) for value in back.values()] == [type(extras[key]) for key in back]


def test_views_shared_memory_and_gradients(tmp_path, nested_class):
    base = torch.randn(1, 4, 6, 2, 2, requires_grad=True)
    latent = {"samples": nested_class([base[:, :, ::2], base.transpose(3, 4)]), "noise_mask": base[:, :1]}
    back, _ = round_trip(latent, tmp_path, nested_class)
    assert same(back["samples"].tensors[0], base[:, :, ::2].detach())
    assert same(back["samples"].tensors[1], base.transpose(3, 4).detach())
    assert base.requires_grad


def test_what_comes_back_can_be_written_to(tmp_path):
    samples = torch.zeros(1, 2, 2, 2, 2)
    first, _ = round_trip({"samples": samples}, tmp_path)
    first["samples"] += 1
    assert not samples.any()


class Thing:
    pass


@pytest.mark.parametrize(
    "latent",
    [
        {},
        {"noise_mask": torch.zeros(1)},
        {"samples": None},
        {"samples": torch.zeros(2).to_sparse()},
        {"samples": torch.zeros(2, dtype=torch.complex64)},
        {"samples": torch.zeros(2), "batch_index": (1, 2)},
        {"samples": torch.zeros(2), "thing": Thing()},
        {"samples": torch.zeros(2), "x": float("nan")},
        {"samples": torch.zeros(2), "a.b": 1},
        {"samples": torch.zeros(2), "x": "half a character: \ud800"},
        {"samples": torch.zeros(2), "x": [{"y": Thing()}]},
    ],
)
def test_what_cannot_be_kept_exactly_is_refused(latent):
    with pytest.raises(CheckpointError):
        encode_segment(latent, INFO)


def test_the_codec_reads_its_own_bytes(nested_class):
    codec = LatentCodec(nested_class)
    samples = torch.randn(1, 4, 2, 2, 2)
    assert same(codec.decode_bytes(codec.encode({"samples": samples}, INFO))["samples"], samples)


@pytest.mark.parametrize(
    "layout",
    [
        {},
        {"samples": {"kind": "plain", "value": 1}},
        {"samples": {"kind": "nested", "parts": 2}},
        {"samples": {"kind": "nested", "parts": "2"}},
        {"samples": {"kind": "nested", "parts": 10**12}},
        {"samples": {"kind": "pickle"}},
        {"samples": {}},
        {"samples": "tensor"},
        {"noise_mask": {"kind": "tensor"}},
        {"samples": {"kind": "tensor"}, "noise_mask": {"kind": "tensor"}},
    ],
)
def test_a_layout_that_does_not_fit_the_tensors_is_refused(tmp_path, layout):
    whole = SegmentInfo(INFO.index, INFO.take, layout={"samples": {"kind": "tensor"}}).to_json()
    meta = {METADATA_KEY: json.dumps(whole | {"layout": layout}), CHECKSUM_KEY: BLANK_CHECKSUM}
    path = tmp_path / "file"
    path.write_bytes(seal(safetensors.torch.save({"samples": torch.zeros(2)}, meta)))
    with pytest.raises(DamagedSegmentError):
        decode_segment(path, make_nested=list)


def entry(dtype="F32", shape=(8,), offsets=(0, 32)):
    return {"dtype": dtype, "shape": list(shape), "data_offsets": list(offsets)}


@pytest.mark.parametrize(
    "entries",
    [
        {"samples": entry(dtype="F33")},
        {"samples": entry(dtype=["F32"])},
        {"samples": entry(shape=(9,))},
        {"samples": entry(shape=(-8,))},
        {"samples": entry(shape=(8.0,))},
        {"samples": entry(shape=(True,))},
        {"samples": entry(shape=(2**62, 2**62))},
        {"samples": entry(shape=(2**47, 2**47))},
        {"samples": entry(offsets=(0, 32, 32))},
        {"samples": entry(offsets=(0,))},
        {"samples": entry(offsets=(32, 0))},
        {"samples": entry(offsets=(-32, 0))},
        {"samples": entry(offsets=(4, 36))},
        {"samples": entry(offsets=("0", "32"))},
        {"samples": entry(), "b": entry(shape=(4,), offsets=(16, 32))},
        {"samples": entry(shape=(4,), offsets=(0, 16)), "b": entry(shape=(3,), offsets=(20, 32))},
        {"samples": entry(shape=(4,), offsets=(0, 16))},
        {"samples": {"dtype": "F32", "shape": [8]}},
        {"samples": []},
        {"samples": None},
    ],
)
def test_a_table_that_does_not_fit_the_tensors_is_refused_even_with_a_checksum(tmp_path, entries):
    info = SegmentInfo(INFO.index, INFO.take, layout={name: {"kind": "tensor"} for name in entries})
    meta = {METADATA_KEY: json.dumps(info.to_json()), CHECKSUM_KEY: BLANK_CHECKSUM}
    header = json.dumps({"__metadata__": meta, **entries}, separators=(",", ":")).encode()
    path = tmp_path / "file"
    path.write_bytes(seal(len(header).to_bytes(8, "little") + header + bytes(32)))
    with pytest.raises(DamagedSegmentError):
        decode_segment(path, make_nested=list)


def test_a_pickle_is_never_run(tmp_path):
    class Attack:
        def __reduce__(self):
            return (pytest.fail, ("the pickle ran",))

    for name, data in {"pickle": pickle.dumps(Attack()), "torch": None}.items():
        path = tmp_path / name
        if data is None:
            torch.save({"samples": torch.zeros(2)}, path)
        else:
            path.write_bytes(data)
        with pytest.raises(DamagedSegmentError):
            decode_segment(path, make_nested=list)

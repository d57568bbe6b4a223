import numpy as np
import pytest
import torch

from audio_loop.checkpoints.errors import FingerprintRefusedError
from audio_loop.checkpoints.fingerprint.tensor_hash import hash_tensor, hash_value


@pytest.mark.parametrize(
    "dtype",
    [torch.float32, torch.float16, torch.bfloat16, torch.float64, torch.int64, torch.uint8, torch.bool,
     torch.float8_e4m3fn, torch.complex64],
)  # fmt: skip
def test_any_dense_tensor_hashes_by_content(dtype):
    values = torch.tensor([[0, 1, 2], [3, 4, 5]]).to(dtype)
    assert hash_tensor(values) == hash_tensor(values.clone())
    assert hash_tensor(values) != hash_tensor(values.reshape(3, 2))
    changed = values.clone()
    changed[0, 0] = 1
    assert hash_tensor(values) != hash_tensor(changed)


def test_dtype_shape_and_sign_of_zero_count():
    digests = {
        hash_tensor(tensor)
        for tensor in (
            torch.zeros(2),
            torch.zeros(2, dtype=torch.int32),
            torch.zeros(2, 1),
            torch.zeros(4, dtype=torch.float16),
            torch.zeros(4, dtype=torch.bfloat16),
            -torch.zeros(2),
            torch.zeros(0, 2),
            torch.zeros(0, 3),
            torch.zeros(()),
        )
    }
    assert len(digests) == 9


def test_memory_layout_and_gradients_do_not_count():
    whole = torch.arange(24.0).reshape(2, 3, 4)
    assert hash_tensor(whole.transpose(0, 2).contiguous()) == hash_tensor(whole.transpose(0, 2))
    assert hash_tensor(whole[:, 1:]) == hash_tensor(whole[:, 1:].clone())
    assert hash_tensor(torch.nn.Parameter(whole)) == hash_tensor(whole)
    complex_values = torch.tensor([1 + 2j])
    assert hash_tensor(complex_values.conj()) == hash_tensor(torch.tensor([1 - 2j]))
    assert hash_tensor(torch.full((5,), 2.0)) == hash_tensor(torch.tensor(2.0).expand(5))


def test_one_changed_bit_counts_in_a_large_tensor():
    tensor = torch.zeros(1, 128, 63, 4, 4)
    changed = tensor.clone()
    changed[0, 127, 62, 3, 3] = 1e-45
    assert hash_tensor(tensor) != hash_tensor(changed)


def test_conditioning_latents_and_audio(nested_class):
    def values():
        torch.manual_seed(0)
        video, audio = torch.randn(1, 8, 3, 2, 2), torch.randn(1, 8, 5, 16)
        return {
            "latent": {"samples": nested_class([video, audio]), "noise_mask": nested_class([video[:, :1], audio[:, :1]])},
            "conditioning": [[torch.randn(1, 4, 8), {"frame_rate": 25.0, "keyframe_idxs": None, "strength": np.float32(1)}]],
            "audio": {"waveform": torch.randn(1, 2, 100), "sample_rate": 44100},
        }

    base = values()
    assert hash_value(base) == hash_value(values())
    flips = []
    for flip in range(7):
        changed = values()
        conditioning = changed["conditioning"][0]
        if flip == 0:
            changed["latent"]["samples"] = nested_class(list(reversed(changed["latent"]["samples"].tensors)))
        elif flip == 1:
            del changed["latent"]["noise_mask"]
        elif flip == 2:
            changed["latent"]["samples"].tensors[1][0, 0, 0, 0] += 1
        elif flip == 3:
            conditioning[0][0, 3, 7] += 1
        elif flip == 4:
            conditioning[1]["frame_rate"] = 24.0
        elif flip == 5:
            changed["audio"]["waveform"][0, 1, 99] += 1e-3
        else:
            changed["audio"]["sample_rate"] = 48000
        flips.append(hash_value(changed))
    assert len({hash_value(base), *flips}) == 8


def test_a_nested_tensor_is_not_a_list_of_its_parts(nested_class):
    parts = [torch.zeros(2), torch.zeros(3)]
    assert hash_value(nested_class(parts)) != hash_value(parts)
    assert hash_value(nested_class(parts[:1])) != hash_value(parts[0])


def test_arguments_are_not_changed():
    tensor = torch.randn(3, 4).t()
    copy, stride = tensor.clone(), tensor.stride()
    hash_tensor(tensor)
    assert torch.equal(tensor, copy)
    assert tensor.stride() == stride


class Wrapped(torch.Tensor):
    pass


@pytest.mark.parametrize(
    "tensor",
    [
        torch.zeros(3, 3).to_sparse(),
        torch.zeros(3, device="meta"),
        torch.quantize_per_tensor(torch.zeros(3), 0.1, 0, torch.qint8),
        torch.zeros(3).as_subclass(Wrapped),
    ],
)
def test_tensors_without_plain_bytes_are_refused(tensor):
    with pytest.raises(FingerprintRefusedError):
        hash_tensor(tensor)


class ControlNet:
    pass


def test_objects_in_conditioning_are_refused_with_their_place():
    with pytest.raises(FingerprintRefusedError, match=r"positive\[0\]\[1\]\['control'\] is a .*ControlNet"):
        hash_value([[torch.zeros(1), {"control": ControlNet()}]], name="positive")


def test_arrays_and_numpy_numbers():
    assert hash_value(np.float64(0.1)) == hash_value(0.1)
    assert hash_value(np.arange(6)) != hash_value(np.arange(6).reshape(2, 3))
    assert hash_value(np.arange(6.0)) != hash_value(np.arange(6.0).astype(np.float32))
    assert hash_value(np.arange(6)[::2]) == hash_value(np.array([0, 2, 4]))
    with pytest.raises(FingerprintRefusedError, match="ndarray"):
        hash_value(np.array([object()]))


def test_types_of_tensors_count_by_name():
    assert hash_value(torch.float32) == hash_value(torch.float)
    assert len({hash_value(each) for each in (torch.float32, torch.bfloat16, "torch.float32")}) == 3

from __future__ import annotations

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from torch.utils._python_dispatch import TorchDispatchMode

from audio_loop.latent_ops.join import (
    OVERLAP_MODES,
    check_next,
    first_frames,
    frame_count,
    join,
    no_frames,
)
from audio_loop.latent_ops.kinds import LatentError

KINDS = {
    "video": lambda frames: {"samples": index(frames).view(1, 1, -1, 1, 1).expand(1, 4, -1, 2, 2).clone()},
    "audio": lambda frames: {"samples": index(frames).view(1, 1, -1, 1).expand(1, 8, -1, 16).clone()},
    "picture": lambda frames: {"samples": index(frames).view(-1, 1, 1, 1).expand(-1, 4, 4, 4).clone()},
    "image": lambda frames: index(frames).view(-1, 1, 1, 1).expand(-1, 4, 4, 3).clone(),
    "mask": lambda frames: index(frames).view(-1, 1, 1).expand(-1, 4, 4).clone(),
}


def index(frames):
    return torch.tensor(list(frames), dtype=torch.float32)


def tensor_of(value):
    return value["samples"] if isinstance(value, dict) else value


def frames_of(value):
    tensor = tensor_of(value)
    axis = 2 if isinstance(value, dict) and (tensor.ndim == 5 or tensor.shape[1] == 8) else 0
    return tensor.movedim(axis, 0).flatten(1)[:, 0].tolist()


@pytest.fixture(params=sorted(KINDS))
def make(request):
    return KINDS[request.param]


@pytest.mark.parametrize(
    ("mode", "expected"),
    [
        ("disabled", [0, 1, 2, 3, 10, 11, 12, 13, 20, 21, 22, 23]),
        ("start", [0, 1, 2, 3, 12, 13, 22, 23]),
        ("end", [0, 1, 10, 11, 20, 21, 22, 23]),
        ("replace_tail", [0, 1, 10, 11, 20, 21, 22, 23]),
        ("fade_linear", [0, 1, 2 + 8 / 3, 3 + 16 / 3, 12 + 8 / 3, 13 + 16 / 3, 22, 23]),
        ("fade_smooth", [0, 1, 2 + 8 * 7 / 27, 3 + 8 * 20 / 27, 12 + 8 * 7 / 27, 13 + 8 * 20 / 27, 22, 23]),
    ],
)
def test_every_mode_on_every_type_by_hand(make, mode, expected):
    parts = [make(range(start, start + 4)) for start in (0, 10, 20)]
    joined = join(parts, mode, 2)
    assert frames_of(joined) == pytest.approx(expected)
    assert frame_count(joined) == len(expected)
    assert type(joined) is type(parts[0])


@given(
    kind=st.sampled_from(sorted(KINDS)),
    sizes=st.lists(st.integers(1, 6), min_size=1, max_size=6),
    overlap=st.integers(1, 4),
    mode=st.sampled_from(OVERLAP_MODES),
)
def test_split_with_repeated_frames_and_joined_is_the_original(kind, sizes, overlap, mode):
    """Parts that repeat the last `overlap` frames of the part before; every mode must give each frame once."""
    overlap = 0 if mode == "disabled" else overlap
    edges = [0, overlap + sizes[0]]
    parts = [KINDS[kind](range(0, edges[1]))]
    for size in sizes[1:]:
        edges.append(edges[-1] + size)
        parts.append(KINDS[kind](range(edges[-2] - overlap, edges[-1])))
    assert frames_of(join(parts, mode, overlap)) == list(range(edges[-1]))


def test_the_join_has_the_first_parts_keys_without_a_mask():
    parts = [{**KINDS["video"](range(3)), "noise_mask": torch.ones(1), "batch_index": [0], "type": "x"}] * 2
    assert join(parts).keys() == {"samples", "batch_index", "type"}
    pictures = [{**KINDS["picture"](range(3)), "batch_index": [0, 1, 2]}] * 2
    assert join(pictures).keys() == {"samples"}


def test_one_part_is_itself_and_a_copy(make):
    part = make(range(3))
    for mode in OVERLAP_MODES:
        joined = join([part], mode, 2)
        assert torch.equal(tensor_of(joined), tensor_of(part))
        assert tensor_of(joined).data_ptr() != tensor_of(part).data_ptr()


def test_joint_latents_are_joined_part_by_part_at_their_own_rate(nested_class):
    def window(start, frames, audio):
        samples = [KINDS["video"](range(start, start + frames)), KINDS["audio"](range(start, start + audio))]
        return {"samples": nested_class([part["samples"] for part in samples])}

    # Windows of 9 latents = 65 px = 65 audio latents; 3 latents of overlap are 17 px = 17 audio latents.
    parts = [window(0, 9, 65), window(100, 9, 65)]
    video, audio = join(parts, "start", 3)["samples"].unbind()
    assert frames_of({"samples": video}) == [*range(9), *range(103, 109)]
    assert frames_of({"samples": audio}) == [*range(65), *range(117, 165)]
    video, audio = join(parts, "replace_tail", 3)["samples"].unbind()
    assert frames_of({"samples": video}) == [*range(6), *range(100, 109)]
    assert frames_of({"samples": audio}) == [*range(48), *range(100, 165)]
    head = first_frames(parts[0], 3)
    assert [part.shape[2] for part in head["samples"].unbind()] == [3, 17]
    assert frame_count(parts[0]) == 9


def test_replacing_may_reach_over_more_than_one_part_where_cutting_ends_may_not(make):
    parts = [make(range(0, 4)), make([10]), make(range(20, 24))]
    with pytest.raises(LatentError, match="part 2 overlaps 5 frames, but the parts before it have 4 together"):
        join(parts, "replace_tail", 5)
    # 0 1 2 3 becomes 0 1 10, whose last two go for 20 21 22 23.
    assert frames_of(join(parts, "replace_tail", 2)) == [0, 20, 21, 22, 23]
    with pytest.raises(LatentError, match=r"part 2 of shape .* has 1 frames for its overlap"):
        join(parts, "end", 1)


def test_first_frames_by_hand(make):
    value = make(range(5))
    assert frames_of(first_frames(value, 2)) == [0, 1]
    assert first_frames(value, 5) is value
    assert first_frames(value, 9) is value
    with pytest.raises(LatentError, match="0 frames"):
        first_frames(value, 0)


def test_only_the_result_is_allocated():
    """Growing pairwise would allocate the sum of all partial results, 50 times as much here."""
    parts = [torch.zeros(1, 64, 64, 3) for _ in range(100)]
    allocations = []

    class Watch(TorchDispatchMode):
        def __torch_dispatch__(self, func, types, args=(), kwargs=None):
            result = func(*args, **(kwargs or {}))
            if not func.is_view:
                allocations.append(result.numel())
            return result

    with Watch():
        joined = join(parts)
    assert sum(allocations) == joined.numel()


@pytest.mark.parametrize("mode", OVERLAP_MODES)
def test_parts_that_do_not_fit_are_refused_with_both_shapes(mode):
    with pytest.raises(LatentError, match=r"part 2 of shape \(3, 4, 5, 3\) cannot .* part 1 of shape \(3, 4, 4, 3\)"):
        join([torch.zeros(3, 4, 4, 3), torch.zeros(3, 4, 5, 3)], mode, 1)


def test_mixed_types_are_refused(nested_class):
    video, audio, image = KINDS["video"](range(3)), KINDS["audio"](range(9)), KINDS["image"](range(3))
    joint = {"samples": nested_class([video["samples"], audio["samples"]])}
    mask = KINDS["mask"](range(3))
    for parts in ([video, audio], [video, joint], [joint, video], [image, video], [video, image], [image, mask]):
        with pytest.raises(LatentError, match="part 2"):
            join(parts)


def test_bad_settings_are_refused(make):
    parts = [make(range(3)), make(range(3))]
    with pytest.raises(LatentError, match="nothing to join"):
        join([])
    with pytest.raises(LatentError, match=r"'fade' is not known; use one of disabled, start, end, fade_linear"):
        join(parts, "fade", 1)
    for mode in OVERLAP_MODES[1:]:
        with pytest.raises(LatentError, match="needs 1 or more, or use disabled"):
            join(parts, mode, 0)
    for mode in ("start", "end"):
        with pytest.raises(LatentError, match="has 3 frames for its overlap, the part would vanish"):
            join(parts, mode, 3)
    with pytest.raises(LatentError, match="use parts of at least 4 frames or a smaller overlap"):
        join(parts, "start", 3)
    with pytest.raises(LatentError, match="is no IMAGE"):
        join([torch.zeros(4)])
    with pytest.raises(LatentError, match="connect a LATENT"):
        join(["text"])


def refusal_on_the_way(parts, mode, overlap):
    """The message of the first part that is refused before the ones behind it are made, "" if none is."""
    for number in range(2, len(parts) + 1):
        shared = 0 if mode == "disabled" else (number - 2) * overlap
        so_far = sum(frame_count(part) for part in parts[: number - 1]) - shared
        try:
            check_next(parts[0], parts[number - 2], so_far, parts[number - 1], number, mode, overlap)
        except LatentError as error:
            return str(error)
    return ""


@given(
    st.lists(st.tuples(st.integers(1, 6), st.sampled_from([4, 4, 4, 5])), min_size=1, max_size=5),
    st.integers(1, 5),
    st.sampled_from(OVERLAP_MODES),
)
def test_what_cannot_be_joined_is_refused_at_the_first_part_that_does_not_fit(parts, overlap, mode):
    """A loop asks for each part as it comes; parts that add no frame it refuses itself."""
    values = [torch.zeros(frames, 4, width, 3) for frames, width in parts]
    if mode != "disabled" and any(frames <= overlap for frames, _ in parts[1:]):
        return
    try:
        join(values, mode, overlap)
        refused = ""
    except LatentError as error:
        refused = str(error)
    assert bool(refusal_on_the_way(values, mode, overlap)) == bool(refused)


def test_no_frames_add_nothing(make):
    some = make(range(3))
    assert frame_count(no_frames(some)) == 0
    assert frames_of(join([some, no_frames(some)])) == frames_of(some)


def test_pictures_that_are_joined_keep_what_is_said_of_them_but_the_numbers_of_one_batch():
    part = {"samples": torch.zeros(2, 4, 3, 3), "batch_index": [0, 1], "type": "picture", "about": "noise"}
    joined = join([part, part])
    assert joined["samples"].shape == (4, 4, 3, 3)
    assert {key: value for key, value in joined.items() if key != "samples"} == {"type": "picture", "about": "noise"}


def test_the_part_before_is_named_if_it_is_none():
    part = torch.zeros(3, 4, 4, 3)
    with pytest.raises(LatentError, match=r"^part 2 of shape \(4,\) is no IMAGE"):
        check_next(part, torch.zeros(4), 3, part, 3, "end", 1)

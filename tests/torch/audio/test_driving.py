"""A vocal stem in the place of the song: at the same moment, as long as the song, whatever its rate."""

from __future__ import annotations

import pytest
import torch

from audio_loop.audio.driving import driven_by
from audio_loop.audio.prepare import PreparedSong, cropped_song, padded_song
from audio_loop.loop_control.audio_facts import ENCODE_HZ
from audio_loop.loop_control.plan import PlanError, make_plan

RATE = 48_000
SECONDS = 3


def song() -> torch.Tensor:
    return torch.rand(1, 2, SECONDS * RATE, generator=torch.Generator().manual_seed(1)) - 0.5


def prepared(waveform: torch.Tensor) -> PreparedSong:
    plan = make_plan(audio_samples=waveform.shape[-1], sample_rate=RATE, window_seconds=1.96, overlap_seconds=0.36, fps=25)
    return padded_song(waveform, RATE, plan)


def whole(prepared_song: PreparedSong) -> torch.Tensor:
    return prepared_song.part(0, prepared_song.length)


@pytest.mark.parametrize("prepare", [prepared, lambda waveform: cropped_song(waveform, RATE)])
def test_driven_by_itself_a_song_is_unchanged(prepare):
    waveform = song()
    own = prepare(waveform)
    driven = driven_by(own, waveform.clone(), RATE)
    assert torch.equal(whole(driven), whole(own))
    assert driven.words == own.words + "; driven by driving_audio"


@pytest.mark.parametrize("rate", [16_000, 22_050, 44_100])
def test_a_click_in_a_stem_of_another_rate_is_heard_at_its_moment(rate):
    stem = torch.zeros(1, 1, SECONDS * rate)
    stem[..., 2 * rate] = 1.0
    own = prepared(song())
    heard = whole(driven_by(own, stem, rate))
    assert heard.shape == whole(own).shape
    assert abs(int(heard[0, 0].abs().argmax()) - 2 * ENCODE_HZ) <= 1
    assert float(heard[..., ENCODE_HZ].abs().max()) < 0.01, "nothing of the song is left"


def test_a_stem_that_is_a_little_longer_is_cut_at_its_end():
    waveform = song()
    longer = torch.cat([waveform, torch.ones(1, 2, RATE // 20)], -1)
    driven = driven_by(prepared(waveform), longer, RATE)
    assert torch.equal(whole(driven), whole(prepared(waveform)))
    assert driven.words.endswith("which is 50 ms longer and is cut at its end")


def test_silence_follows_a_stem_that_is_a_little_shorter():
    waveform = song()
    missing = RATE // 10
    driven = driven_by(prepared(waveform), waveform[..., :-missing], RATE)
    end, ringing = round((SECONDS - 0.1) * ENCODE_HZ), 20
    assert torch.equal(whole(driven)[..., : end - ringing], whole(prepared(waveform))[..., : end - ringing])
    assert not whole(driven)[..., end + ringing :].any()
    assert driven.words.endswith("which is 100 ms shorter; silence follows it")


@pytest.mark.parametrize(("seconds", "told"), [(3.11, "0:03.11"), (2.89, "0:02.89"), (30, "0:30.00")])
def test_a_stem_of_another_length_is_refused_with_both(seconds, told):
    with pytest.raises(PlanError, match=f"driving_audio is {told} long and the song 0:03.00: .*behind its trim"):
        driven_by(prepared(song()), torch.zeros(1, 1, round(seconds * RATE)), RATE)


def test_a_stem_that_is_no_sound_is_refused():
    damaged = torch.zeros(1, 1, SECONDS * RATE)
    damaged[..., RATE] = float("nan")
    with pytest.raises(PlanError, match=r"not a number at 0:01\.00"):
        driven_by(prepared(song()), damaged, RATE)
    with pytest.raises(PlanError, match="7 channels"):
        driven_by(prepared(song()), torch.zeros(1, 7, SECONDS * RATE), RATE)

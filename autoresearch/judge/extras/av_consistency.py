"""Likeness of picture and sound to the words, by PE-AV (Vyas et al. 2025, arXiv 2512.19687).

`av_text_sim` is the mean cosine between the joint embedding of a stretch's frames and sound and that of the schedule's words.
The weights: `hf download facebook/pe-av-small-16-frame`, or PE_AV_MODEL names their folder.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ....watching.model_here import hub_model, lacking
from ..exhibit import Exhibit
from ..frames import frames_of
from ..weights import unavailable

STATUS, METRIC = "av_consistency_status", "av_text_sim"
MODEL, VARIABLE = "facebook/pe-av-small-16-frame", "PE_AV_MODEL"
FRAMES = 16
"""This model was trained on 16 frames of a clip, at equal distances."""
MOST_SECONDS = 30.0
"""Sound that is listened to, from the start; the frames are taken from all of the video if it is no longer."""


def measure(exhibit: Exhibit) -> Mapping[str, Any]:
    """The cosine of a video's embedding to that of its words."""
    missing = lacking("torch", "transformers", "timm")
    folder = hub_model(VARIABLE, MODEL)
    if missing or folder is None:
        why = f"not installed: {', '.join(missing)}" if missing else f"no {MODEL} here ({VARIABLE} may name its folder)"
        return unavailable(STATUS, why, METRIC)
    words = words_of(exhibit.schedule)
    if words is None:
        return {METRIC: None, STATUS: "not_measured: the schedule has no words"}
    import torch
    from transformers import AutoProcessor, PeAudioVideoModel

    processor = AutoProcessor.from_pretrained(folder, local_files_only=True)
    rate = processor.feature_extractor.sampling_rate
    sound = sound_of(exhibit, rate)
    if sound is None:
        return {METRIC: None, STATUS: "not_measured: the video has no sound"}
    model = PeAudioVideoModel.from_pretrained(folder, local_files_only=True).eval()
    pictures = _spread(frames_of(exhibit.video, 2.0, 4 * FRAMES), FRAMES)
    with torch.inference_mode():
        video = processor.video_processor(videos=[torch.stack(pictures)], return_tensors="pt")
        audio = processor.feature_extractor(sound, sampling_rate=rate, return_tensors="pt")
        text = processor.tokenizer([words], return_tensors="pt", truncation=True, max_length=512)
        seen = model.get_audio_video_embeds(audio["input_values"], video["pixel_values_videos"]).audio_video_embeds
        said = model.get_text_audio_video_embeds(text["input_ids"], text["attention_mask"])
    return {METRIC: float(torch.nn.functional.cosine_similarity(seen.float(), said.float()).mean()), STATUS: "ok"}


def words_of(schedule: str | None) -> str | None:
    """The first prompt of a schedule; None if it cannot be read."""
    from ....schedule.errors import ScheduleError
    from ....schedule.parser import parse_schedule

    try:
        return None if schedule is None else parse_schedule(schedule).entries[0].value
    except ScheduleError:
        return None


def sound_of(exhibit: Exhibit, rate: int) -> Any:
    """The first seconds of a video's sound as mono samples (N,) float32; None if it has none."""
    import av
    import numpy as np

    blocks = []
    with av.open(str(exhibit.video)) as container:
        if not container.streams.audio:
            return None
        resampler = av.AudioResampler(format="flt", layout="mono", rate=rate)
        for frame in container.decode(audio=0):
            blocks += [part.to_ndarray()[0] for part in resampler.resample(frame)]
            if sum(map(len, blocks)) >= MOST_SECONDS * rate:
                break
    return np.concatenate(blocks)[: int(MOST_SECONDS * rate)] if blocks else None


def _spread(pictures: list[Any], count: int) -> list[Any]:
    """So many pictures at equal distances as tensors (3, h, w); of fewer some come twice."""
    import torch

    last = len(pictures) - 1
    chosen = [pictures[round(index * last / (count - 1))] for index in range(count)]
    return [torch.from_numpy(picture).permute(2, 0, 1) for picture in chosen]

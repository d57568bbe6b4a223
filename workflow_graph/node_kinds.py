"""Node types by their purpose, in graphs of ours and of older packs: the one list that audit and migrations go by."""

from __future__ import annotations

CONTROLLER, PLANNER = "AudioLoopController", "AudioLoopPlanner"
"""Nodes that say window and overlap; the planner also says how often the loop runs."""

BATCH_ENCODER = "TimestampPromptScheduleBatchEncode"
SCHEDULES = frozenset({"TimestampPromptSchedule", BATCH_ENCODER})
"""Nodes that read a prompt schedule."""

LOOP_OPENS = frozenset({"TensorLoopOpen", "TensorForLoopOpen", "TensorWhileLoopOpen"})
LOOP_CLOSES = frozenset({"TensorLoopClose", "TensorForLoopClose", "TensorWhileLoopClose"})
SAMPLERS = frozenset({"SamplerCustomAdvanced", "SamplerCustom", "KSampler", "KSamplerAdvanced"})
DECODERS = {
    "VAEDecode": "samples",
    "VAEDecodeTiled": "samples",
    "LTXVTiledVAEDecode": "latents",
    "LTXVSpatioTemporalTiledVAEDecode": "latents",
    "StreamingVideoSave": "latent",
}
"""Nodes that decode video -> their latent input."""

SONG_ENCODER = "AudioLoopEncodeSong"
AUDIO_ENCODERS = frozenset({"LTXVAudioVAEEncode", SONG_ENCODER})
"""Nodes that turn sound into audio latents; ours in pieces, and padded to the plan."""

CROPS_LATENT = frozenset({"LTXVCropGuides"})
CROPS_CONDITIONING = frozenset({"LTXVCropGuides", "LTXVCropGuidesNoLatent"})
GUIDES = {
    "LTXVAddLatentGuide": "guiding_latent",
    "LatentGuide": "guide_latent",
    "LTXVAddGuide": "image",
    "LTXVAddGuideMulti": "image",
    "LTXVAddGuideAdvanced": "image",
}
"""Nodes that append a picture to the latent and write its position into the conditioning -> the input it comes by."""

STARTS = {"LTXVImgToVideoInplace": "image", "LTXVImgToVideoInplaceKJ": "num_images.image_1", "LTXVImgToVideo": "image"}
"""Nodes that make a picture the first frame -> the input it comes by."""

PICTURES = frozenset({"LoadImage", "LoadImageOutput", "LoadImageFromPath", "VHS_LoadImagePath"})
PREPROCESS = "LTXVPreprocess"
CANVAS_WINDOW = "LoopWindowOfCanvas"
"""Cuts the window that comes next out of the whole video's latent; its plan is that of those windows alone."""

DRAFT_ENLARGE = "LoopDraftEnlarge"
"""Makes the latents of a second stage from those of a first one at half the size."""

SONG_LOADERS = frozenset({"LoadAudio", "VHS_LoadAudio", "VHS_LoadAudioUpload"})
CONDITIONINGS = ("positive", "negative", "conditioning")
"""Inputs by which a guider or sampler takes its conditioning."""

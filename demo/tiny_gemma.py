"""The tiny text encoder: Gemma 3 with two narrow layers, and a tokenizer trained on a few sentences."""

from __future__ import annotations

import io

import sentencepiece
import torch

from .tiny_architecture import GEMMA
from .tiny_weights import tiny_state_dict

# Gemma's own numbers for the special pieces; ComfyUI's tokenizer wrapper relies on 0 for padding and 2 for the start.
PAD_ID, EOS_ID, BOS_ID, UNK_ID = 0, 1, 2, 3

CORPUS = (
    "A woman with short dark hair sings into a silver microphone on a small stage.",
    "The camera moves slowly towards the face of the singer while the light turns from blue to gold.",
    "Close-up portrait, soft window light, shallow depth of field, the lips follow every word of the song.",
    "Wide shot of a night city in the rain, neon signs are reflected in the wet street.",
    "He looks at the viewer, closes the eyes, and begins the chorus with open arms.",
    "Behind her a band plays drums, bass and guitar; the crowd raises hands and dances.",
    "The picture stays sharp and steady, natural skin, realistic motion, cinematic colours.",
    "blurry, low quality, distorted hands, watermark, subtitles, jittery motion, cartoon, game",
    "At the end of the verse the singer turns around and walks away along the quiet beach at sunrise.",
    "Dust floats through a beam of light in an old theatre; a piano waits under a single lamp.",
)


def tokenizer_model() -> bytes:
    """A serialised sentencepiece model of exactly the vocabulary that `GEMMA` has.

    Raises:
        RuntimeError: sentencepiece could not train on the corpus.
    """
    model = io.BytesIO()
    sentencepiece.SentencePieceTrainer.train(
        sentence_iterator=iter(CORPUS),
        model_writer=model,
        model_type="bpe",
        vocab_size=GEMMA["vocab_size"],
        byte_fallback=True,
        normalization_rule_name="identity",
        pad_id=PAD_ID,
        eos_id=EOS_ID,
        bos_id=BOS_ID,
        unk_id=UNK_ID,
        num_threads=1,
        minloglevel=2,
    )
    return model.getvalue()


def text_encoder_state_dict(shapes: dict[str, tuple[int, ...]]) -> dict[str, torch.Tensor]:
    """The text encoder file: random weights under Gemma's key names, and the tokenizer as `spiece_model`."""
    weights = tiny_state_dict(shapes, norm_value=0.0)
    weights["spiece_model"] = torch.frombuffer(bytearray(tokenizer_model()), dtype=torch.uint8)
    return weights

"""The tokenizer of the tiny Gemma 4: bytes, in the form of a `tokenizer.json`."""

from __future__ import annotations

from tokenizers import Tokenizer, decoders
from tokenizers.models import BPE

from .tiny_architecture_25 import GEMMA
from .tiny_gemma import BOS_ID, EOS_ID, PAD_ID, UNK_ID

_SPECIAL = {PAD_ID: "<pad>", EOS_ID: "<eos>", BOS_ID: "<bos>", UNK_ID: "<unk>"}


def tokenizer_json() -> bytes:
    """A `tokenizer.json` with exactly the vocabulary that `GEMMA` has: four special pieces, and every byte."""
    names = [*(_SPECIAL[number] for number in sorted(_SPECIAL)), *(f"<0x{byte:02X}>" for byte in range(256))]
    vocabulary = {name: number for number, name in enumerate(names)}
    assert len(vocabulary) == GEMMA["vocab_size"]
    tokenizer = Tokenizer(BPE(vocab=vocabulary, merges=[], unk_token="<unk>", byte_fallback=True))
    tokenizer.decoder = decoders.ByteFallback()
    return tokenizer.to_str().encode("utf-8")

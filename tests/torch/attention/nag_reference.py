"""Normalised attention guidance written inside the model's blocks, straight from the formula: what the patch must equal."""

from __future__ import annotations

import types

import torch


def reference_guidance(positive, negative, scale, alpha, tau):
    """The formula of the paper, spelled out per token."""
    guided = scale * positive - (scale - 1) * negative
    ratio = guided.abs().sum(-1, keepdim=True) / positive.abs().sum(-1, keepdim=True)
    guided = torch.where(ratio > tau, guided * tau / ratio, guided)
    return alpha * guided + (1 - alpha) * positive


def install_reference(model, context, scale, alpha, tau, video=True, audio=True):
    """Guides inside the blocks of a model of its own, straight from the formula, with plain torch attention.

    `context` is the projected negative prompt, (1, tokens, 64 + 32).
    """
    from comfy.ldm.lightricks.model import CrossAttention

    def attend(attention, x, encoded):
        def heads(t):
            return t.unflatten(-1, (attention.heads, attention.dim_head)).transpose(1, 2)

        q = heads(attention.q_norm(attention.to_q(x)))
        k = heads(attention.k_norm(attention.to_k(encoded)))
        out = torch.nn.functional.scaled_dot_product_attention(q, k, heads(attention.to_v(encoded)))
        return out.transpose(1, 2).flatten(2)

    def guided_text_attention(negative):
        def apply(self, x, positive, attn, table, prompt_table, timestep, prompt_timestep, attention_mask, transformer_options):
            batch = x.shape[0]
            shift_q, scale_q, gate = self.get_ada_values(table, batch, timestep, slice(6, 9))
            shift_kv, scale_kv = (prompt_table[None, None] + prompt_timestep.reshape(batch, 1, 2, -1)).unbind(dim=2)
            normed = torch.nn.functional.rms_norm(x, (x.shape[-1],), eps=1e-6) * (1 + scale_q) + shift_q
            z_positive = attend(attn, normed, positive * (1 + scale_kv) + shift_kv)
            stream = negative[x.shape[-1]]
            if stream is None:
                out = z_positive
            else:
                z_negative = attend(attn, normed, stream * (1 + scale_kv) + shift_kv)
                out = reference_guidance(z_positive, z_negative, scale, alpha, tau)
            out = out.unflatten(-1, (attn.heads, attn.dim_head)) * 2 * torch.sigmoid(attn.to_gate_logits(normed))[..., None]
            return attn.to_out(out.flatten(2)) * gate

        return apply

    negative = {64: context[..., :64] if video else None, 32: context[..., 64:] if audio else None}
    for block in model.model.diffusion_model.transformer_blocks:
        assert isinstance(block.attn2, CrossAttention)
        block._apply_text_cross_attention = types.MethodType(guided_text_attention(negative), block)
    return model


def project(model, negative):
    embedding, extra = negative[0]
    with torch.no_grad():
        return model.model.diffusion_model.preprocess_text_embeds(embedding, extra.get("unprocessed_ltxav_embeds", False))

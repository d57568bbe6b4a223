"""The things inside ComfyUI that the pack uses and no guide promises: their places, and which contact speaks of a loss.

A test holds the table against the files of `comfyui_internals`: each name that they ask of ComfyUI has a row.
"""

from __future__ import annotations

from dataclasses import dataclass

from .usage import CallForm


@dataclass(frozen=True)
class Private:
    """One thing inside ComfyUI.

    Attributes:
        symbol: As the pack names it: `module.name`, or `.name` for an attribute of an object.
        places: `module:Class.name` in ComfyUI, `module:function/name` for a variable of one; in any of them it is there.
        contact: The names of the `Contact`s that speak when it is gone, with a space between; "" if there is none.
        loss: What happens without it if there is no contact.
        call: A form of call that the text of the pack does not show.
        is_optional: Whether a ComfyUI without it is as good, and only has a feature less.
        goes_on: Whether the pack goes on without it although no contact speaks.
    """

    symbol: str
    places: tuple[str, ...]
    contact: str = ""
    loss: str = ""
    call: CallForm | None = None
    is_optional: bool = False
    goes_on: bool = False


def _rows(
    contact: str, module: str, names: str, *, owner: str = "", loss: str = "", goes_on: bool = False
) -> tuple[Private, ...]:
    """Attributes that one class, or module, holds."""
    before = f"{owner}." if owner else ""
    return tuple(Private(f".{name}", (f"{module}:{before}{name}",), contact, loss, goes_on=goes_on) for name in names.split())


_VIDEO_VAE = "comfy.ldm.lightricks.vae.causal_video_autoencoder"
_PLACES = "comfy.ldm.lightricks.symmetric_patchifier"
_AUDIO_VAE = "comfy.ldm.lightricks.vae.audio_vae"
_LAYERS = "comfy.ldm.lightricks.vae.causal_audio_autoencoder"
_CACHING = "comfy_execution.caching"
_LTX_AV = "comfy.ldm.lightricks.av_model"
_MARKER = "keyframes_abs_pos_embedding"

PRIVATE: tuple[Private, ...] = (
    Private("comfy.cli_args.args", ("comfy.cli_args:args",), "OPTIONS"),
    Private("comfy.cli_args.parser", ("comfy.cli_args:parser",), "OPTIONS"),
    Private("comfy.latent_formats.LTXAV", ("comfy.latent_formats:LTXAV",), "COLOURS"),
    *_rows("COLOURS", "comfy.latent_formats", "latent_rgb_factors latent_rgb_factors_bias", owner="LTXAV"),
    *(
        Private(f"{_PLACES}.{name}", (f"{_PLACES}:{name}",), "TOKEN_POSITIONS")
        for name in ("SymmetricPatchifier", "latent_to_pixel_coords")
    ),
    *_rows("TOKEN_POSITIONS", _PLACES, "get_latent_coords", owner="SymmetricPatchifier"),
    Private("comfy.nested_tensor.NestedTensor", ("comfy.nested_tensor:NestedTensor",), "NESTED"),
    Private(
        "comfy.ldm.modules.attention.optimized_attention", ("comfy.ldm.modules.attention:optimized_attention",), "ATTENTION"
    ),
    *(
        Private(f"comfy.model_management.{name}", (f"comfy.model_management:{name}",), contact)
        for name, contact in (
            ("get_total_memory", "DEVICE MEMORY"),
            ("get_free_memory", "MEMORY"),
            ("cuda_device_context", "DEVICE_CONTEXT"),
            ("is_oom", "OUT_OF_MEMORY"),
            ("load_models_gpu", "DECODE_STEPS SONG_STEPS"),
        )
    ),
    *_rows("MEMORY", "comfy.model_patcher", "get_free_memory", owner="ModelPatcher"),
    Private("comfy.model_management.current_loaded_models", ("comfy.model_management:current_loaded_models",), "LOADED_MODELS"),
    *_rows("LOADED_MODELS", "comfy.model_management", "model real_model", owner="LoadedModel"),
    # The VAE and its steps.
    *_rows("DECODE_STEPS", "comfy.sd", "memory_used_decode process_output", owner="VAE"),
    *_rows(
        "DECODE_STEPS SONG_STEPS",
        "comfy.sd",
        "device disable_offload output_device patcher vae_dtype vae_output_dtype",
        owner="VAE",
    ),
    *_rows("SONG_STEPS", "comfy.sd", "memory_used_encode output_channels", owner="VAE"),
    *_rows("VAE_PARTS SONG_STEPS", "comfy.sd", "first_stage_model", owner="VAE"),
    *_rows("VAE_PARTS", "comfy.sd", "decode_tiled latent_dim upscale_ratio", owner="VAE"),
    *_rows("VAE_PARTS VIDEO_GRID", "comfy.sd", "latent_channels", owner="VAE"),
    *_rows(
        "",
        "comfy.sd",
        "decode",
        owner="VAE",
        loss="nothing, as long as its steps are there; without one of those too, saving a video while it is decoded is refused",
        goes_on=True,
    ),
    *_rows("WAVE_RATE", "comfy.sd", "audio_sample_rate", owner="VAE"),
    *_rows("VIDEO_GRID", "comfy.sd", "downscale_index_formula", owner="VAE"),
    *_rows(
        "CHUNKED_DECODE",
        _VIDEO_VAE,
        "comfy_has_chunked_io decode_output_shape",
        owner="VideoVAE",
    ),
    Private("output_buffer", (f"{_VIDEO_VAE}:VideoVAE.decode/output_buffer",), "CHUNKED_DECODE"),
    *_rows("CHUNK_SIZES", _VIDEO_VAE, "get_max_chunk_size"),
    *_rows("CHUNK_SIZES", _VIDEO_VAE, "decoder", owner="VideoVAE"),
    *_rows("CHUNK_SIZES", _VIDEO_VAE, "conv_in", owner="Decoder"),
    *_rows(
        "",
        "comfy.ldm.lightricks.latent_upsampler",
        "spatial_upsample",
        owner="LatentUpsampler",
        loss="Enlarge Draft refuses every upscale model with a word",
    ),
    *_rows(
        "", _VIDEO_VAE, "per_channel_statistics", owner="VideoVAE", loss="Enlarge Draft refuses every video VAE with a word"
    ),
    Private(
        ".execute",
        ("comfy_extras.nodes_lt_upsampler:LTXVLatentUpsampler.execute",),
        "UPSAMPLER",
        call=CallForm(0, ("samples", "upscale_model", "vae")),
    ),
    *_rows("ENCODER_LAYERS", _AUDIO_VAE, "preprocessor autoencoder", owner="AudioVAE"),
    *_rows("ENCODER_LAYERS", _AUDIO_VAE, "mel_hop_length n_fft target_sample_rate", owner="AudioPreprocessor"),
    *_rows("ENCODER_LAYERS", _LAYERS, "encoder", owner="CausalAudioAutoencoder"),
    *_rows("ENCODER_LAYERS", _LAYERS, "conv", owner="CausalConv2d"),
    *_rows("ENCODER_LAYERS", _LAYERS, "padding", owner="CausalConv2d"),
    *_rows("ENCODER_LAYERS", _LAYERS, "causality_axis", owner="Downsample"),
    *_rows("AUDIO_GRID", _AUDIO_VAE, "latent_channels latent_frequency_bins latents_per_second", owner="AudioVAE"),
    *_rows("MODEL_AUDIO", _LTX_AV, "a_patchifier audio_frequency_bins num_audio_channels", owner="LTXAVModel"),
    *_rows(
        "MODEL_AUDIO",
        _PLACES,
        "audio_latent_downsample_factor hop_length sample_rate",
        owner="AudioPatchifier",
    ),
    *_rows("MODEL_AUDIO MODEL_CONFIG", "comfy.model_patcher", "model", owner="ModelPatcher"),
    *_rows("MODEL_AUDIO KEYFRAME_MARKER", "comfy.model_base", "diffusion_model", owner="BaseModel"),
    *_rows("MODEL_CONFIG", "comfy.model_base", "model_config", owner="BaseModel"),
    *_rows("MODEL_CONFIG", "comfy.supported_models_base", "unet_config", owner="BASE"),
    Private(
        f".{_MARKER}", (f"{_LTX_AV}:LTXAVModel.{_MARKER}", f"comfy.ldm.lightricks.model:LTXVModel.{_MARKER}"), "KEYFRAME_MARKER"
    ),
    # The sampling run.
    *_rows("MODEL_PASS", "comfy.patcher_extension", "class_obj original", owner="WrapperExecutor"),
    *_rows("MODEL_PASS", "comfy.ldm.lightricks.model", "_prepare_attention_mask inner_dim", owner="LTXBaseModel"),
    *(
        Private(name, (f"comfy.ldm.lightricks.model:LTXBaseModel._forward/{name}",), "MODEL_PASS")
        for name in ("x", "context", "attention_mask", "transformer_options")
    ),
    *_rows("BLOCKS", "comfy.ldm.lightricks.model", "transformer_blocks", owner="LTXVModel"),
    *_rows("STREAMS", "comfy.model_base", "latent_shapes", owner="BaseModel"),
    *_rows("STEP_CONDITIONS", "comfy.conds", "cond", owner="CONDRegular"),
    Private("model_conds", ("comfy.samplers:get_area_and_mult/model_conds",), "STEP_CONDITIONS"),
    Private(
        "set_model_optimized_attention",
        ("comfy.model_patcher:ModelPatcher.set_model_optimized_attention",),
        is_optional=True,
        loss="there is no such backend to respect",
    ),
    # The executor.
    *(Private(f"{_CACHING}.{name}", (f"{_CACHING}:{name}",), "NODE_OUTPUTS") for name in ("NullCache",)),
    *_rows("NODE_OUTPUTS", _CACHING, "cache cache_key_set get_local subcaches", owner="BasicCache"),
    *_rows("NODE_OUTPUTS", _CACHING, "get_data_key get_subcache_key", owner="CacheKeySet"),
    *_rows("NODE_OUTPUTS", _CACHING, "_get_cache_for", owner="HierarchicalCache"),
    *_rows("NODE_OUTPUTS", _CACHING, "children", owner="LRUCache"),
    *_rows("NODE_OUTPUTS", "comfy_execution.graph", "execution_cache", owner="ExecutionList"),
    *_rows("NODE_OUTPUTS", "execution", "caches", owner="PromptExecutor"),
    *_rows("NODE_OUTPUTS", "execution", "outputs", owner="CacheSet"),
    Private("execution_list", ("execution:PromptExecutor.execute_async/execution_list",), "NODE_OUTPUTS"),
    Private("ui_node_outputs", ("execution:PromptExecutor.execute_async/ui_node_outputs",), "SHOWN_OUTPUTS"),
    Private("execution.IsChangedCache", ("execution:IsChangedCache",), "CHANGE_ANSWERS"),
    *_rows(
        "GRAPH",
        "comfy_execution.graph",
        "all_node_ids get_display_node_id get_node get_original_prompt get_parent_node_id",
        owner="DynamicPrompt",
    ),
    *_rows("NODE_EVENTS", "comfy_execution.graph", "has_node", owner="DynamicPrompt"),
    Private("comfy_execution.utils.get_executing_context", ("comfy_execution.utils:get_executing_context",), "PROMPT_ID"),
    *_rows("PROMPT_ID", "comfy_execution.utils", "prompt_id", owner="ExecutionContext"),
    Private("comfy_execution.progress.ProgressHandler", ("comfy_execution.progress:ProgressHandler",), "NODE_EVENTS"),
    *(
        Private(
            f"comfy_execution.progress.ProgressHandler.{name}",
            (f"comfy_execution.progress:ProgressHandler.{name}",),
            "NODE_EVENTS",
        )
        for name in ("start_handler", "finish_handler", "update_handler")
    ),
    Private(
        "comfy_execution.progress.get_progress_state",
        ("comfy_execution.progress:get_progress_state",),
        "NODE_EVENTS LISTED_NODES",
    ),
    *_rows("NODE_EVENTS", "comfy_execution.progress", "dynprompt register_handler", owner="ProgressRegistry"),
    *_rows("LISTED_NODES", "comfy_execution.progress", "nodes", owner="ProgressRegistry"),
    # Node classes.
    *_rows("CLASSES", "nodes", "NODE_CLASS_MAPPINGS"),
    *_rows("PACK_FOLDERS", "nodes", "LOADED_MODULE_DIRS"),
    Private("comfy_execution.graph.get_input_info", ("comfy_execution.graph:get_input_info",), "INPUT_INFO"),
    *(
        Private(f"comfy_api.internal.{name}", (f"comfy_api.internal:{name}",), "CHANGE_OVERRIDES")
        for name in ("_ComfyNodeInternal", "first_real_override")
    ),
    Private("folder_paths.cache_helper", ("folder_paths:cache_helper",), "LISTED_FILES"),
    # The server.
    Private("server.PromptServer", ("server:PromptServer",), "ROUTES MESSAGES PROMPTS QUEUE"),
    Private("server.PromptServer.instance", ("server:PromptServer.instance",), "ROUTES MESSAGES PROMPTS QUEUE"),
    *_rows("ROUTES", "server", "routes", owner="PromptServer"),
    *_rows("MESSAGES", "server", "client_id send_sync", owner="PromptServer"),
    *_rows("PROMPTS", "server", "add_on_prompt_handler", owner="PromptServer"),
    *_rows("QUEUE", "server", "prompt_queue", owner="PromptServer"),
    *_rows("QUEUE", "execution", "get_current_queue_volatile get_history", owner="PromptQueue"),
)

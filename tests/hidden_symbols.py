"""Which test takes which private symbol out of ComfyUI. A house test holds the table against `compatibility/private.py`."""

from __future__ import annotations

from collections.abc import Mapping

from audio_loop.compatibility.private import PRIVATE


def _of(contact: str) -> tuple[str, ...]:
    """The places of all rows of which this contact speaks."""
    return tuple(row.places[0] for row in PRIVATE if contact in row.contact.split())


def _at(before: str, names: str) -> tuple[str, ...]:
    return tuple(f"{before}{name}" for name in names.split())


_TORCH = "torch/comfyui_internals"
_COMFY = "comfy/loop_engine"
_VIDEO_VAE = "comfy.ldm.lightricks.vae.causal_video_autoencoder:"
_MODEL = "comfy.ldm.lightricks.model:LTXBaseModel."

HIDDEN_BY: Mapping[str, tuple[str, ...]] = {
    f"{_TORCH}/test_each_symbol.py::test_a_name_of_a_module_that_is_gone": (
        *_of("OPTIONS"),
        *_of("COLOURS"),
        *_of("TOKEN_POSITIONS"),
        *_of("NESTED"),
        *_of("ATTENTION"),
        *_of("DEVICE"),
        *_of("CHANGE_OVERRIDES"),
        *_at("comfy_execution.", "utils:get_executing_context progress:get_progress_state"),
    ),
    f"{_TORCH}/test_each_symbol.py::test_a_graph_without_a_method_is_refused": _of("GRAPH"),
    f"{_TORCH}/test_each_symbol.py::test_a_model_that_does_not_tell_its_sound": _of("MODEL_AUDIO"),
    f"{_TORCH}/test_each_symbol.py::test_a_model_that_does_not_tell_its_configuration": _of("MODEL_CONFIG"),
    f"{_TORCH}/test_each_symbol.py::test_a_model_of_ltx_2_5_without_its_marker_is_refused": _of("KEYFRAME_MARKER"),
    f"{_TORCH}/test_each_symbol.py::test_a_comfyui_without_a_node_for_backends_has_nothing_to_respect": _at(
        "comfy.model_patcher:ModelPatcher.", "set_model_optimized_attention"
    ),
    f"{_TORCH}/test_each_part_of_a_vae.py::test_a_step_of_the_decode_that_is_gone": _of("DECODE_STEPS"),
    f"{_TORCH}/test_each_part_of_a_vae.py::test_a_step_of_the_encode_that_is_gone": _of("SONG_STEPS"),
    f"{_TORCH}/test_each_part_of_a_vae.py::test_a_part_without_which_no_video_is_saved": _of("VAE_PARTS"),
    f"{_TORCH}/test_each_part_of_a_vae.py::test_the_decode_itself_is_not_used_as_long_as_its_steps_are_there": (
        "comfy.sd:VAE.decode",
    ),
    f"{_TORCH}/test_each_part_of_a_vae.py::test_the_grid_of_a_video_vae": _of("VIDEO_GRID"),
    f"{_TORCH}/test_each_part_of_a_vae.py::test_the_grid_of_an_audio_vae": _of("AUDIO_GRID"),
    f"{_TORCH}/test_each_part_of_a_vae.py::test_a_vae_that_does_not_tell_its_rate_takes_44100_hz": _of("WAVE_RATE"),
    f"{_TORCH}/test_each_part_of_a_vae.py::test_a_layer_of_the_encoder_that_is_gone": _of("ENCODER_LAYERS"),
    f"{_TORCH}/test_each_part_of_a_vae.py::test_a_network_that_does_not_tell_its_chunks": _of("CHUNK_SIZES"),
    f"{_TORCH}/test_device.py::test_the_context_of_a_device_that_is_gone": _of("DEVICE_CONTEXT"),
    f"{_TORCH}/test_device.py::test_a_lack_of_memory_is_known_all_the_same": _of("OUT_OF_MEMORY"),
    f"{_TORCH}/test_device.py::test_a_count_of_memory_that_is_gone": _of("MEMORY"),
    f"{_TORCH}/test_video_decoder.py::test_an_ltx_vae_that_writes_no_chunks_is_decoded_in_pieces": _of("CHUNKED_DECODE"),
    f"{_TORCH}/test_latent_upsampler.py::test_a_model_that_does_not_tell_what_it_is_is_refused": (
        "comfy.ldm.lightricks.latent_upsampler:LatentUpsampler.spatial_upsample",
        f"{_VIDEO_VAE}VideoVAE.per_channel_statistics",
    ),
    f"{_TORCH}/test_latent_upsampler.py::test_comfyuis_node_without_execute_is_refused": _of("UPSAMPLER"),
    f"{_TORCH}/test_loaded_models.py::test_another_list_is_left_alone_and_missed_once": _of("LOADED_MODELS"),
    f"{_TORCH}/test_sampling.py::test_a_pass_with_another_argument_is_not_guided": _at(
        f"{_MODEL}_forward/", "x context attention_mask transformer_options"
    ),
    f"{_TORCH}/test_sampling.py::test_an_ltx_model_without_a_part_is_not_guided": _at(
        _MODEL, "_prepare_attention_mask inner_dim"
    ),
    f"{_TORCH}/test_sampling.py::test_an_executor_that_does_not_tell_its_model_guides_nothing": _at(
        "comfy.patcher_extension:WrapperExecutor.", "class_obj original"
    ),
    f"{_TORCH}/test_sampling.py::test_a_traced_model_without_its_list_of_blocks_is_missed_once": _of("BLOCKS"),
    f"{_TORCH}/test_sampling.py::test_the_streams_of_a_packed_latent": _of("STREAMS"),
    f"{_TORCH}/test_sampling.py::test_conditions_of_a_step_in_another_form_leave_its_statistics_alone": _of("STEP_CONDITIONS"),
    f"{_TORCH}/test_progress.py::test_without_the_registry_nothing_is_told_and_it_is_missed_once": _at(
        "comfy_execution.progress:", "ProgressHandler get_progress_state"
    ),
    f"{_TORCH}/test_progress.py::test_a_registry_with_other_parts_is_missed_once": _at(
        "comfy_execution.progress:ProgressRegistry.", "dynprompt register_handler"
    ),
    f"{_TORCH}/test_progress.py::test_a_handler_with_another_method_is_missed": _at(
        "comfy_execution.progress:ProgressHandler.", "start_handler finish_handler update_handler"
    ),
    f"{_TORCH}/test_progress.py::test_a_prompt_that_does_not_say_which_nodes_it_has": (
        "comfy_execution.graph:DynamicPrompt.has_node",
    ),
    f"{_TORCH}/test_progress.py::test_a_list_of_nodes_that_is_gone_is_missed_once": _of("LISTED_NODES"),
    f"{_COMFY}/test_each_symbol_of_a_render.py::test_a_part_of_the_executor_that_is_gone_is_missed_once": _of("NODE_OUTPUTS"),
    f"{_COMFY}/test_each_symbol_of_a_render.py::test_the_id_of_the_render_that_is_gone_is_missed_once": _of("PROMPT_ID"),
    f"{_COMFY}/test_each_symbol_of_a_render.py::test_routes_that_cannot_be_added": _of("ROUTES"),
    f"{_COMFY}/test_each_symbol_of_a_render.py::test_messages_that_cannot_be_sent": _of("MESSAGES"),
    f"{_COMFY}/test_each_symbol_of_a_render.py::test_prompts_that_are_not_shown": _of("PROMPTS"),
    f"{_COMFY}/test_each_symbol_of_a_render.py::test_a_queue_that_does_not_tell": _of("QUEUE"),
    f"{_COMFY}/test_internals_of_a_render.py::test_a_record_of_what_was_shown_in_another_form_is_missed_once": _of(
        "SHOWN_OUTPUTS"
    ),
    f"{_COMFY}/test_internals_of_nodes.py::test_what_nodes_say_of_changes": _of("CHANGE_ANSWERS"),
    f"{_COMFY}/test_internals_of_nodes.py::test_without_the_registry_of_classes_nothing_is_guessed": _of("CLASSES"),
    f"{_COMFY}/test_internals_of_nodes.py::test_settings_of_inputs": _of("INPUT_INFO"),
    f"{_COMFY}/test_internals_of_nodes.py::test_files_that_a_class_lists": _of("LISTED_FILES"),
    f"{_COMFY}/test_internals_of_nodes.py::test_folders_of_packs": _of("PACK_FOLDERS"),
}
"""Test -> the places that it hides."""


def hidden_by(test: str) -> tuple[str, ...]:
    """The places that a test hides: its parameters."""
    (places,) = [places for key, places in HIDDEN_BY.items() if key.endswith(f"::{test}")]
    return places

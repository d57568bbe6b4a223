"""TensorLoopOpen and TensorLoopClose: the loop as the user sees it.

Ids, sockets and widget order are those that graphs in the field carry for the same job; `iterations_in` and the
`replace_tail` mode come on top.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from comfy_api.latest import io
from comfy_execution.graph_utils import ExecutionBlocker

from ..loop_engine.slots import DEFAULT_ITERATIONS, DEFAULT_TOTAL_FRAMES, OVERLAP_MODES

if TYPE_CHECKING:
    from ..loop_engine.body import LoopBody
    from ..loop_engine.state import LoopSettings, LoopState

LOOPED = [io.Image, io.Mask, io.Latent]


class TensorLoopOpen(io.ComfyNode):
    """The start of a loop. What hangs between this node and its TensorLoopClose runs once per iteration."""

    TEMPLATE = io.MatchType.Template("data", allowed_types=LOOPED)

    @classmethod
    def define_schema(cls) -> io.Schema:
        return io.Schema(
            node_id="TensorLoopOpen",
            display_name="Tensor Loop Open",
            category="Audio Loop/loop",
            search_aliases=["loop", "loop start", "for loop", "repeat", "extend video", "long video", "native looping"],
            description="Starts a loop over images, masks or latents. Close it with Tensor Loop Close.",
            inputs=[
                io.DynamicCombo.Input(
                    "mode",
                    tooltip="What ends the loop: a number of iterations, or a number of frames in the result.",
                    options=[
                        io.DynamicCombo.Option(
                            "iterations",
                            [
                                io.Int.Input(
                                    "iterations",
                                    default=DEFAULT_ITERATIONS,
                                    min=0,
                                    max=100_000,
                                    tooltip="Iterations to run. 0 passes initial_value on without running any. "
                                    "A wired iterations_in overrides this.",
                                )
                            ],
                        ),
                        io.DynamicCombo.Option(
                            "total_frames",
                            [
                                io.Int.Input(
                                    "total_frames",
                                    default=DEFAULT_TOTAL_FRAMES,
                                    min=1,
                                    max=10_000_000,
                                    tooltip="Frames (latent frames for a latent) in the result; the loop runs until they are "
                                    "there.",
                                )
                            ],
                        ),
                    ],
                ),
                io.MatchType.Input(
                    "initial_value",
                    template=cls.TEMPLATE,
                    optional=True,
                    tooltip="What previous_value is in the first iteration, e.g. the initial render.",
                ),
                io.Int.Input(
                    "iterations_in",
                    optional=True,
                    force_input=True,
                    min=0,
                    max=100_000,
                    tooltip="Number of iterations from another node (the planner's total_iterations). Overrides the widget.",
                ),
            ],
            outputs=[
                io.FlowControl.Output("flow_control", tooltip="Wire to Tensor Loop Close."),
                io.MatchType.Output(
                    cls.TEMPLATE, id="previous_value", tooltip="Result of the iteration before; initial_value in the first."
                ),
                io.Int.Output("accumulated_count", tooltip="Frames collected so far (latent frames for a latent)."),
                io.Int.Output("current_iteration", tooltip="Number of the iteration that runs, from 1."),
            ],
            hidden=[io.Hidden.unique_id, io.Hidden.dynprompt],
        )

    @classmethod
    def execute(cls, **_: Any) -> io.NodeOutput:
        # The loop runs copies of the body; nodes that hang off this original (previews) get theirs there and are skipped.
        from ..comfyui_internals.dynamic_prompt import graph_of
        from ..loop_engine.checks import check_open

        check_open(graph_of(cls.hidden.dynprompt), cls.hidden.unique_id)
        return io.NodeOutput(*[ExecutionBlocker(None)] * 4)


class TensorLoopClose(io.ComfyNode):
    """The end of a loop: collects what the iterations give."""

    TEMPLATE = io.MatchType.Template("data", allowed_types=LOOPED)

    @classmethod
    def define_schema(cls) -> io.Schema:
        return io.Schema(
            node_id="TensorLoopClose",
            display_name="Tensor Loop Close",
            category="Audio Loop/loop",
            search_aliases=["loop", "loop end", "for loop", "repeat", "extend video", "long video", "accumulate"],
            description="Runs everything between Tensor Loop Open and this node once per iteration and joins the results.",
            inputs=[
                io.FlowControl.Input("flow_control", lazy=True, raw_link=True, tooltip="From Tensor Loop Open."),
                io.MatchType.Input(
                    "processed",
                    template=cls.TEMPLATE,
                    lazy=True,
                    raw_link=True,
                    tooltip="The result of one iteration; the next one gets it as previous_value.",
                ),
                io.Boolean.Input(
                    "accumulate",
                    default=True,
                    tooltip="On: the results of all iterations joined (video latents in time, images as a batch). "
                    "Off: the last result alone.",
                ),
                io.DynamicCombo.Input(
                    "overlap",
                    tooltip="What happens to frames that two neighbouring results share. disabled: every frame is kept. "
                    "start / end: they are cut from the later / the earlier result. fade_linear / fade_smooth: they are "
                    "crossfaded. replace_tail: the later result replaces the end of all that came before.",
                    options=[io.DynamicCombo.Option("disabled", []), *map(_overlap_option, OVERLAP_MODES[1:])],
                ),
                io.Boolean.Input(
                    "stop",
                    default=False,
                    optional=True,
                    lazy=True,
                    raw_link=True,
                    force_input=True,
                    tooltip="Ends the loop after the iteration in which this becomes true (the controller's should_stop).",
                ),
            ],
            outputs=[io.MatchType.Output(cls.TEMPLATE, id="output", tooltip="The joined results, or the last one.")],
            hidden=[io.Hidden.unique_id, io.Hidden.dynprompt],
            enable_expand=True,
        )

    @classmethod
    def fingerprint_inputs(cls, **_: Any) -> int:
        # What a stopped loop gave is kept by ComfyUI as any result, and would be handed out again by every later Run.
        from ..loop_engine.running_loops import running_loops

        return running_loops.stops(cls.hidden.unique_id)

    # ComfyUI starts async nodes that are ready before all others. This one is ready at once, and has to be first: what the
    # loop reads from outside must be known before `--cache-none` has thrown any of it away.
    @classmethod
    async def execute(
        cls, accumulate: bool = True, overlap: dict[str, Any] | None = None, stop: Any = False, **_: Any
    ) -> io.NodeOutput:
        from ..comfyui_internals.dynamic_prompt import graph_of
        from ..comfyui_internals.machine import option
        from ..loop_engine import checks, progress
        from ..loop_engine.body import open_loops_around
        from ..loop_engine.copies import RUN_NODE, run_id_of
        from .loop_drivers import capture_inputs

        graph, own = graph_of(cls.hidden.dynprompt), cls.hidden.unique_id
        body = checks.checked_body(graph, own)
        around = open_loops_around(graph, own)
        if around:
            # The loop around this one runs copies of it; this original is only here because a preview hangs off it.
            for open_id in around:
                checks.refuse_unclosed(graph, open_id)
            return io.NodeOutput(ExecutionBlocker(None))
        state = _new_state(graph, body, _settings(accumulate, overlap, body.stop is None and stop is True))
        open_inputs = graph.get_node(body.open_id)["inputs"]
        end = checks.end_of_loop(open_inputs, state.settings)
        inputs = {"state": state, "first": 1, **end, **capture_inputs(body, eager=option("cache_none", True))}
        if "initial_value" in open_inputs:
            inputs["initial_value"] = open_inputs["initial_value"]
        run_id = run_id_of(own, graph.get_original_prompt())
        progress.watch(state)
        return io.NodeOutput([run_id, 0], expand={run_id: {"class_type": RUN_NODE, "inputs": inputs}})


def _new_state(graph: Any, body: LoopBody, settings: LoopSettings) -> LoopState:
    from ..comfyui_internals import running_prompt
    from ..latent_ops.join import frame_count
    from ..loop_engine import running_render
    from ..loop_engine.prompt_links import as_link
    from ..loop_engine.state import LoopState
    from ..loop_engine.surroundings import is_read_after, live_nodes
    from .loop_drivers import check_part

    initial = as_link(graph.get_node(body.open_id)["inputs"].get("initial_value"))
    nested = graph.get_parent_node_id(body.close_id) is not None
    live = () if nested else live_nodes(graph, running_render.target_nodes(graph))
    return LoopState(
        body=body,
        settings=settings,
        display_id=graph.get_display_node_id(body.open_id),
        count_frames=frame_count,
        get_node=graph.get_node,
        display_of=graph.get_display_node_id,
        check_part=check_part,
        prompt_id=running_prompt.prompt_id(),
        nested=nested,
        initial_is_joined=initial is not None and is_read_after(graph, body.close_id, initial, live),
    )


def _overlap_option(mode: str) -> io.DynamicCombo.Option:
    frames = io.Int.Input(
        "overlap_frames",
        default=8,
        min=1,
        max=100_000,
        tooltip="Frames that two neighbouring results share (latent frames for a latent).",
    )
    return io.DynamicCombo.Option(mode, [frames])


def _settings(accumulate: bool, overlap: dict[str, Any] | None, stop: bool) -> LoopSettings:
    from ..loop_engine.state import LoopSettings

    chosen = overlap or {"overlap": "disabled"}
    mode = chosen["overlap"]
    return LoopSettings(accumulate, mode, 0 if mode == "disabled" else chosen["overlap_frames"], stop)


NODES: list[type[io.ComfyNode]] = [TensorLoopOpen, TensorLoopClose]

"""The loop engine's own nodes. TensorLoopClose expands into them; nobody places them by hand.

    TensorLoopClose -> AudioLoopRun -> for each iteration: AudioLoopIterationIn -> copy of the body
                                       AudioLoopDriver asks for one iteration after the other and returns the result

A driver asks through lazy inputs, so an iteration starts when the one before is done, and those after a stop never do.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from comfy_api.latest import io

from ..loop_engine.slots import CAPTURES_PER_IN_NODE, DRIVER_FAN_OUT, IN_FIRST_CAPTURE

if TYPE_CHECKING:
    from ..loop_engine.body import LoopBody
    from ..loop_engine.state import LoopState

FIRST_BLOCK = 16
"""Iterations of the first block if a number of frames is the target; each further block is twice as long."""


def _engine_schema(
    node_id: str, *, inputs: tuple[io.Input, ...] = (), outputs: tuple[io.Output, ...] = (), **settings: Any
) -> io.Schema:
    return io.Schema(
        node_id=node_id,
        display_name=node_id,
        category="Audio Loop/engine",
        description="Made by TensorLoopClose while a loop runs.",
        is_dev_only=True,
        accept_all_inputs=True,
        is_input_list=True,
        inputs=list(inputs),
        outputs=list(outputs),
        **settings,
    )


def capture_inputs(body: LoopBody, *, eager: bool) -> dict[str, list[Any]]:
    """Links that AudioLoopRun waits for, so that they are asked for once, together with everything else that reads them.

    Args:
        body: The loop's body.
        eager: Whether values that only lazy parts need are asked for as well. Under `--cache-none` they must be: a
            value that is asked for late is made a second time there.
    """
    from ..loop_engine.body import ALWAYS

    return {
        f"capture_{index}_{i}": list(link)
        for index, capture in enumerate(body.captures)
        if eager or capture.region == ALWAYS
        for i, link in enumerate(capture.links)
    }


def _take_captures(state: LoopState, inputs: dict[str, list[Any]]) -> None:
    for index, capture in enumerate(state.body.captures):
        names = [f"capture_{index}_{i}" for i in range(len(capture.links))]
        if all(name in inputs for name in names):
            state.captured[index] = tuple(inputs[name] for name in names)


class AudioLoopRun(io.ComfyNode):
    """Expands the loop once the number of iterations and the values from outside are known."""

    @classmethod
    def define_schema(cls) -> io.Schema:
        return _engine_schema(
            "AudioLoopRun",
            outputs=(io.AnyType.Output("output"),),
            hidden=[io.Hidden.unique_id],
            enable_expand=True,
        )

    @classmethod
    async def execute(cls, state: list[Any], first: list[Any], **inputs: list[Any]) -> io.NodeOutput:
        from ..loop_engine import progress
        from ..loop_engine.copies import make_copies
        from ..loop_engine.running_loops import running_loops

        run, start = state[0], first[0]
        if start == 1:
            run.begin(_only(inputs, "iterations"), _only(inputs, "total_frames"), inputs.get("initial_value"))
            _take_captures(run, inputs)
            if run.total == 0:
                return io.NodeOutput(run.initial[0])
            if run.initial is not None and running_loops.should_stop(run):
                return io.NodeOutput(cls._stopped_before_the_first(run, run.initial[0]))
        last = run.total if run.total is not None else start - 1 + max(FIRST_BLOCK, start - 1)
        copies = make_copies(run, cls.hidden.unique_id, range(start, last + 1), grows=run.total is None)
        run.copies.update(copies.by_iteration)
        progress.show(run)
        return io.NodeOutput([copies.top, 0], expand=copies.nodes)

    @classmethod
    def _stopped_before_the_first(cls, run: LoopState, initial: Any) -> Any:
        from ..latent_ops.join import no_frames
        from ..loop_engine import progress
        from ..loop_engine.running_loops import running_loops

        run.ended = True
        running_loops.note_stop(run)
        progress.show(run)
        # If the graph joins the initial value to the result itself, it must not be in the result as well.
        return no_frames(initial) if run.settings.accumulate and run.initial_is_joined else initial


class AudioLoopCapture(io.ComfyNode):
    """Puts values from outside the loop into its state, the first time an iteration asks for them."""

    @classmethod
    def define_schema(cls) -> io.Schema:
        return _engine_schema("AudioLoopCapture", outputs=(io.AnyType.Output("captured"),))

    @classmethod
    def execute(cls, state: list[Any], index: list[Any], **values: list[Any]) -> io.NodeOutput:
        state[0].captured[index[0]] = tuple(values[f"value{i}"] for i in range(len(values)))
        return io.NodeOutput(True)


class AudioLoopIterationIn(io.ComfyNode):
    """The values that one iteration reads: previous value, counts, and values from outside the loop."""

    @classmethod
    def define_schema(cls) -> io.Schema:
        slots = IN_FIRST_CAPTURE + CAPTURES_PER_IN_NODE
        return _engine_schema(
            "AudioLoopIterationIn",
            inputs=(io.AnyType.Input("source", optional=True, lazy=True),),
            outputs=tuple(io.AnyType.Output(f"value{i}", is_output_list=True) for i in range(slots)),
        )

    @classmethod
    def check_lazy_status(cls, state: list[Any], index: list[Any], source: Any = None, **_: Any) -> list[str]:
        return ["source"] if source is not None and index[0] >= 0 and index[0] not in state[0].captured else []

    @classmethod
    def execute(cls, state: list[Any], iteration: list[Any], index: list[Any], source: Any = None) -> io.NodeOutput:  # noqa: ARG003
        return io.NodeOutput(*state[0].outputs(iteration[0], index[0]))


class AudioLoopShow(io.ComfyNode):
    """Runs previews and savers that hang inside the loop, once per iteration."""

    @classmethod
    def define_schema(cls) -> io.Schema:
        return _engine_schema(
            "AudioLoopShow",
            outputs=(io.AnyType.Output("shown"),),
            hidden=[io.Hidden.unique_id],
            enable_expand=True,
        )

    @classmethod
    def execute(cls, state: list[Any], iteration: list[Any], index: list[Any], **values: list[Any]) -> io.NodeOutput:
        from ..loop_engine.copies import shown_nodes

        run = state[0]
        run.tapped[iteration[0], index[0]] = tuple(values[f"value{i}"] for i in range(len(values)))
        shown = shown_nodes(run, index[0], cls.hidden.unique_id, iteration[0])
        run.copies[iteration[0]] += tuple(shown.nodes)
        return io.NodeOutput(True, *map(list, shown.waits), expand=shown.nodes)


class AudioLoopTap(io.ComfyNode):
    """Passes a value through once what the loop shows at this point has been shown."""

    @classmethod
    def define_schema(cls) -> io.Schema:
        return _engine_schema(
            "AudioLoopTap",
            inputs=(io.AnyType.Input("shown", raw_link=True),),
            outputs=(io.AnyType.Output("through", is_output_list=True),),
        )

    @classmethod
    def execute(cls, through: list[Any], shown: Any) -> io.NodeOutput:  # noqa: ARG003
        return io.NodeOutput(through)


class AudioLoopIteration(io.ComfyNode):
    """Adds the nodes of an iteration whose body has output nodes, when the iteration is due."""

    @classmethod
    def define_schema(cls) -> io.Schema:
        return _engine_schema("AudioLoopIteration", outputs=(io.AnyType.Output("result"),), enable_expand=True)

    @classmethod
    def execute(cls, state: list[Any], iteration: list[Any], run_id: list[Any]) -> io.NodeOutput:
        from ..loop_engine.copies import due_iteration

        run = state[0]
        due = due_iteration(run, run_id[0], iteration[0])
        run.copies[iteration[0]] += tuple(due.nodes)
        return io.NodeOutput(list(due.result), *map(list, due.waits), expand=due.nodes)


class AudioLoopResult(io.ComfyNode):
    """Hands the result of such an iteration out in one piece."""

    @classmethod
    def define_schema(cls) -> io.Schema:
        return _engine_schema("AudioLoopResult", outputs=(io.AnyType.Output("result"),))

    @classmethod
    def execute(cls, result: list[Any], stop: Sequence[Any] = (False,)) -> io.NodeOutput:
        from ..loop_engine.state import IterationResult

        return io.NodeOutput(IterationResult(result, list(stop)))


class AudioLoopDriver(io.ComfyNode):
    """Asks for its children in turn until the loop ends; the top one returns the loop's result."""

    @classmethod
    def define_schema(cls) -> io.Schema:
        names = [f"{name}_{i}" for i in range(DRIVER_FAN_OUT) for name in ("result", "stop")]
        return _engine_schema(
            "AudioLoopDriver",
            inputs=tuple(io.AnyType.Input(name, optional=True, lazy=True) for name in [*names, "more"]),
            outputs=(io.AnyType.Output("output"),),
            hidden=[io.Hidden.unique_id],
        )

    @classmethod
    def check_lazy_status(cls, state: list[Any], first: list[Any], count: list[Any], **children: Any) -> list[str]:
        run, is_leaf = state[0], first[0] > 0
        for i in range(count[0]):
            iteration = first[0] + i
            if run.ended or (is_leaf and iteration <= run.done):
                continue
            wanted = [name for name in (f"result_{i}", f"stop_{i}") if _missing(children.get(name))]
            if wanted:
                return wanted
            if is_leaf:
                cls._finish(run, iteration, children[f"result_{i}"], children.get(f"stop_{i}", [False]))
        return ["more"] if not run.ended and _missing(children.get("more")) else []

    @classmethod
    def _finish(cls, run: LoopState, iteration: int, values: list[Any], stop: Sequence[Any]) -> None:
        from ..comfyui_internals.executor import release_outputs
        from ..comfyui_internals.progress import forget_nodes
        from ..loop_engine import progress
        from ..loop_engine.running_loops import running_loops
        from ..loop_engine.state import IterationResult

        if len(values) == 1 and isinstance(values[0], IterationResult):
            values, stop = values[0].values, values[0].stop
        asked = running_loops.should_stop(run)
        run.finish(iteration, values, any(stop) or asked)
        if asked and not any(stop) and not run.target_reached():
            running_loops.note_stop(run)
        over = run.copies.pop(iteration, ())
        release_outputs(over, cls.hidden.unique_id)
        forget_nodes(over)
        progress.show(run)

    @classmethod
    def execute(cls, state: list[Any], top: Sequence[Any] = (False,), more: Sequence[Any] = (None,), **_: Any) -> io.NodeOutput:
        run = state[0]
        if not _missing(more):
            return io.NodeOutput(more[0])
        if not top[0]:
            return io.NodeOutput(True)
        result = _result(run)
        run.release()
        return io.NodeOutput(result)


def check_part(run: LoopState, part: Any) -> None:
    """Refuses what an iteration gave if it could not be joined to what the ones before gave.

    Raises:
        LatentError: See `join.check_next`.
    """
    from ..latent_ops.join import check_next

    mode, overlap = run.settings.overlap_mode, run.settings.overlap_frames
    check_next(run.parts[0], run.parts[-1], run.frames, part, len(run.parts) + 1, mode, overlap)


def _missing(value: Any) -> bool:
    """Whether a lazy input was wired and not asked for yet: ComfyUI hands over `(None,)` then, a list otherwise."""
    return isinstance(value, tuple)


def _only(inputs: dict[str, list[Any]], name: str) -> Any:
    return inputs[name][0] if name in inputs else None


def _result(run: LoopState) -> Any:
    from ..latent_ops.join import first_frames, join

    if run.previous is not None and not run.settings.accumulate:
        return run.previous[0]
    joined = join(run.parts, run.settings.overlap_mode, run.settings.overlap_frames)
    return joined if run.total is not None else first_frames(joined, run.total_frames)


NODES = [
    AudioLoopRun,
    AudioLoopCapture,
    AudioLoopIterationIn,
    AudioLoopShow,
    AudioLoopTap,
    AudioLoopIteration,
    AudioLoopResult,
    AudioLoopDriver,
]

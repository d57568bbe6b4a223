"""The report as JSON values, which `schema.json` describes."""

from __future__ import annotations

from typing import Any

from ..audio.sound_report.words import as_data
from ..loop_control.rates import clock_text
from ..prompting.llm.system_prompt import llm_system_prompt
from ..prompting.placement import placement
from ..prompting.visible_boundaries import video_end, visible_boundaries
from .report import AnalysisReport

DOCUMENT_VERSION = 1


def document(report: AnalysisReport) -> dict[str, Any]:
    """All that was heard, measured and written, with the timing of the workflow and a language model's system prompt."""
    analysis, plan, written = report.analysis, report.song.plan, report.written
    placed = placement(written, plan, analysis)
    return {
        "version": DOCUMENT_VERSION,
        "file": report.name,
        **analysis.document(),
        "sound": as_data(report.sound, report.name),
        "workflow_context": workflow_context(report),
        "schedule": {
            "text": written.text,
            "kind": written.kind,
            "first_prompt": written.first_prompt,
            "negative_prompt": written.negative_prompt,
            "entries": [
                {
                    "start_seconds": float(entry.piece.start),
                    "end_seconds": float(entry.piece.end),
                    "first_window": entry.piece.first_window,
                    "last_window": entry.piece.last_window,
                    "section": entry.piece.section,
                    "heard": entry.heard,
                    "prompt": entry.prompt,
                }
                for entry in written.entries
            ],
            "mean_distance_seconds": None if placed is None else placed.mean_seconds,
            "best_distance_seconds": None if placed is None else placed.best_seconds,
            "remarks": list(written.remarks),
        },
        "llm_system_prompt": llm_system_prompt(analysis, plan, written),
    }


def workflow_context(report: AnalysisReport) -> dict[str, Any]:
    """The timing of the windows and the wishes, as a workflow and a writer need them."""
    plan, wishes = report.song.plan, report.written.wishes
    times = visible_boundaries(plan)
    end = video_end(plan)
    return {
        "trim_offset_seconds": float(report.song.trim),
        "window_target_seconds": float(plan.requested_window),
        "window_seconds": float(plan.window),
        "overlap_target_seconds": float(plan.requested_overlap),
        "overlap_effective_seconds": float(plan.overlap),
        "stride_seconds": float(plan.stride),
        "fps": str(plan.fps),
        "order": plan.order,
        "iterations": plan.iterations,
        "initial_render_covers_seconds": float(times[1] if len(times) > 1 else end),
        "schedule_starts_at_seconds": 0.0,
        "video_end_seconds": float(end),
        "visible_boundaries": [{"seconds": float(each), "text": clock_text(each)} for each in times],
        "subject": wishes.subject,
        "image_description": wishes.place,
        "style": wishes.style,
        "scene_diversity": wishes.diversity,
        "montage": wishes.montage,
    }

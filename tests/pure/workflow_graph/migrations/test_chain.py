from __future__ import annotations

import json
from dataclasses import replace

import pytest

from audio_loop.workflow_graph import document as documents
from audio_loop.workflow_graph.editing.graph import Graph
from audio_loop.workflow_graph.invariants import check
from audio_loop.workflow_graph.migrations import chain
from audio_loop.workflow_graph.migrations.migration import Migration, MigrationError
from audio_loop.workflow_graph.migrations.steps import purge_vram


def test_the_faults_of_april_are_healed_and_the_revision_is_stored(kit):
    before = kit.april()
    healed = chain.migrate(before)
    assert healed.made == (
        "controller_values",
        "preprocess_compression",
        "loop_guide_preprocess_symmetry",
        "batch_encode",
        "iterations_autowire",
        "decoder_stride",
    )
    assert check(healed.document) == ()
    assert chain.revision(healed.document) == chain.head()
    assert chain.revision(before) == 0
    rules = ("preprocess_compression", "preprocess_symmetry", "text_encoder_outside_loop", "iterations_autowired", "decoder")
    assert {code for code, _ in kit.findings(before, *rules, "seed_control_drift")} == {*rules, "seed_control_drift"}
    assert kit.findings(healed.document, *rules, "seed_control_drift") == []


def test_a_second_run_changes_nothing(kit):
    healed = chain.migrate(kit.april()).document
    again = chain.migrate(healed)
    assert again.made == ()
    assert documents.dumps(again.document) == documents.dumps(healed)


def test_it_starts_after_the_stored_revision(kit):
    document = kit.sound(compression=0, iterations_wired=False)
    document["extra"]["audio_loop"] = {"revision": 3}
    assert chain.migrate(document).made == ("iterations_autowire",)


@pytest.mark.parametrize("which", ["sound", "ours"])
def test_sound_graphs_stay_as_they_are(kit, which):
    document = getattr(kit, which)()
    outcome = chain.migrate(document)
    assert (outcome.made, outcome.document) == ((), document)


def test_a_file_of_a_newer_version_is_refused(kit):
    document = kit.sound()
    document["extra"]["audio_loop"] = {"revision": 999}
    with pytest.raises(MigrationError, match="newer"):
        chain.migrate(document)


@pytest.mark.parametrize("stored", [None, [], "x", {"revision": "7"}, {"revision": -2}, {"revision": True}, {"applied": 3}])
def test_an_odd_revision_counts_as_none(kit, stored):
    document = kit.sound(compression=0)
    document["extra"]["audio_loop"] = stored
    assert "preprocess_compression" in chain.migrate(document).made


def test_migrations_by_name_are_listed_and_leave_the_list_when_taken_back(kit):
    migration = chain.find("purge_vram")
    with_it = chain.apply(kit.ours(), migration).document
    assert with_it["extra"]["audio_loop"]["applied"] == ["purge_vram"]
    assert "applied" not in chain.take_back(with_it, migration).document["extra"]["audio_loop"]


def test_broken_links_are_repaired_first_and_that_is_said(kit):
    document = kit.sound(compression=0)
    document["nodes"][3]["outputs"][0]["links"].append(987654)
    outcome = chain.migrate(document)
    assert outcome.repairs
    assert check(outcome.document) == ()


def test_an_unknown_name_is_refused_with_the_nearest():
    with pytest.raises(MigrationError, match="ltx_decoder"):
        chain.find("ltx_decoders")


def test_what_cannot_be_taken_back_by_editing_says_so(kit):
    with pytest.raises(MigrationError, match="bytes"):
        chain.take_back(kit.sound(), chain.find("batch_encode"))


def test_every_migration_is_documented():
    text = documents.Path(chain.__file__).parents[2].joinpath("docs", "migrations.md").read_text("utf-8")
    named = {line.split("`")[1] for line in text.splitlines() if line.startswith("| `")}
    assert named == {migration.name for migration in chain.all_migrations()}


def test_a_step_that_does_not_fit_does_not_keep_the_others_from_it(kit):
    graph = Graph(kit.sound(clip_in_loop=True, compression=0))
    graph.remove(graph.node(1560))
    graph.disconnect(graph.node(1582).input("audio"))
    outcome = chain.migrate(graph.to_document())
    assert "preprocess_compression" in outcome.made
    assert "batch_encode" not in outcome.made
    assert any(remark.startswith("batch_encode is left out: ") for remark in outcome.remarks)


def _migration(upgrade, **details):
    return Migration("mine", "a change", upgrade, **details)


def test_a_migration_that_needs_an_unknown_node_is_refused_with_its_name(kit):
    with pytest.raises(MigrationError, match=r"^mine: no snapshot knows the node type 'NobodysNode'"):
        chain.apply(kit.sound(), _migration(lambda graph, _options: graph.schemas["NobodysNode"]))


def test_a_migration_that_would_break_the_graph_is_refused(kit):
    def tear(graph, _options):
        graph.node(1539).input("initial_value").raw["link"] = 987654

    before = kit.sound()
    text = json.dumps(before)
    with pytest.raises(MigrationError, match=r"^mine would break the graph: "):
        chain.apply(before, _migration(tear))
    assert json.dumps(before) == text


def test_a_module_with_two_migrations_is_refused(monkeypatch):
    monkeypatch.setattr(purge_vram, "second", _migration(lambda _graph, _options: None), raising=False)
    with pytest.raises(ValueError, match=r"purge_vram must hold one migration called purge_vram$"):
        chain.all_migrations.__wrapped__()


def test_a_gap_in_the_revisions_is_refused(monkeypatch):
    later = replace(purge_vram.migration, revision=99)
    monkeypatch.setattr(purge_vram, "migration", later)
    with pytest.raises(ValueError, match=r"revisions must run from 1 without a gap, they are \[.*99\]"):
        chain.all_migrations.__wrapped__()

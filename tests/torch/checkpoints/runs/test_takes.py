"""Which take answers a question: retakes after an edit and its undo, windows of other runs, takes that graphs share."""

from __future__ import annotations

import pytest
import torch

from audio_loop.checkpoints.errors import CheckpointError, DiskFullError
from audio_loop.checkpoints.fingerprint.tensor_hash import hash_value
from audio_loop.checkpoints.runs import held_windows, run_writer
from audio_loop.checkpoints.runs.keep_retake import keep_retake
from audio_loop.checkpoints.runs.locked_place import check_place
from audio_loop.checkpoints.runs.locked_window import check_locked
from audio_loop.checkpoints.runs.store import Found, Store
from audio_loop.checkpoints.take import Place, Retake
from audio_loop.loop_control.plan import make_plan

from .checkpoint_stores import CODEC, files, fingerprint, latent, open_store, save, take, value_of


def content(value):
    return hash_value(latent(value)).hex()


def with_retake(tmp_path, *, knows_place=True):
    """Window 2 as it was made (1) and as it was made again (9)."""
    store = open_store(tmp_path)
    save(store, 2, "a", 1, place=Place(content(1)) if knows_place else None)
    retake = Retake(of=fingerprint("a"), content=content(9), stands_for=content(1))
    save(store, 2, "a again", 9, retake=retake)
    return store


@pytest.mark.parametrize("rebuilt", [False, True])
def test_a_retake_is_found_again_after_an_edit_and_its_undo(tmp_path, rebuilt):
    store = with_retake(tmp_path)
    assert value_of(store.lookup(2, fingerprint("a"))) == 9
    save(store, 2, "edited", 5)
    assert value_of(store.load_chosen(2)) == 5
    if rebuilt:
        (store.folder / "manifest.json").unlink()
    store = open_store(tmp_path)
    assert value_of(store.lookup(2, fingerprint("edited"))) == 5
    assert value_of(store.lookup(2, fingerprint("a"))) == 9
    assert value_of(open_store(tmp_path).load_chosen(2)) == 9


def test_the_original_that_was_picked_instead_stays_picked(tmp_path):
    store = with_retake(tmp_path)
    store.choose(2, fingerprint("a"), lock=False)
    save(store, 2, "edited", 5)
    assert value_of(open_store(tmp_path).lookup(2, fingerprint("a"))) == 1
    store.choose(2, fingerprint("a again"), lock=False)
    store.lookup(2, fingerprint("edited"))
    assert value_of(open_store(tmp_path).lookup(2, fingerprint("a"))) == 9


def test_a_retake_whose_original_was_deleted_is_found(tmp_path):
    store = with_retake(tmp_path)
    assert len(store.prune(keep_takes=1)) == 1
    save(store, 2, "edited", 5)
    assert value_of(store.lookup(2, fingerprint("a"))) == 9


def test_a_retake_is_found_by_content_where_the_fingerprint_is_another(tmp_path):
    """A new version of the pack asks by another fingerprint, and the same window comes of it."""
    store = with_retake(tmp_path)
    save(store, 2, "asked by a new version", 1, place=Place(content(1)))
    found = store.retake_of(2, fingerprint("asked by a new version"), content(1))
    assert value_of(found) == 9
    assert value_of(store.lookup(2, fingerprint("asked by a new version"))) == 9
    save(store, 2, "edited", 5, place=Place(content(5)))
    assert value_of(store.lookup(2, fingerprint("asked by a new version"))) == 9
    assert store.retake_of(2, fingerprint("edited"), content(5)) is None


def test_the_original_that_was_picked_stays_so_where_it_is_made_again(tmp_path):
    store = with_retake(tmp_path)
    store.choose(2, fingerprint("a"), lock=False)
    save(store, 2, "asked by a new version", 1, place=Place(content(1)))
    assert store.retake_of(2, fingerprint("asked by a new version"), content(1)) is None
    assert value_of(store.lookup(2, fingerprint("asked by a new version"))) == 1


def test_a_damaged_retake_gives_the_original(tmp_path):
    store = with_retake(tmp_path)
    stored = next(each for each in store.manifest().window(2).takes if each.take.retake)
    (store.folder / stored.file).write_bytes(b"damaged")
    assert value_of(open_store(tmp_path).lookup(2, fingerprint("a"))) == 1


def test_retakes_of_versions_before_are_found_too(tmp_path):
    store = with_retake(tmp_path, knows_place=False)
    save(store, 2, "edited", 5)
    assert value_of(store.lookup(2, fingerprint("a"))) == 9


def test_a_retake_keeps_the_place_of_what_it_replaces(tmp_path):
    plan = make_plan(audio_samples=2 * 44100, sample_rate=44100, window_seconds=3, overlap_seconds=0.6, fps=25)
    from audio_loop.loop_control.retake_span import span_of_window

    store, total = open_store(tmp_path), plan.nth_window(0).window_latents
    samples = torch.zeros(1, 4, total, 2, 2)
    place = Place(hash_value({"samples": samples}).hex(), "1" * 64, "2" * 64)
    store.save(0, {"samples": samples}, take("a", place=place), plan=plan.to_json())
    store.create(PLAN.to_json())
    whole = {"samples": torch.ones(1, 4, total, 2, 2)}
    keep_retake(store, plan, span_of_window(plan, total, 0, 0), whole, seed=1, prompt="", seconds=0)
    kept = store.load_chosen(0).take.place
    assert (kept.continues, kept.follows) == ("1" * 64, "2" * 64)
    assert kept.content == hash_value(whole).hex()
    # It stands where the window stood, whatever the run was planned for since.
    assert store.load_chosen(0).plan == plan.to_json()
    assert store.manifest().plan == PLAN.to_json()


def test_what_any_graph_shows_is_never_deleted(tmp_path):
    store = open_store(tmp_path)
    for name, value, project in (("a", 1, "one"), ("b", 2, "two"), ("c", 3, "two"), ("d", 4, "two")):
        save(store, 0, name, value, by=project)
    assert len(store.prune(keep_takes=1, limit_bytes=0)) == 2
    fresh = open_store(tmp_path)
    assert value_of(fresh.lookup(0, fingerprint("a"), by="one")) == 1
    assert value_of(fresh.lookup(0, fingerprint("d"), by="two")) == 4
    # The first graph goes over to the other's window: its own is free now.
    fresh.lookup(0, fingerprint("d"), by="one")
    assert len(fresh.prune(keep_takes=1)) == 1
    assert [each.fingerprint for each in fresh.takes(0)] == [fingerprint("d")]


def test_a_look_by_the_same_graph_changes_no_file(tmp_path):
    store = open_store(tmp_path)
    save(store, 0, "a", 1, by="one")
    before = (store.folder / "manifest.json").read_bytes()
    status = (store.folder / "manifest.json").stat().st_mtime_ns
    assert value_of(store.lookup(0, fingerprint("a"), by="one")) == 1
    assert value_of(store.lookup(0, fingerprint("a"))) == 1
    assert (store.folder / "manifest.json").stat().st_mtime_ns == status
    store.lookup(0, fingerprint("a"), by="two")
    assert (store.folder / "manifest.json").read_bytes() != before


def test_a_window_of_another_run_is_taken_over(tmp_path):
    other = with_retake(tmp_path)
    (tmp_path / "damaged").mkdir()
    for name in files(other):
        (tmp_path / "damaged" / name).write_bytes(b"damaged")
    (tmp_path / "damaged" / "manifest.json").write_bytes((other.folder / "manifest.json").read_bytes())
    (tmp_path / "a file").write_bytes(b"")
    store = open_store(tmp_path, "own")
    assert store.take_over(2, fingerprint("never made")) is None
    assert not store.folder.exists()
    # The retake that the other run shows is what counts.
    assert store.take_over(2, fingerprint("a"), by="one") == "run"
    assert value_of(store.lookup(2, fingerprint("a"), by="one")) == 9
    before = {name: (other.folder / name).read_bytes() for name in files(other)}
    store.prune(keep_takes=1, limit_bytes=0)
    assert {name: (other.folder / name).read_bytes() for name in files(other)} == before


def test_a_rebuilt_run_is_not_taken_for_the_one_that_it_took_windows_from(tmp_path):
    identity = "0123456789" * 6
    song = Store(tmp_path, f"song_2026-03-01_{identity[:8]}", CODEC)
    song.identify(identity)
    song.save(0, latent(1), take("a"))
    assert song.manifest().identity == identity
    named = Store(tmp_path, "named", CODEC)
    assert named.take_over(0, fingerprint("a")) == song.run
    for store in (song, named):
        (store.folder / "manifest.json").unlink()
    assert Store(tmp_path, song.run, CODEC).manifest().identity == identity
    assert Store(tmp_path, "named", CODEC).manifest().identity == ""
    # A window that was copied by hand into another folder says whose it is, which does not make the folder that run.
    for name in files(song):
        (named.folder / name).write_bytes((song.folder / name).read_bytes())
    assert Store(tmp_path, "named", CODEC).manifest().identity == ""


PLAN = make_plan(audio_samples=8 * 44100, sample_rate=44100, window_seconds=1.96, overlap_seconds=0.6, fps=25)


def test_a_locked_window_is_measured(tmp_path):
    store = open_store(tmp_path)

    def locked(shape, plan=PLAN):
        store.save(1, {"samples": torch.zeros(shape)}, take(shape, prompt="a face"), plan=plan.to_json())
        store.choose(1, fingerprint(shape))
        return store.lookup(1, fingerprint("other"))

    previous = {"samples": torch.zeros(1, 4, 7, 2, 3)}
    check_locked(PLAN, 1, locked((1, 4, 5, 2, 3)), previous)
    check_locked(PLAN, 1, locked((1, 4, 7, 2, 3)), previous)
    # A graph that keeps windows of another length keeps all of them so.
    check_locked(PLAN, 1, locked((1, 4, 6, 2, 3)), previous)
    with pytest.raises(CheckpointError, match="locked to a take of another size") as refused:
        check_locked(PLAN, 1, locked((1, 4, 5, 2, 4)), previous)
    assert "its prompt: 'a face'" in str(refused.value)
    other = make_plan(audio_samples=8 * 44100, sample_rate=44100, window_seconds=2.5, overlap_seconds=0.6, fps=25)
    with pytest.raises(CheckpointError, match="of another length: 4 latents, this render's has 5 or 7"):
        check_locked(PLAN, 1, locked((1, 4, 4, 2, 3), other), previous)


def test_a_locked_window_is_held_to_its_place():
    song = {"audio_samples": 8 * 44100, "sample_rate": 44100, "window_seconds": 1.96, "overlap_seconds": 0.6, "fps": 25}

    def plan_of(**other):
        return make_plan(**song | other)

    found = Found(None, take("a"), True, PLAN.to_json())
    for plan in (PLAN, plan_of(last_window="full"), plan_of(max_iterations=2), plan_of(base_seed=5)):
        check_place(plan, 2, found)
    check_place(plan_of(audio_samples=9 * 44100), 2, found, is_same_song=True)
    check_place(plan_of(audio_samples=8 * 48000, sample_rate=48000), 2, found)
    with pytest.raises(CheckpointError, match=r"for 0:03.20 to 0:05.16 of the song; .* stands at 0:03.84 to 0:05.80"):
        check_place(plan_of(overlap_seconds=0.3), 2, found)
    # The window starts where it did, and what it adds does not.
    with pytest.raises(CheckpointError, match=r"window 2 was made for .* set overlap_seconds back to 0.6 and window_") as moved:
        check_place(plan_of(window_seconds=2.28, overlap_seconds=0.92), 2, found)
    assert "for 0:03.56 to 0:05.16 of the song" in str(moved.value)
    assert "stands at 0:03.88 to 0:05.48, so its lips" in str(moved.value)
    with pytest.raises(CheckpointError, match=r"made at 25 fps for 0:03.20 .* this render has 24 fps"):
        check_place(plan_of(fps=24), 2, found)
    with pytest.raises(CheckpointError, match=r"of a song of 8.0 s; this one is 9.0 s long"):
        check_place(plan_of(audio_samples=9 * 44100), 2, found)
    # The last window was cut to the song's end.
    last = PLAN.iterations
    assert PLAN.nth_window(last).window_px < PLAN.window_px
    with pytest.raises(CheckpointError, match=r"all behind it would shift.*last_window 'fit', max_iterations 0"):
        check_place(plan_of(last_window="full"), last, found)


@pytest.mark.parametrize("plan", [None, {}, {"version": 99}, PLAN.to_json() | {"outcome": {}}])
def test_a_take_that_does_not_know_its_plan_may_stand_anywhere(plan):
    moved = make_plan(audio_samples=8 * 44100, sample_rate=44100, window_seconds=1.96, overlap_seconds=0.3, fps=25)
    check_place(moved, 2, Found(None, take("a"), True, plan))
    short = make_plan(audio_samples=2 * 44100, sample_rate=44100, window_seconds=1.96, overlap_seconds=0.6, fps=25)
    check_place(moved, 4, Found(None, take("a"), True, short.to_json()))


@pytest.mark.parametrize("in_memory", [False, True])
def test_a_window_that_is_taken_over_keeps_the_plan_it_was_made_by(tmp_path, monkeypatch, in_memory):
    moved = make_plan(audio_samples=8 * 44100, sample_rate=44100, window_seconds=1.96, overlap_seconds=0.3, fps=25).to_json()
    open_store(tmp_path, "other").save(1, latent(1), take("a"), plan=PLAN.to_json())
    store = open_store(tmp_path, "own")
    store.create(moved)
    with monkeypatch.context() as patch:
        if in_memory:
            patch.setattr(held_windows, "free_bytes", lambda _folder: 0)
            patch.setattr(run_writer, "write_temporary", _full)
        store.take_over(1, fingerprint("a"))
        assert store.held == in_memory
        assert store.lookup(1, fingerprint("a")).plan == PLAN.to_json()
    assert open_store(tmp_path, "own").manifest().plan == moved


def _full(*_):
    raise DiskFullError("no room")


@pytest.mark.parametrize("lost", [True, False])
def test_what_graphs_show_is_known_again_after_the_manifest_was_lost(tmp_path, lost):
    store = open_store(tmp_path)
    for name, value, project in (("a", 1, "one"), ("b", 2, "one"), ("c", 3, "two"), ("d", 4, "two")):
        save(store, 0, name, value, by=project)
    if lost:
        (store.folder / "manifest.json").unlink()
    fresh = open_store(tmp_path)
    assert len(fresh.prune(keep_takes=1, limit_bytes=0)) == 2
    assert {each.fingerprint for each in fresh.takes(0)} == {fingerprint("b"), fingerprint("d")}


def test_what_was_chosen_before_graphs_were_told_apart_is_kept(tmp_path):
    store = open_store(tmp_path)
    save(store, 0, "old edit", 1)
    save(store, 0, "shown", 2)
    for name, value in (("a", 3), ("b", 4)):
        save(store, 0, name, value, by="one")
    store.prune(keep_takes=1)
    assert {each.fingerprint for each in store.takes(0)} == {fingerprint("shown"), fingerprint("b")}

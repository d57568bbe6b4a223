import assert from "node:assert/strict";
import test from "node:test";
import { makeHearing } from "../../../web/timeline/hearing_model.mjs";

const HEARD = { sections: [{ start_seconds: 0, end_seconds: 9, label: "verse", letter: "A", level: "loud" }], bars: [] };
const QUERY = { audio: "song.wav", window_seconds: "19.88", start_seconds: "2" };

/** A server that answers each request when the test says so. */
function server() {
  const asked = [];
  const ask = (query) => new Promise((answer, refuse) => asked.push({ query, answer, refuse }));
  return { asked, ask };
}

const passed = () => new Promise((resolve) => setImmediate(resolve));
async function answer(request, found) {
  request.answer(found);
  await passed();
}

function hearing(onTell = () => {}) {
  const { asked, ask } = server();
  const [told, paused] = [[], []];
  const onChange = (known) => {
    told.push(known);
    onTell(known, made);
  };
  const made = makeHearing(ask, onChange, () => new Promise((resolve) => paused.push(resolve)));
  const goOn = () => {
    paused.pop()();
    return passed();
  };
  return { asked, made, goOn, last: () => told[told.length - 1] };
}

test("nothing is begun unasked, and what was heard before is shown", async () => {
  const { asked, made, last } = hearing();
  made.setSong(QUERY);
  assert.deepEqual(asked.map((each) => each.query), [{ audio: "song.wav", start_seconds: "2", listen: "0" }]);
  await answer(asked[0], { listening: null });
  assert.deepEqual([last().heard, last().done, asked.length], [null, null, 1]);
  // Other settings of the planner are the same song.
  made.setSong({ ...QUERY, window_seconds: "12" });
  assert.equal(asked.length, 1);
  made.setSong({ ...QUERY, start_seconds: "3" });
  await answer(asked[1], HEARD);
  assert.equal(last().heard.sections[0].name, "verse A");
});

test("it is asked again until the song is heard, or nobody wants it any more", async () => {
  const { asked, made, goOn, last } = hearing();
  made.setSong(QUERY);
  await answer(asked[0], { listening: null });
  const done = made.listen();
  made.listen();
  assert.equal(asked.length, 2);
  await answer(asked[1], { listening: 0.4 });
  assert.equal(last().done, 0.4);
  await goOn();
  await answer(asked[2], HEARD);
  await done;
  assert.deepEqual([last().done, last().heard === null, asked.length], [null, false, 3]);
  made.setSong({ audio: "other.wav" });
  made.listen();
  await answer(asked[4], { listening: 0.1 });
  made.stop();
  await goOn();
  assert.deepEqual([asked.length, last().done], [5, null]);
});

test("a song that is chosen while somebody waits is listened to at once", async () => {
  // As the panel does that writes from the song.
  const { asked, made, last } = hearing(({ heard, done, error }, self) => {
    if (self && heard === null && done === null && error === "") self.listen();
  });
  made.setSong(QUERY);
  assert.deepEqual(asked.map((each) => each.query.listen), ["0", "1"]);
  await answer(asked[0], { listening: null });
  await answer(asked[1], HEARD);
  assert.deepEqual([last().done, last().heard === null], [null, false]);
});

test("a refusal is told to who asked, and another song begins anew", async () => {
  const { asked, made, last } = hearing();
  made.setSong(QUERY);
  asked[0].refuse(new Error("there is no song"));
  await passed();
  assert.equal(last().error, "");
  const done = made.listen();
  asked[1].refuse(new Error("song.wav cannot be read as sound"));
  await done;
  assert.deepEqual([last().error, last().done], ["song.wav cannot be read as sound", null]);
  made.setSong({ audio: "other.wav" });
  assert.equal(last().error, "");
  // An answer about the song before counts no more.
  const late = asked.length;
  made.listen();
  made.setSong(null);
  await answer(asked[late], HEARD);
  assert.equal(last().heard, null);
});

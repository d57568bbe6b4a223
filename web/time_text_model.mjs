// A time in the song as reports, panels and the timeline write it. Pure, tested by `node --test`.

const two = (number) => String(number).padStart(2, "0");

/** Seconds for people: `0:37.80`, `1:02:03.00`; rounded to a hundredth before they are cut into minutes. */
export function clockText(seconds) {
  const hundredths = Math.max(0, Math.round(seconds * 100));
  const [hours, minutes, rest] = [Math.floor(hundredths / 360_000), Math.floor(hundredths / 6000) % 60, hundredths % 6000];
  const tail = `${two(Math.floor(rest / 100))}.${two(rest % 100)}`;
  return hours > 0 ? `${hours}:${two(minutes)}:${tail}` : `${minutes}:${tail}`;
}

// A colour for each section: sections whose words are alike have hues that are near.

const GOLDEN_ANGLE = 137.508;

function wordsOf(text) {
  return new Set(text.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? []);
}

/** Share of words that two texts have in common, 0 to 1. */
export function similarity(a, b) {
  const [one, other] = [wordsOf(a), wordsOf(b)];
  const together = new Set([...one, ...other]).size;
  if (together === 0) return 1;
  return [...one].filter((word) => other.has(word)).length / together;
}

/** Hue of each section in degrees: the same words have the same hue, each neighbour turns it as far as its words differ. */
export function sectionHues(texts) {
  const hues = [];
  texts.forEach((text, index) => {
    const same = texts.indexOf(text);
    if (same < index) hues.push(hues[same]);
    else if (index === 0) hues.push(210);
    else hues.push((hues[index - 1] + GOLDEN_ANGLE * (1 - similarity(texts[index - 1], text))) % 360);
  });
  return hues;
}

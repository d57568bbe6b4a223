// How the timeline looks, in ComfyUI's own colours.
const STYLE = `
.audio-loop-timeline-host { width: 100%; }
.audio-loop-timeline { display: flex; flex-direction: column; gap: 4px; font: 12px/1.3 Inter, system-ui, sans-serif;
  color: var(--input-text, #ddd); position: relative; box-sizing: border-box; padding: 0 2px; }
.audio-loop-timeline .tools { display: flex; flex-wrap: wrap; gap: 4px; align-items: center; min-height: 24px; }
.audio-loop-timeline button { font: inherit; color: inherit; background: var(--comfy-input-bg, #333); cursor: pointer;
  border: 1px solid var(--border-color, #555); border-radius: 4px; padding: 2px 8px; }
.audio-loop-timeline button:disabled { opacity: 0.4; cursor: default; }
.audio-loop-timeline button[aria-pressed="true"] { outline: 2px solid #4a9eff; }
.audio-loop-timeline .tools .space { flex: 1; }
.audio-loop-timeline .tools .heard { flex: 1 1 260px; overflow-wrap: anywhere; }
.audio-loop-timeline button.write { font-weight: 600; border-color: #4a9eff; }
.audio-loop-timeline .tools .voice { margin-left: 8px; border-bottom: 3px solid; }
.audio-loop-timeline canvas { width: 100%; height: 255px; border-radius: 4px; touch-action: none; display: block; }
.audio-loop-timeline canvas:focus-visible { outline: 2px solid #4a9eff; }
.audio-loop-timeline [hidden] { display: none; }
.audio-loop-timeline button.found.wrong { font-weight: 600; border-color: #e08c1a; }
.audio-loop-timeline .findings { position: relative; margin-top: -2px; }
.audio-loop-timeline .findings button { position: absolute; height: 9px; min-width: 7px; padding: 0; border: 1px solid var(--comfy-input-bg, #222);
  border-radius: 3px; }
.audio-loop-timeline .findings .strong { background: #e5484d; } .audio-loop-timeline .findings .clear { background: #e08c1a; }
.audio-loop-timeline .findings .slight { background: #8a8f98; } .audio-loop-timeline .findings button:hover { filter: brightness(1.25); }
.audio-loop-timeline .findings button:focus-visible { outline: 2px solid #4a9eff; outline-offset: 1px; z-index: 1; }
.audio-loop-timeline label { display: flex; gap: 6px; align-items: center; white-space: nowrap; }
.audio-loop-timeline label input { flex: 1; min-width: 60px; font: inherit; color: inherit; padding: 2px 6px; border-radius: 4px;
  background: var(--comfy-input-bg, #333); border: 1px solid var(--border-color, #555); }
.audio-loop-timeline p { min-height: 16px; margin: 0; overflow-wrap: anywhere; }
.audio-loop-timeline .says.wrong { font-weight: 600; border-left: 3px solid #e5484d; padding-left: 6px; }
.audio-loop-timeline .says button { margin-left: 8px; padding: 0 6px; }
.audio-loop-timeline .help { color: var(--descrip-text, #999); font-size: 11px; }
.audio-loop-timeline textarea { position: absolute; box-sizing: border-box; resize: none; font: inherit; color: #fff; background: #111;
  border: 2px solid #4a9eff; border-radius: 4px; padding: 4px 6px; z-index: 1; }
`;

/** Puts the style into the page, once. */
export function addStyle() {
  const id = "audio-loop-timeline-style";
  if (document.getElementById(id)) return;
  document.head.append(Object.assign(document.createElement("style"), { id, textContent: STYLE }));
}

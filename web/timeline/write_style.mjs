// How the panel that writes from the song looks, in ComfyUI's own colours.

/** Puts the style of the panel of this class into the page, once. */
export function addPanelStyle(name) {
  const id = `${name}-style`;
  if (document.getElementById(id)) return;
  document.head.append(Object.assign(document.createElement("style"), { id, textContent: styleOf(name) }));
}

const styleOf = (name) => `
.${name} { width: min(560px, 94vw); max-height: 88vh; padding: 0; overflow: auto; border: 1px solid var(--border-color, #555);
  border-radius: 8px; background: var(--comfy-menu-bg, #222); color: var(--fg-color, #ddd); font: 13px/1.4 sans-serif; }
.${name}::backdrop { background: rgb(0 0 0 / 40%); }
.${name} header { position: sticky; top: 0; z-index: 1; display: flex; gap: 12px; align-items: baseline; padding: 12px 16px 8px; background: inherit; }
.${name} h2 { flex: 1; margin: 0; font-size: 16px; }
.${name} h3 { margin: 12px 0 4px; font-size: 13px; }
.${name} form, .${name} section { display: flex; flex-direction: column; gap: 10px; padding: 4px 16px 12px; }
.${name} section { gap: 6px; } .${name} section:empty { display: none; }
.${name} summary { cursor: pointer; } .${name} section ul { margin: 0; padding-left: 18px; } .${name} section p { margin: 0; }
.${name} .status { margin: 0 16px 6px; min-height: 18px; opacity: 0.85; }
.${name} .wrong { opacity: 1; font-weight: 600; border-left: 3px solid #e5484d; padding-left: 8px; }
.${name} .replaces { margin: 0; border-left: 3px solid #f0b74a; padding-left: 8px; } .${name} [hidden] { display: none; }
.${name} .field { display: grid; grid-template-columns: 110px 1fr; gap: 2px 10px; align-items: center; }
.${name} .field.words { align-items: start; }
.${name} .field.switch { grid-template-columns: 110px auto 1fr; } .${name} .field.switch input { grid-column: 2; }
.${name} .field small { grid-column: 2 / -1; opacity: 0.75; } .${name} .field small:empty { display: none; }
.${name} input[type=text], .${name} textarea, .${name} select { width: 100%; } .${name} input[type=number] { width: 90px; }
.${name} input:not([type=checkbox]), .${name} textarea, .${name} select { box-sizing: border-box; font: inherit; color: inherit; padding: 4px 6px;
  border: 1px solid var(--border-color, #555); border-radius: 5px; background: var(--comfy-input-bg, #333); resize: vertical; }
.${name} button { border: 1px solid var(--border-color, #555); border-radius: 5px; padding: 3px 12px; color: inherit; font: inherit; cursor: pointer;
  background: var(--comfy-input-bg, #333); }
.${name} button:disabled { opacity: 0.5; cursor: default; }
.${name} button.write { font-weight: 600; border-color: #4a9eff; }
.${name} .buttons { display: flex; gap: 8px; justify-content: flex-end; flex-wrap: wrap; }
.${name} :focus-visible { outline: 2px solid #4a9eff; outline-offset: 1px; }
`;

// How the service itself is doing, in one line.
import { html } from "../vendor/lib.mjs";
import { parts, run } from "../store.mjs";
import { t, word } from "../text.mjs";

export function Parts() {
  const all = [...parts.value.values()];
  return html`<ul class="parts" aria-label=${t("parts.title")}>
    ${all.map((part) => html`<li key=${part.name} class=${`is-${part.state}`} title=${part.detail}><i></i>${word("part", part.name)} ${word("partstate", part.state)}</li>`)}
    <li class="version">${run.value.version}</li>
  </ul>`;
}

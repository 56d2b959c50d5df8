// A colour is always also a shape and a word.
import { html } from "../vendor/lib.mjs";
import { word } from "../text.mjs";

const PATHS = {
  free: html`<circle cx="8" cy="8" r="6" />`,
  limited: html`<path d="M8 1.6 15 14.2H1Z" />`,
  full: html`<rect x="2" y="2" width="12" height="12" rx="1.5" />`,
  closed: html`<path d="M4.2 1.6 8 5.4l3.8-3.8 2.6 2.6L10.6 8l3.8 3.8-2.6 2.6L8 10.6l-3.8 3.8-2.6-2.6L5.4 8 1.6 4.2Z" />`,
  unknown: html`<circle cx="8" cy="8" r="5.4" />`,
};

export function Shape({ state }) {
  return html`<svg class=${`shape is-${state}`} viewBox="0 0 16 16" aria-hidden="true">${PATHS[state] || PATHS.unknown}</svg>`;
}

export function StateWord({ state }) {
  return html`<span class=${`state is-${state}`}><${Shape} state=${state} />${word("state", state)}</span>`;
}

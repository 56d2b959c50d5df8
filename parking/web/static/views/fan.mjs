// The next hour as a picture: free bays now, the middle line, and the 80 % band that opens.
import { html } from "../vendor/lib.mjs";

const W = 64, H = 30;

export function Fan({ lot }) {
  const { hour } = lot.outlook;
  if (lot.taken === null) return html`<svg class="fan" viewBox=${`0 0 ${W} ${H}`} aria-hidden="true"></svg>`;
  const y = (taken) => (1.5 + (1 - Math.max(0, Math.min(1, taken / lot.capacity))) * (H - 3)).toFixed(1);
  const [now, low, middle, high] = [lot.taken, hour.taken_low, hour.taken, hour.taken_high].map(y);
  return html`<svg class="fan" viewBox=${`0 0 ${W} ${H}`} aria-hidden="true">
    <line class="cap" x1="0" x2=${W} y1="1.5" y2="1.5" />
    <path class="band" d=${`M2 ${now}L${W - 2} ${low}V${high}Z`} />
    <path class="line" d=${`M2 ${now}L${W - 2} ${middle}`} />
    <circle cx="2.5" cy=${now} r="2.2" />
  </svg>`;
}

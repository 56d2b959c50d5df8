// Four big numbers: is there room, where is there none, what is wrong, what is late.
import { html } from "../vendor/lib.mjs";
import { now } from "../clock.mjs";
import { alerts, cases, lots } from "../store.mjs";
import { t, word } from "../text.mjs";
import { NONE, number } from "../say.mjs";

function Figure({ name, value, of, tone, children }) {
  return html`<section class=${`figure ${tone ? `is-${tone}` : ""}`} data-figure=${name}>
    <h2>${t(`figure.${name}`)}</h2>
    <p class="value"><b>${value}</b>${of && html`<span> / ${of}</span>`}</p>
    <p class="more">${children}</p>
  </section>`;
}

function count(list, key) {
  const found = {};
  for (const one of list) found[key(one)] = (found[key(one)] || 0) + 1;
  return found;
}

function Room() {
  const all = [...lots.value.values()];
  const known = all.filter((lot) => lot.free !== null);
  const free = known.reduce((sum, lot) => sum + lot.free, 0);
  const bays = known.reduce((sum, lot) => sum + lot.capacity, 0);
  return html`<${Figure} name="free" value=${known.length ? number(free) : NONE} of=${known.length ? number(bays) : ""}>
    ${t("figure.free_more", { known: known.length, all: all.length })}
  <//>`;
}

function Full() {
  const all = [...lots.value.values()];
  const by = count(all, (lot) => lot.state);
  const others = ["limited", "closed", "unknown"].filter((state) => by[state]);
  return html`<${Figure} name="full" value=${by.full || 0} of=${all.length} tone=${by.full ? "full" : ""}>
    ${others.map((state) => `${word("state", state)} ${by[state]}`).join(" · ") || t("figure.full_none")}
  <//>`;
}

function Standing() {
  const open = [...alerts.value.values()].filter((alert) => alert.is_open);
  const street = open.filter((alert) => !alert.for_maintenance);
  const by = count(street, (alert) => alert.grade || 0);
  const grades = [1, 2, 3, 4, 0].filter((grade) => by[grade]).map((grade) => `${word("grade", grade)} ${by[grade]}`);
  const devices = open.length - street.length;
  if (devices) grades.push(t("figure.alerts_devices", { n: devices }));
  const grave = [1, 2, 3].some((grade) => by[grade]);
  return html`<${Figure} name="alerts" value=${street.length} tone=${grave ? "full" : street.length ? "limited" : ""}>
    ${grades.join(" · ") || t("figure.alerts_none")}
  <//>`;
}

function Late() {
  const open = [...cases.value.values()].filter((one) => one.is_open);
  const late = open.filter((one) => one.clock_runs && now.value !== null && Date.parse(one.deadline) < now.value);
  return html`<${Figure} name="late" value=${late.length} tone=${late.length ? "full" : ""}>
    ${t("figure.late_more", { n: open.length })}
  <//>`;
}

export function Figures() {
  return html`<div class="figures"><${Room} /><${Full} /><${Standing} /><${Late} /></div>`;
}

// Lots: number, word, how far the number may be trusted, and the next hour.
import { html } from "../vendor/lib.mjs";
import { hm, now } from "../clock.mjs";
import { chosen, heard, heardAt, lots, places, tickAt, town } from "../store.mjs";
import { has, named, t, word } from "../text.mjs";
import { Age, NONE, ageOf, number } from "../say.mjs";
import { Fan } from "./fan.mjs";
import { StateWord } from "./shapes.mjs";

const GREY_PERIODS = 2;
const GONE_PERIODS = 10;
const SLOWEST_JUDGED_S = 60; // a source quicker than this is not blamed for one lost message

// fresh, old (grey) or gone (no number): by the engine's word first, then by the age of the last proof of life.
// Where the service does not tell of proofs that changed nothing, the engine's own last tick stands for them.
export function freshness(lot) {
  if (lot.quality === "stale" || lot.quality === "unknown") return "gone";
  const place = places.value.get(lot.id);
  const period = Math.max(SLOWEST_JUDGED_S, (place && place.period_s) || SLOWEST_JUDGED_S);
  const age = ageOf(heard.value.has(lot.id) ? heardAt(lot) : tickAt.value);
  if (age === null || age <= GREY_PERIODS * period) return "fresh";
  return age <= GONE_PERIODS * period ? "old" : "gone";
}

function Free({ lot, fresh }) {
  const free = fresh === "gone" || lot.free === null ? null : lot.free;
  const share = free === null ? 0 : Math.max(0, Math.min(1, 1 - free / lot.capacity));
  return html`<span class=${`free is-${fresh}`}>
    <b>${free === null ? NONE : number(free)}</b><span class="of">/ ${number(lot.capacity)}</span>
    <span class="bar" aria-hidden="true"><i class=${`is-${lot.state}`} style=${{ width: `${share * 100}%` }}></i></span>
  </span>`;
}

function Trust({ lot, fresh }) {
  const reason = lot.reason && (has(`reason.${lot.reason}`) ? t(`reason.${lot.reason}`) : lot.reason);
  return html`<span class=${`trust is-${lot.quality} ${fresh === "fresh" ? "" : "is-aged"}`}>
    <span><i></i>${word("quality", lot.quality)}${reason ? html`<em> · ${reason}</em>` : ""}</span>
    <${Age} at=${heardAt(lot)} />
  </span>`;
}

// 约 14:35 满（80%：14:20–14:55）, or how many will be free in an hour
export function coming(lot) {
  const outlook = lot.outlook;
  if (!outlook || !outlook.hour) return null;
  const { hour, full_at: at, full_earliest: early, full_latest: late } = outlook;
  const free = { n: number(hour.free), low: number(hour.free_low), high: number(hour.free_high) };
  if (at && lot.state !== "full" && Date.parse(at) > (now.value || 0)) {
    const band = late ? t("coming.band", { from: hm(early), to: hm(late) }) : t("coming.band_open", { from: hm(early) });
    return { main: t("coming.full_at", { time: hm(at) }), band };
  }
  const band = t("coming.band", { from: free.low, to: free.high });
  if (hour.free === 0) return { main: t("coming.still_full"), band };
  return { main: t("coming.free", free), band };
}

function Coming({ lot }) {
  const said = lot.state === "closed" ? null : coming(lot);
  if (!said) return html`<span class="coming">${NONE}</span>`;
  return html`<span class="coming"><${Fan} lot=${lot} /><span><b>${said.main}</b> <small>${said.band}</small></span></span>`;
}

function Row({ lot }) {
  const fresh = freshness(lot);
  const place = places.value.get(lot.id);
  const area = town.value.areas.find((one) => one.id === lot.area);
  const picked = chosen.value === lot.id;
  return html`<tr id=${`lot-${lot.id}`} class=${`${picked ? "is-chosen" : ""} is-${fresh}`} data-lot=${lot.id} data-state=${lot.state}>
    <th scope="row">
      <button type="button" class="name" aria-pressed=${picked} onClick=${() => (chosen.value = picked ? null : lot.id)}>${named(lot)}</button>
      <small>${lot.id} · ${named(area)} · ${word("lotkind", lot.kind)}${place && place.opens ? ` · ${place.opens}–${place.closes}` : ""}</small>
    </th>
    <td class="c-state" data-label=${t("lots.state")}><${StateWord} state=${lot.state} /></td>
    <td class="c-free" data-label=${t("lots.free")}><${Free} lot=${lot} fresh=${fresh} /></td>
    <td class="c-coming" data-label=${t("lots.coming")}><${Coming} lot=${lot} /></td>
    <td class="c-trust" data-label=${t("lots.trust")}><${Trust} lot=${lot} fresh=${fresh} /></td>
  </tr>`;
}

export function Lots() {
  const all = [...lots.value.values()];
  return html`<section class="panel lots" id="lots" aria-labelledby="lots-title" tabindex="-1">
    <header><h2 id="lots-title">${t("lots.title")}</h2><span class="count">${all.length}</span></header>
    <table>
      <thead><tr>
        <th scope="col">${t("lots.name")}</th><th scope="col">${t("lots.state")}</th><th scope="col">${t("lots.free")}</th>
        <th scope="col">${t("lots.coming")}</th><th scope="col">${t("lots.trust")}</th>
      </tr></thead>
      <tbody>${all.map((lot) => html`<${Row} key=${lot.id} lot=${lot} />`)}</tbody>
    </table>
  </section>`;
}

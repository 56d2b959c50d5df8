// Signs as they stand at the road: the painted plate, and in its windows what the sign has confirmed.
import { html } from "../vendor/lib.mjs";
import { now } from "../clock.mjs";
import { chosen, confirmS, signs } from "../store.mjs";
import { has, named, t, word } from "../text.mjs";
import { Age, Numbers, span } from "../say.mjs";

const ARROWS = { ahead: "↑", left: "←", right: "→", none: "" };
const FIXED = { "满": "red", "关闭": "red", "--": "off", "": "off" };

// The same words as the API's status, but true at this very second.
export function status(sign) {
  const { wanted, confirmed } = sign;
  if (!wanted || now.value === null) return sign.status;
  if (now.value > Date.parse(wanted.until)) return "ended";
  if (confirmed && confirmed.rows.length === wanted.rows.length && wanted.rows.every((row, i) => row.text === confirmed.rows[i])) return "confirmed";
  if (now.value - Date.parse(wanted.at) <= confirmS.value * 1000) return "waiting";
  return confirmed ? "differs" : "silent";
}

const NUMBER = /^\d+$/;

// Lamps of what the sign really shows. A number that is being refreshed keeps its colour and needs no word of the command;
// another word, or a number that stays wrong, has the command beside it.
function lamps(sign, state, i) {
  const told = sign.wanted && sign.wanted.rows[i];
  const text = sign.confirmed ? sign.confirmed.rows[i] : undefined;
  if (text === undefined) return { text: "", colour: "off", told: told && told.text };
  if (!told || told.text === text) return { text, colour: told ? told.colour : FIXED[text] || "yellow" };
  const refreshing = NUMBER.test(text) && NUMBER.test(told.text);
  const colour = refreshing ? told.colour : FIXED[text] || "yellow";
  return { text, colour, told: refreshing && state === "waiting" ? "" : told.text };
}

function Plate({ sign, state }) {
  return html`<div class="plate">
    ${sign.panels.map((panel, i) => {
      const led = lamps(sign, state, i);
      return html`<div class="prow" key=${panel.line}>
        <b class="p" aria-hidden="true">P</b>
        <span class="pname">${named(panel)}</span>
        <span class="arrow" role="img" aria-label=${word("arrow", panel.arrow)}>${ARROWS[panel.arrow]}</span>
        <span class=${`led is-${led.colour}`}><span>${led.text || "\u00a0"}</span></span>
        ${led.told && html`<span class="told">${t("signs.told")} <b>${led.told}</b></span>`}
      </div>`;
    })}
  </div>`;
}

function Why({ sign }) {
  if (!sign.wanted) return null;
  return html`<details class="why"><summary>${t("signs.why")}</summary>
    <ul>${sign.wanted.rows.map((row, i) => {
      if (!row.why) return null;
      const { rule, numbers } = row.why;
      return html`<li key=${row.line}><b>${named(sign.panels[i])} ${row.text}</b> <span>${has(`why.${rule}`) ? t(`why.${rule}`) : rule}</span><${Numbers} of=${numbers} /></li>`;
    })}</ul>
  </details>`;
}

function Ages({ sign, state }) {
  const ends = sign.wanted && now.value !== null ? (Date.parse(sign.wanted.until) - now.value) / 1000 : null;
  return html`<dl class="ages">
    <div><dt>${t("signs.wanted")}</dt><dd>${sign.wanted ? html`<${Age} at=${sign.wanted.at} />` : "—"}</dd></div>
    <div><dt>${t("signs.confirmed")}</dt><dd>${sign.confirmed ? html`<${Age} at=${sign.confirmed.received_at} />` : "—"}</dd></div>
    ${ends !== null && state !== "ended" && html`<div><dt>${t("signs.until")}</dt><dd>${span(ends)}</dd></div>`}
  </dl>`;
}

function Card({ sign }) {
  const state = status(sign);
  return html`<article class=${`sign is-${state} ${chosen.value === sign.id ? "is-chosen" : ""}`} id=${`sign-${sign.id}`} data-sign=${sign.id} data-status=${state}>
    <header><h3><b>${sign.id}</b> ${named(sign)}</h3><span class="level">${word("signlevel", sign.level)}</span></header>
    <${Plate} sign=${sign} state=${state} />
    <div class="under">
      <span class="status"><i></i>${word("signstatus", state)}</span>
      <${Ages} sign=${sign} state=${state} />
    </div>
    <${Why} sign=${sign} />
  </article>`;
}

export function Signs() {
  const all = [...signs.value.values()];
  return html`<section class="panel signs" id="signs" aria-labelledby="signs-title" tabindex="-1">
    <header><h2 id="signs-title">${t("signs.title")}</h2><span class="count">${all.length}</span><p>${t("signs.note")}</p></header>
    <div class="wall">${all.map((sign) => html`<${Card} key=${sign.id} sign=${sign} />`)}</div>
  </section>`;
}

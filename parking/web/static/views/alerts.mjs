// What asks for a person, gravest first.
import { html } from "../vendor/lib.mjs";
import { alerts, chosen } from "../store.mjs";
import { has, lang, t, word } from "../text.mjs";
import { Numbers, ageOf, span, when } from "../say.mjs";

function order(a, b) {
  return (a.grade || 9) - (b.grade || 9) || (a.onset_at < b.onset_at ? 1 : -1);
}

function name(alert) {
  return lang.value === "en" ? alert.subject_name_en : alert.subject_name;
}

function Alert({ alert }) {
  const lasts = alert.is_open ? ageOf(alert.onset_at) : alert.lasts_s;
  const grade = alert.grade || 0;
  return html`<li class=${`alert g${grade} ${alert.is_open ? "" : "is-ended"}`} id=${`alert-${alert.id}`} data-alert=${alert.id}>
    <span class="grade">${word("gradeshort", grade)}</span>
    <p class="line"><b>${word("alert", alert.kind)}</b>
      <button type="button" class="name" onClick=${() => (chosen.value = alert.subject)}>${name(alert)}</button></p>
    <span class=${`chip is-${alert.state}`}>${word("alertstate", alert.state)}</span>
    <div class="what">
      <p class="why">${has(`alertreason.${alert.reason}`) ? t(`alertreason.${alert.reason}`) : alert.reason}<${Numbers} of=${shown(alert.evidence)} /></p>
      <p class="meta">
        <span>${t("alerts.since", { time: when(alert.onset_at) })}</span><span>${t("alerts.lasts", { span: span(lasts || 0) })}</span>
        <span>${t("alerts.cell")} <span class="mono">${alert.cell}</span></span>
        ${alert.case_no && html`<a class="mono" href=${`#case-${alert.case_no}`}>${alert.case_no}</a>`}
      </p>
    </div>
  </li>`;
}

// What the line below says better: the level has its word in the reason, the duration is counted on.
const SAID_ELSEWHERE = ["level", "lasted_min"];

function shown(evidence) {
  return Object.fromEntries(Object.entries(evidence).filter(([name]) => !SAID_ELSEWHERE.includes(name)));
}

export function Alerts() {
  const all = [...alerts.value.values()];
  const open = all.filter((alert) => alert.is_open).sort(order);
  const ended = all.filter((alert) => !alert.is_open).sort((a, b) => (a.updated_at < b.updated_at ? 1 : -1)).slice(0, 5);
  return html`<section class="panel work" id="alerts" aria-labelledby="alerts-title" tabindex="-1">
    <header><h2 id="alerts-title">${t("alerts.title")}</h2><span class="count">${open.length}</span></header>
    ${open.length ? html`<ul class="list" aria-live="polite">${open.map((alert) => html`<${Alert} key=${alert.id} alert=${alert} />`)}</ul>` : html`<p class="none">${t("alerts.none")}</p>`}
    ${ended.length > 0 && html`<details class="ended"><summary>${t("alerts.ended", { n: ended.length })}</summary><ul class="list">${ended.map((alert) => html`<${Alert} key=${alert.id} alert=${alert} />`)}</ul></details>`}
  </section>`;
}

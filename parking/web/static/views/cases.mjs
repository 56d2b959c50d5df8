// Case files (案卷): who answers, until when, and every step so far.
import { html } from "../vendor/lib.mjs";
import { now } from "../clock.mjs";
import { cases } from "../store.mjs";
import { lang, named, t, word } from "../text.mjs";
import { figure, span, when } from "../say.mjs";

const YELLOW_SHARE = 0.8;

// Share of the limit used and what is left, at this very second.
function left(one) {
  const begun = Date.parse(one.reported_at), deadline = Date.parse(one.deadline);
  const at = one.clock_runs && now.value !== null ? now.value : Date.parse(one.updated_at);
  const share = deadline > begun ? Math.max(0, (at - begun) / (deadline - begun)) : 1;
  const light = at > deadline ? "red" : share >= YELLOW_SHARE ? "yellow" : "green";
  return { share: Math.min(1, share), light, seconds: (deadline - at) / 1000 };
}

function Deadline({ one }) {
  const { share, light, seconds } = left(one);
  const said = !one.clock_runs ? word("stage", one.stage) : seconds < 0 ? t("cases.overdue", { span: span(-seconds) }) : t("cases.left", { span: span(seconds) });
  return html`<div class=${`deadline is-${light} ${one.clock_runs ? "" : "is-still"}`}>
    <span><b>${said}</b></span><span>${t("cases.deadline", { time: when(one.deadline) })}</span>
    <span class="bar" aria-hidden="true"><i style=${{ width: `${share * 100}%` }}></i></span>
  </div>`;
}

function receiver(one, step) {
  return step.receiver === one.department ? named(one, "department_name") : word("actor", step.receiver);
}

function Steps({ one }) {
  return html`<details class="steps"><summary>${t("cases.steps", { n: one.steps.length })}</summary>
    <ol>${one.steps.map((step) => html`<li key=${step.n}>
      <time>${when(step.at)}</time> <b>${word("stage", step.stage)}</b>
      <span>${word("actor", step.actor)}${step.receiver && step.receiver !== step.actor ? ` → ${receiver(one, step)}` : ""}</span>
      ${step.opinion && html`<q>${step.opinion}</q>`}
    </li>`)}</ol>
  </details>`;
}

function Case({ one }) {
  const post = lang.value === "en" ? one.post_title_en : one.post_title;
  const department = lang.value === "en" ? one.department_name_en : one.department_name;
  return html`<li class="case" id=${`case-${one.no}`} data-case=${one.no} tabindex="-1">
    <p class="line"><span class="mono">${one.no}</span><span class="chip">${word("stage", one.stage)}</span>${one.grade && html`<span class="small">${word("grade", one.grade)}</span>`}</p>
    <p class="title">${named(one, "title")}</p>
    <p class="meta"><span>${department}</span><span>${post}</span><span>${t("cases.limit", { n: figure(one.limit.amount), clock: word("clock", one.limit.clock) })}</span></p>
    <${Deadline} one=${one} />
    <${Steps} one=${one} />
  </li>`;
}

export function Cases() {
  const all = [...cases.value.values()];
  const open = all.filter((one) => one.is_open).sort((a, b) => (a.deadline < b.deadline ? -1 : 1));
  const ended = all.filter((one) => !one.is_open).sort((a, b) => (a.updated_at < b.updated_at ? 1 : -1)).slice(0, 5);
  return html`<section class="panel work" id="cases" aria-labelledby="cases-title" tabindex="-1">
    <header><h2 id="cases-title">${t("cases.title")}</h2><span class="count">${open.length}</span></header>
    ${open.length ? html`<ul class="list">${open.map((one) => html`<${Case} key=${one.no} one=${one} />`)}</ul>` : html`<p class="none">${t("cases.none")}</p>`}
    ${ended.length > 0 && html`<details class="ended"><summary>${t("cases.ended", { n: ended.length })}</summary><ul class="list">${ended.map((one) => html`<${Case} key=${one.no} one=${one} />`)}</ul></details>`}
  </section>`;
}

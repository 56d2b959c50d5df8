// Name, street clock, connection, language and theme.
import { html, signal } from "../vendor/lib.mjs";
import { hms, now } from "../clock.mjs";
import { link, run, town } from "../store.mjs";
import { choose, keep, lang, named, t } from "../text.mjs";
import { date, figure } from "../say.mjs";

const root = document.documentElement;
const night = matchMedia("(prefers-color-scheme: dark)");
const theme = signal(root.dataset.theme || (night.matches ? "dark" : "light"));

night.addEventListener("change", (event) => {
  if (!root.dataset.theme) theme.value = event.matches ? "dark" : "light";
});

function turn() {
  theme.value = theme.value === "dark" ? "light" : "dark";
  root.dataset.theme = theme.value;
  keep("theme", theme.value);
}

function Clock() {
  if (now.value === null) return html`<div class="clock"><time class="big">--:--:--</time></div>`;
  return html`<div class="clock">
    <span class="date">${date(now.value)}</span>
    <time class="big" datetime=${new Date(now.value).toISOString()}>${hms(now.value)}</time>
  </div>`;
}

export function Header() {
  const other = lang.value === "en" ? "zh" : "en";
  const speed = run.value.speed;
  return html`<header class="top">
    <div class="brand">
      <svg class="logo" viewBox="0 0 32 32" aria-hidden="true"><rect width="32" height="32" rx="7" /><path d="M10 6h7.5a6.5 6.5 0 0 1 0 13H14v7h-4zm4 3.6v5.8h3.2a2.9 2.9 0 0 0 0-5.8z" /></svg>
      <div><h1>${named(town.value)}</h1><p>${t("page.title")}</p></div>
    </div>
    <nav class="jump" aria-label=${t("nav.label")}>
      ${["map", "lots", "alerts", "cases", "signs"].map((name) => html`<a key=${name} href=${`#${name}`}>${t(`${name}.title`)}</a>`)}
    </nav>
    <${Clock} />
    <div class="tools">
      <span class=${`lamp is-${link.value}`} role="status"><i></i>${t(`link.${link.value}`)}${speed !== 1 && html`<b>×${figure(speed)}</b>`}</span>
      <button type="button" lang=${other === "zh" ? "zh-CN" : "en"} onClick=${() => choose(other)}>${other === "zh" ? "中文" : "English"}</button>
      <button type="button" aria-label=${t("theme.turn")} title=${t("theme.turn")} onClick=${turn}>${theme.value === "dark" ? "☀" : "☾"}</button>
    </div>
  </header>`;
}

// Two bars nobody can overlook: this is not the street; this is not the present.
import { html } from "../vendor/lib.mjs";
import { hms } from "../clock.mjs";
import { LINK, link, newer, run, tickAt } from "../store.mjs";
import { t } from "../text.mjs";
import { figure } from "../say.mjs";

export function Banner() {
  const { simulated, kind, speed } = run.value;
  if (!simulated) return null;
  return html`<aside class="banner" aria-label=${t("banner.not_street")}>
    <strong>${t(`run.${kind}`)}</strong><span>${t("banner.not_street")}</span>
    <span class="speed">${t("banner.speed", { speed: figure(speed) })}</span>
  </aside>`;
}

export function LostBar() {
  const lost = link.value === LINK.LOST;
  return html`
    ${lost &&
    html`<div class="lostbar" role="alert">
      <strong>${t("lost.title")}</strong>
      <span>${tickAt.value ? t("lost.as_of", { time: hms(tickAt.value) }) : t("lost.nothing")}</span>
    </div>`}
    ${newer.value && !lost && html`<div class="newerbar"><span>${t("newer.title")}</span> <a href="">${t("newer.load")}</a></div>`}
  `;
}

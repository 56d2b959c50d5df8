// The page from top to bottom.
import { html, useEffect } from "../vendor/lib.mjs";
import { lang, named, t } from "../text.mjs";
import { run, town } from "../store.mjs";
import { Alerts } from "./alerts.mjs";
import { Banner, LostBar } from "./banner.mjs";
import { Cases } from "./cases.mjs";
import { Figures } from "./figures.mjs";
import { Header } from "./header.mjs";
import { Lots } from "./lots.mjs";
import { MapPanel } from "./mappanel.mjs";
import { Parts } from "./parts.mjs";
import { Signs } from "./signs.mjs";

export function Page() {
  const simulated = run.value.simulated;
  useEffect(() => {
    document.title = `${simulated ? `[${t(`run.${run.value.kind}`)}] ` : ""}${named(town.value)} · ${t("page.title")}`;
    document.body.classList.toggle("simulated", simulated);
  }, [simulated, lang.value, town.value]);
  return html`
    <a class="skip" href="#lots">${t("page.skip")}</a>
    <${Banner} />
    <${Header} />
    <${LostBar} />
    <main class="page">
      <${Figures} />
      <${MapPanel} />
      <${Lots} />
      <div class="todo"><${Alerts} /><${Cases} /></div>
      <${Signs} />
    </main>
    <footer class="foot">
      <p>${town.value.note}</p>
      <${Parts} />
    </footer>
  `;
}

// The live page: loads the ground once, then listens.
import { Page } from "./views/page.mjs";
import { h, render } from "./vendor/lib.mjs";
import { listen } from "./live.mjs";
import { setTown } from "./store.mjs";
import { lang, speak } from "./text.mjs";

async function ground() {
  for (;;) {
    try {
      const answer = await fetch("/api/v1/town");
      if (answer.ok) return await answer.json();
    } catch (away) {
      // The service is not up yet; ask again.
    }
    await new Promise((done) => setTimeout(done, 1000));
  }
}

async function begin() {
  const [town] = await Promise.all([ground(), speak(lang.value)]);
  setTown(town);
  const root = document.getElementById("app");
  root.textContent = "";
  render(h(Page), root);
  listen();
}

begin();

// The map with its chips, legend and the card of what is looked at.
import { effect, html, useEffect, useRef, useSignal } from "../vendor/lib.mjs";
import { chosen, lots, places, roads, signs, town } from "../store.mjs";
import { lang, named, t, word } from "../text.mjs";
import { NONE, figure, number } from "../say.mjs";
import { handle } from "../map/hands.mjs";
import { TownMap } from "../map/map.mjs";
import { coming, freshness } from "./lots.mjs";
import { Shape, StateWord } from "./shapes.mjs";
import { status } from "./signs.mjs";

const SLOW = ["moderate", "severe"];
const LEVELS = ["free", "mostly_free", "light", "moderate", "severe", "unknown"];

function pick(id) {
  chosen.value = chosen.value === id ? null : id;
}

function shownLot(lot) {
  const fresh = freshness(lot);
  const text = fresh === "gone" || lot.free === null ? (lot.state === "closed" ? word("short", "closed") : "--") : String(lot.free);
  const label = `${named(lot)} ${word("state", lot.state)} ${text} / ${lot.capacity}`;
  return [lot.id, { state: lot.state, text, name: named(lot), label, old: fresh !== "fresh", chosen: chosen.value === lot.id }];
}

function shownSign(sign) {
  const state = status(sign);
  const label = `${sign.id} ${named(sign)} · ${word("signstatus", state)}`;
  return [sign.id, { heading: sign.heading_deg, status: state, label, chosen: chosen.value === sign.id }];
}

function shownRoad(road) {
  const slow = SLOW.includes(road.level);
  return [road.id, { level: road.level, slow, text: slow ? `${short(road)} ${word("level", road.level)}` : short(road) }];
}

function short(road) {
  return named(road).split(/[(（,]/)[0].trim();
}

// Everything the map shows, told anew when any of it changes.
function follow(map) {
  return effect(() => {
    lang.value;
    map.show({
      lots: [...lots.value.values()].map(shownLot),
      signs: [...signs.value.values()].map(shownSign),
      roads: [...roads.value.values()].map(shownRoad),
    });
  });
}

function Legend() {
  return html`<div class="legend">
    ${["free", "limited", "full", "closed", "unknown"].map((state) => html`<span key=${state}><${Shape} state=${state} />${word("state", state)}</span>`)}
    <i class="gap"></i>
    ${LEVELS.map((level) => html`<span key=${level}><i class=${`swatch l-${level}`}></i>${word("level", level)}</span>`)}
    <span><i class="swatch signmark"></i>${t("map.sign")}</span>
  </div>`;
}

function Looked() {
  const id = chosen.value;
  const lot = lots.value.get(id), sign = signs.value.get(id), road = roads.value.get(id);
  if (!lot && !sign && !road) return null;
  const next = lot && coming(lot);
  return html`<aside class="looked" aria-live="polite">
    <button type="button" class="close" aria-label=${t("map.close")} onClick=${() => (chosen.value = null)}>×</button>
    <p class="line"><b>${named(lot || sign || road)}</b></p>
    ${lot && html`<p><${StateWord} state=${lot.state} /> <b class="big">${lot.free === null ? NONE : number(lot.free)}</b> / ${number(lot.capacity)}</p>`}
    ${next && html`<p>${next.main} <small>${next.band}</small></p>`}
    ${lot && places.value.get(id).price && lang.value === "zh" && html`<p><small>${places.value.get(id).price}</small></p>`}
    ${sign && html`<p>${word("signstatus", status(sign))} · <a href=${`#sign-${id}`}>${t("map.to_sign")}</a></p>`}
    ${road && html`<p>${word("level", road.level)}${road.speed_kmh !== null && html` · ${figure(road.speed_kmh)} km/h`}</p>`}
  </aside>`;
}

function Chips({ areas, looking, look }) {
  return html`<div class="chips" role="group" aria-label=${t("map.areas")}>
    <button type="button" aria-pressed=${looking === null} onClick=${() => look(null)}>${t("map.whole")}</button>
    ${areas.map((area) => html`<button key=${area.id} type="button" aria-pressed=${looking === area.id} onClick=${() => look(area.id)}>${named(area)}</button>`)}
  </div>`;
}

export function MapPanel() {
  const drawing = useRef(null), map = useRef(null);
  const looking = useSignal(null), approval = useSignal("");
  const ground = town.value;
  const look = (area) => {
    looking.value = area;
    map.current.fit(area && ground.lots.filter((lot) => lot.area === area).map((lot) => [lot.place.longitude, lot.place.latitude]));
  };
  useEffect(() => {
    const svg = drawing.current;
    map.current = new TownMap(svg, ground, { onPick: pick, name: (names) => named(names) });
    handle(svg, map.current, () => look(null));
    const watcher = new ResizeObserver(() => map.current.resize(svg.clientWidth, svg.clientHeight));
    watcher.observe(svg);
    if (ground.basemap) fetchBasemap(ground.basemap, map.current, approval);
    const stop = follow(map.current);
    return () => {
      stop();
      watcher.disconnect();
    };
  }, [ground]);
  return html`<section class="panel mappanel" id="map" aria-labelledby="map-title" tabindex="-1">
    <header><h2 id="map-title">${t("map.title")}</h2><${Chips} areas=${ground.areas} looking=${looking.value} look=${look} /></header>
    <div class="mapbox">
      <svg ref=${drawing} class="map" tabindex="0" role="application" aria-label=${t("map.label")}></svg>
      <div class="zoom">
        <button type="button" aria-label=${t("map.in")} onClick=${() => map.current.zoom(1.5)}>+</button>
        <button type="button" aria-label=${t("map.out")} onClick=${() => map.current.zoom(1 / 1.5)}>−</button>
      </div>
      <${Looked} />
      <p class="source">${t("map.schematic")}${approval.value && ` · ${t("map.approval")} ${approval.value}`}</p>
    </div>
    <${Legend} />
  </section>`;
}

async function fetchBasemap(address, map, approval) {
  const answer = await fetch(address);
  if (!answer.ok) return;
  const geojson = await answer.json();
  approval.value = geojson.approval || "";
  map.basemap(geojson);
}

// Everything the page knows, as signals; the stream alone writes here.
import { batch, computed, signal } from "./vendor/lib.mjs";
import { setClock, setZone } from "./clock.mjs";

export const town = signal(null);
export const run = signal(null);
export const places = computed(() => {
  const all = new Map();
  const ground = town.value;
  if (ground) for (const list of [ground.lots, ground.signs, ground.sections]) for (const one of list) all.set(one.id, one);
  return all;
});

export const lots = signal(new Map());
export const roads = signal(new Map());
export const signs = signal(new Map());
export const alerts = signal(new Map());
export const cases = signal(new Map());
export const parts = signal(new Map());
export const heard = signal(new Map());
export const tickAt = signal(null);
export const confirmS = signal(60);

export const LINK = { CONNECTING: "connecting", LIVE: "live", LOST: "lost" };
export const link = signal(LINK.CONNECTING);
export const newer = signal(false); // the service ships a newer page than this one
export const chosen = signal(null); // id of the lot, section or sign that is looked at

export function setTown(ground) {
  setZone(ground.timezone);
  batch(() => {
    town.value = ground;
    run.value = ground.run;
  });
}

const KINDS = { lot: [lots, "id"], road: [roads, "id"], sign: [signs, "id"], alert: [alerts, "id"], case: [cases, "no"], health: [parts, "name"] };

function byKey(list, key) {
  return new Map(list.map((one) => [one[key], one]));
}

export function applySnapshot(whole) {
  batch(() => {
    run.value = whole.run;
    newer.value = town.value !== null && whole.run.page !== town.value.run.page;
    lots.value = byKey(whole.lots, "id");
    roads.value = byKey(whole.roads, "id");
    signs.value = byKey(whole.signs, "id");
    alerts.value = byKey(whole.alerts, "id");
    cases.value = byKey(whole.cases, "no");
    parts.value = byKey(whole.parts, "name");
    confirmS.value = whole.sign_confirm_s;
    heard.value = new Map();
    applyClock(whole.clock, whole.run.speed);
  });
}

function applyClock(clock, speed) {
  tickAt.value = clock.tick_at;
  const names = Object.keys(clock.heard);
  if (names.length) {
    const next = new Map(heard.value);
    for (const name of names) next.set(name, clock.heard[name]);
    heard.value = next;
  }
  setClock(clock.at, speed);
}

// A bundle of events in their order: each map is copied once, whatever the bundle holds.
export function applyEvents(events) {
  batch(() => {
    const fresh = new Map();
    for (const { name, value } of events) {
      if (name === "snapshot") {
        fresh.clear();
        applySnapshot(value);
      } else if (name === "clock") {
        applyClock(value);
      } else {
        const [kind, key] = KINDS[name];
        if (!fresh.has(kind)) fresh.set(kind, new Map(kind.value));
        fresh.get(kind).set(value[key], value);
      }
    }
    for (const [kind, map] of fresh) kind.value = map;
  });
}

// When a source of that lot or section last gave proof of life.
export function heardAt(view) {
  const told = heard.value.get(view.id);
  return told && (!view.heard_at || told > view.heard_at) ? told : view.heard_at;
}

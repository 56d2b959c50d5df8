// The stream: opened again for ever, whatever happened to the service.
import { LINK, applyEvents, link } from "./store.mjs";

const NAMES = ["snapshot", "lot", "road", "sign", "alert", "case", "clock", "health"];
const SILENT_MS = 40000; // the service says the time at least every 15 s
const AGAIN_MS = [500, 1000, 2000, 4000];
const BUNDLE_MS = 50;

let source = null;
let tries = 0;
let heardMs = 0;
let waiting = [];
let bundling = null;

export function listen() {
  open();
  setInterval(watch, 5000);
  addEventListener("online", again);
}

function open() {
  if (source) source.close();
  source = new EventSource("/api/v1/stream");
  heardMs = performance.now();
  source.onerror = lost;
  for (const name of NAMES) source.addEventListener(name, (event) => take(name, event));
}

function take(name, event) {
  heardMs = performance.now();
  tries = 0;
  waiting.push({ name, value: JSON.parse(event.data) });
  if (bundling === null) bundling = setTimeout(flush, name === "snapshot" ? 0 : BUNDLE_MS);
}

function flush() {
  bundling = null;
  const events = waiting;
  waiting = [];
  applyEvents(events);
  link.value = LINK.LIVE;
}

// The browser comes back by itself after a broken line; after a refusal it gives up, so we do not.
function lost() {
  link.value = LINK.LOST;
  if (source.readyState === EventSource.CLOSED) {
    setTimeout(again, AGAIN_MS[Math.min(tries++, AGAIN_MS.length - 1)]);
  }
}

function again() {
  if (source.readyState === EventSource.CLOSED) open();
}

function watch() {
  if (performance.now() - heardMs > SILENT_MS) {
    link.value = LINK.LOST;
    open();
  }
}

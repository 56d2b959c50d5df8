// The street's clock: what the service said last, run on at the street's speed between two words of it.
import { signal } from "./vendor/lib.mjs";

let said = null; // {at: street ms, machine: ms of this page}
let speed = 1;
let zone = "Asia/Shanghai";

export const now = signal(null); // street ms, or null before the first word

export function setClock(at, streetSpeed) {
  said = { at: Date.parse(at), machine: performance.now() };
  if (streetSpeed) speed = streetSpeed;
  tick();
}

export function setZone(name) {
  zone = name;
  formats.clear();
}

function tick() {
  if (said) now.value = said.at + (performance.now() - said.machine) * speed;
}

setInterval(tick, 1000);

const formats = new Map();

function format(key, options) {
  if (!formats.has(key)) formats.set(key, new Intl.DateTimeFormat("zh-CN", { timeZone: zone, hourCycle: "h23", ...options }));
  return formats.get(key);
}

// 14:35
export function hm(at) {
  return format("hm", { hour: "2-digit", minute: "2-digit" }).format(new Date(at));
}

// 14:35:09
export function hms(at) {
  return format("hms", { hour: "2-digit", minute: "2-digit", second: "2-digit" }).format(new Date(at));
}

export function dateParts(at) {
  const parts = format("date", { year: "numeric", month: "numeric", day: "numeric" }).formatToParts(new Date(at));
  const of = (type) => Number(parts.find((part) => part.type === type).value);
  const date = { year: of("year"), month: of("month"), day: of("day") };
  return { ...date, weekday: new Date(Date.UTC(date.year, date.month - 1, date.day)).getUTCDay() };
}

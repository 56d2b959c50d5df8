// Times and numbers in words.
import { dateParts, hm, now } from "./clock.mjs";
import { html } from "./vendor/lib.mjs";
import { lang, t } from "./text.mjs";

export const NONE = "—";

const whole = { zh: new Intl.NumberFormat("zh-CN"), en: new Intl.NumberFormat("en-GB") };

export function number(value) {
  return value === null || value === undefined ? NONE : whole[lang.value].format(value);
}

// At most three significant figures: 0.214, 7.9, 217
export function figure(value) {
  return Math.abs(value) >= 100 ? number(Math.round(value)) : String(Number(value.toPrecision(3)));
}

// 45 s, 12 min, 3 h 20 min, 2 d 4 h
export function span(seconds) {
  const s = Math.max(0, Math.round(seconds));
  if (s < 60) return t("span.s", { s });
  if (s < 3600) return t("span.min", { min: Math.floor(s / 60) });
  const hours = Math.floor(s / 3600);
  if (hours < 24) return t("span.h", { h: hours, min: Math.floor((s % 3600) / 60) });
  return t("span.d", { d: Math.floor(hours / 24), h: hours % 24 });
}

export function date(at) {
  const parts = dateParts(at);
  return t("clock.date", { ...parts, month2: t(`month.${parts.month}`), weekday: t(`weekday.${parts.weekday}`) });
}

// 14:35 today, else with the day before it
export function when(at) {
  const day = dateParts(at);
  const today = now.value === null ? day : dateParts(now.value);
  const same = day.day === today.day && day.month === today.month && day.year === today.year;
  return same ? hm(at) : t("clock.day_time", { month: day.month, month2: t(`month.${day.month}`), day: day.day, time: hm(at) });
}

export function ageOf(at) {
  return at === null || at === undefined || now.value === null ? null : Math.max(0, (now.value - Date.parse(at)) / 1000);
}

// An age that grows by itself.
export function Age({ at }) {
  const age = ageOf(at);
  return age === null ? html`<span class="age">${NONE}</span>` : html`<span class="age">${t("age", { span: span(age) })}</span>`;
}

// Numbers that a rule looked at, each by its name.
export function Numbers({ of }) {
  const known = Object.keys(of);
  if (!known.length) return null;
  return html`<dl class="numbers">
    ${known.map((key) => {
      const name = t(`number.${key}`);
      return html`<div key=${key}><dt>${name === `number.${key}` ? key : name}</dt><dd>${figure(of[key])}</dd></div>`;
    })}
  </dl>`;
}

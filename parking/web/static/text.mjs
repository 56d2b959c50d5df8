// Words. Two catalogues with the same keys; a code that neither knows is shown as itself.
import { signal } from "./vendor/lib.mjs";

export const lang = signal(document.documentElement.lang === "en" ? "en" : "zh");
const words = signal({});

export function keep(name, value) {
  try { localStorage.setItem(name, value); } catch (refused) { return false; }
  return true;
}

export async function speak(language) {
  const answer = await fetch(new URL(`./text/${language}.json`, import.meta.url));
  if (!answer.ok) throw new Error(`no catalogue ${language}: ${answer.status}`);
  words.value = await answer.json();
  lang.value = language;
  document.documentElement.lang = language === "en" ? "en" : "zh-CN";
}

export function choose(language) {
  keep("lang", language);
  const address = new URL(location.href);
  address.searchParams.set("lang", language);
  history.replaceState(null, "", address);
  return speak(language);
}

// t("figure.late_more", {n: 3}): the text of that key with its gaps filled.
export function t(key, gaps) {
  const text = words.value[key];
  if (text === undefined) return key;
  return gaps ? text.replace(/\{(\w+)\}/g, (whole, name) => (name in gaps ? gaps[name] : whole)) : text;
}

// word("state", "full"): the text of a code, or the code itself.
export function word(group, code) {
  const text = words.value[`${group}.${code}`];
  return text === undefined ? String(code) : text;
}

export function has(key) {
  return words.value[key] !== undefined;
}

// The name of a thing in the language of the page.
export function named(thing, field = "name") {
  if (!thing) return "";
  return (lang.value === "en" && thing[`${field}_en`]) || thing[field] || "";
}

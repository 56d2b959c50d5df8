// What changes: lots, signs, names of slow roads. Marks have one size whatever the zoom, and step aside for each other.
import { SHAPES, el, say, set, widthOf } from "./draw.mjs";
import { spread } from "./spread.mjs";

const NAMES_FROM = 0.085; // pixels in a metre from which every lot bears its name
const MOST_TAGS = 40; // names of roads at a time: more cannot be read
const SIGNS_FROM = 0.02; // below it there is room for lots only, and for signs that are wrong
const RIGHT = ["confirmed", "waiting"];
const LEADER_FROM = 12;
const SMALL = 11;

export class Marks {
  constructor(layer, leaders, onPick) {
    this.layer = layer;
    this.leaders = leaders;
    this.onPick = onPick;
    this.all = new Map();
  }

  // kind: lot, sign or road; place in metres
  add(kind, id, place) {
    const group = el("g", { class: `mark m-${kind}`, "data-id": id }, this.layer);
    const dot = el("circle", { class: "dot", r: 2.4 }, this.leaders);
    const leader = el("path", { class: "leader" }, this.leaders);
    const mark = { kind, id, place, group, leader, dot, title: el("title", {}, group) };
    if (kind === "lot") this.drawLot(mark);
    if (kind === "sign") this.drawSign(mark);
    if (kind === "road") this.drawRoad(mark);
    if (kind !== "road") this.pickable(mark);
    this.all.set(id, mark);
  }

  pickable(mark) {
    set(mark.group, { tabindex: 0, role: "button" });
    mark.group.addEventListener("click", () => this.onPick(mark.id));
    mark.group.addEventListener("keydown", (event) => {
      if (event.key !== "Enter" && event.key !== " ") return;
      event.preventDefault();
      this.onPick(mark.id);
    });
  }

  drawLot(mark) {
    mark.box = el("rect", { class: "pill", rx: 11, height: 22, y: -11 }, mark.group);
    mark.shape = el("path", { class: "glyph" }, mark.group);
    mark.number = el("text", { class: "number", y: 4.5 }, mark.group);
    mark.name = el("text", { class: "lotname", y: 23 }, mark.group);
  }

  drawSign(mark) {
    el("rect", { class: "board", x: -9, y: -9, width: 18, height: 18, rx: 4 }, mark.group);
    mark.needle = el("path", { class: "needle", d: "M0-6 4.2 4.6 0 2.4-4.2 4.6Z" }, mark.group);
  }

  drawRoad(mark) {
    mark.box = el("rect", { class: "tag", rx: 3, height: 17, y: -8.5 }, mark.group);
    mark.name = el("text", { class: "tagname", y: 3.8 }, mark.group);
  }

  // lot: {state, text, name, label, old}
  lot(id, shown) {
    const mark = this.all.get(id);
    if (!mark) return;
    mark.shown = shown;
    set(mark.group, { class: `mark m-lot is-${shown.state} ${shown.old ? "is-old" : ""} ${shown.chosen ? "is-chosen" : ""}`, "aria-label": shown.label });
    say(mark.title, shown.label);
    const width = Math.max(46, 28 + widthOf(shown.text, 13));
    set(mark.box, { x: -width / 2, width });
    set(mark.shape, { d: SHAPES[shown.state] || SHAPES.unknown, transform: `translate(${12 - width / 2} 0)` });
    set(mark.number, { x: 9 });
    say(mark.number, shown.text);
    mark.width = width;
  }

  // sign: {heading, status, label}
  sign(id, shown) {
    const mark = this.all.get(id);
    if (!mark) return;
    mark.shown = shown;
    set(mark.group, { class: `mark m-sign is-${shown.status} ${shown.chosen ? "is-chosen" : ""}`, "aria-label": shown.label });
    set(mark.needle, { transform: `rotate(${shown.heading})` });
    say(mark.title, shown.label);
  }

  // road: {level, text, slow}
  road(id, shown) {
    const mark = this.all.get(id);
    if (!mark) return;
    mark.shown = shown;
    set(mark.group, { class: `mark m-road l-${shown.level}` });
    say(mark.name, shown.text);
    mark.width = widthOf(shown.text, SMALL) + 10;
    set(mark.box, { x: -mark.width / 2, width: mark.width });
  }

  // Puts every mark; gives the boxes they take, in pixels.
  place(view) {
    const named = view.k >= NAMES_FROM;
    const boxes = [];
    let tags = 0;
    for (const mark of this.all.values()) {
      const [ax, ay] = view.at(mark.place);
      const inside = ax > -20 && ay > -20 && ax < view.w + 20 && ay < view.h + 20;
      const seen = Boolean(mark.shown) && inside && this.fits(mark, view.k) && (mark.kind !== "road" || tags++ < MOST_TAGS);
      for (const part of [mark.group, mark.leader, mark.dot]) set(part, { visibility: seen ? "visible" : "hidden" });
      if (seen) boxes.push(this.boxOf(mark, ax, ay, named));
    }
    spread(boxes, view.w, view.h);
    for (const box of boxes) this.put(box);
    return boxes;
  }

  fits({ kind, shown }, k) {
    if (kind === "road") return shown.slow || k >= NAMES_FROM;
    return kind === "lot" || k >= SIGNS_FROM || shown.chosen || !RIGHT.includes(shown.status);
  }

  boxOf(mark, ax, ay, named) {
    if (mark.kind === "sign") return { mark, ax, ay, w: 19, h: 19, lift: 0 };
    if (mark.kind === "road") return { mark, ax, ay, w: mark.width, h: 17, lift: 0 };
    const name = named || mark.shown.chosen ? mark.shown.name : "";
    say(mark.name, name);
    return { mark, ax, ay, w: Math.max(mark.width, widthOf(name, SMALL)), h: name ? 38 : 22, lift: name ? -8 : 0 };
  }

  put({ mark, x, y, ax, ay, lift }) {
    set(mark.group, { transform: `translate(${x.toFixed(1)} ${(y + lift).toFixed(1)})` });
    const far = Math.hypot(x - ax, y - ay) > LEADER_FROM;
    set(mark.leader, { d: far ? `M${ax.toFixed(1)} ${ay.toFixed(1)}L${x.toFixed(1)} ${(y + lift).toFixed(1)}` : "" });
    set(mark.dot, { cx: ax.toFixed(1), cy: ay.toFixed(1), visibility: far ? "visible" : "hidden" });
  }
}

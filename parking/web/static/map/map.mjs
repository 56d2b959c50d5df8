// The map behind a small interface: ground once, marks as they change, and where to look. Knows nothing of the page.
import { el } from "./draw.mjs";
import { Ground } from "./ground.mjs";
import { Marks } from "./marks.mjs";
import { bounds, projection } from "./project.mjs";

const PAD = 46;
const FARTHEST = 0.6; // share of the whole town's scale one may zoom out to
const NEAREST = 2; // pixels in a metre

export class TownMap {
  constructor(svg, town, { onPick, name }) {
    this.svg = svg;
    this.name = name;
    const points = [
      ...[...town.lots, ...town.signs].map((one) => [one.place.longitude, one.place.latitude]),
      ...town.sections.flatMap((one) => one.line),
    ];
    this.project = projection(points);
    this.whole = bounds(points.map(this.project));
    this.view = { x: 0, y: 0, k: 0.03, w: 1, h: 1, at: ([x, y]) => this.pixel(x, y) };
    const ground = el("g", { class: "ground" }, svg), names = el("g", { class: "names" }, svg);
    const leaders = el("g", { class: "leaders" }, svg), marks = el("g", { class: "marks" }, svg);
    this.ground = new Ground(ground, names, this.project);
    this.marks = new Marks(marks, leaders, onPick);
    this.populate(town);
    this.box = this.whole;
  }

  populate(town) {
    for (const section of town.sections) {
      this.ground.section(section);
      this.marks.add("road", section.id, this.ground.roads.get(section.id).middle);
    }
    for (const sign of town.signs) this.marks.add("sign", sign.id, this.project([sign.place.longitude, sign.place.latitude]));
    for (const lot of town.lots) this.marks.add("lot", lot.id, this.project([lot.place.longitude, lot.place.latitude]));
  }

  pixel(x, y) {
    const { view } = this;
    return [(x - view.x) * view.k + view.w / 2, (y - view.y) * view.k + view.h / 2];
  }

  basemap(geojson) {
    this.ground.basemap(geojson);
    this.redraw();
  }

  // One bundle of changes: {lots: [[id, shown]], signs: …, roads: …}
  show({ lots = [], signs = [], roads = [] }) {
    for (const [id, shown] of roads) {
      this.ground.level(id, shown.level);
      this.marks.road(id, shown);
    }
    for (const [id, shown] of signs) this.marks.sign(id, shown);
    for (const [id, shown] of lots) this.marks.lot(id, shown);
    this.redraw();
  }

  resize(width, height) {
    this.view.w = width;
    this.view.h = height;
    this.fitBox();
  }

  // Look at these places (WGS-84), or at the whole town.
  fit(places) {
    this.box = places && places.length ? bounds(places.map(this.project)) : this.whole;
    this.fitBox();
  }

  fitBox() {
    const { view, box } = this;
    const width = Math.max(box[2] - box[0], 500), height = Math.max(box[3] - box[1], 300);
    view.k = Math.min(NEAREST, (view.w - 2 * PAD) / width, (view.h - 2 * PAD) / height);
    view.x = (box[0] + box[2]) / 2;
    view.y = (box[1] + box[3]) / 2;
    this.redraw();
  }

  zoom(factor, [px, py] = [this.view.w / 2, this.view.h / 2]) {
    const { view, whole } = this;
    const least = (FARTHEST * view.w) / (whole[2] - whole[0]);
    const k = Math.max(least, Math.min(NEAREST, view.k * factor));
    view.x += (px - view.w / 2) * (1 / view.k - 1 / k);
    view.y += (py - view.h / 2) * (1 / view.k - 1 / k);
    view.k = k;
    this.redraw();
  }

  pan(dx, dy) {
    this.view.x -= dx / this.view.k;
    this.view.y -= dy / this.view.k;
    this.redraw();
  }

  redraw() {
    if (this.waiting) return;
    this.waiting = true;
    requestAnimationFrame(() => {
      this.waiting = false;
      this.ground.place(this.view, this.name);
      this.ground.makeWay(this.marks.place(this.view));
    });
  }
}

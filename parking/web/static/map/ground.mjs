// What stands still: water, other roads, the sections. Drawn once in metres; a single transform moves it all.
import { el, line, say, set, widthOf } from "./draw.mjs";

export class Ground {
  constructor(layer, names, project) {
    this.layer = layer;
    this.project = project;
    this.water = el("g", { class: "water" }, layer);
    this.others = el("g", { class: "others" }, layer);
    this.casings = el("g", { class: "casings" }, layer);
    this.sections = el("g", { class: "sections" }, layer);
    this.names = names;
    this.roads = new Map();
    this.labels = [];
  }

  basemap(geojson) {
    for (const feature of geojson.features) this.feature(feature.geometry, feature.properties || {});
  }

  feature(geometry, properties) {
    const { kind, width_m: width } = properties;
    if (geometry.type === "Polygon") {
      const d = geometry.coordinates.map((ring) => `${line(ring.map(this.project))}Z`).join("");
      el("path", { class: `area k-${kind}`, d }, this.water);
      if (properties.name) this.label(this.middleOf(geometry.coordinates[0]), properties, "waterName");
    } else if (geometry.type === "LineString" && kind === "stream") {
      const points = geometry.coordinates.map(this.project);
      el("path", { class: "stream", d: line(points), "stroke-width": width || 60 }, this.water);
      this.label(points[points.length >> 1], properties, "waterName");
    } else if (geometry.type === "LineString" && !properties.section) {
      el("path", { class: `other k-${kind}`, d: line(geometry.coordinates.map(this.project)) }, this.others);
    } else if (geometry.type === "Point") {
      this.label(this.project(geometry.coordinates), properties, "quarterName");
    }
  }

  middleOf(ring) {
    const upper = ring.slice(0, ring.length >> 1);
    const [x, y] = this.project(upper[upper.length >> 1]);
    return [x, y + 260];
  }

  label(place, names, kind) {
    if (!names.name) return;
    this.labels.push({ place, names, text: el("text", { class: kind }, this.names) });
  }

  section(section) {
    const points = section.line.map(this.project);
    el("path", { class: "casing", d: line(points) }, this.casings);
    const path = el("path", { class: "road l-unknown", d: line(points), "data-section": section.id }, this.sections);
    this.roads.set(section.id, { path, middle: middle(points) });
  }

  level(id, level) {
    const road = this.roads.get(id);
    if (road) set(road.path, { class: `road l-${level}` });
  }

  place(view, name) {
    set(this.layer, { transform: `translate(${view.w / 2 - view.x * view.k} ${view.h / 2 - view.y * view.k}) scale(${view.k})` });
    for (const { place, names, text } of this.labels) {
      const [x, y] = view.at(place);
      set(text, { x: x.toFixed(1), y: y.toFixed(1) });
      say(text, name(names));
    }
  }

  // A name under a mark helps nobody.
  makeWay(boxes) {
    for (const { text } of this.labels) {
      const x = Number(text.getAttribute("x")), y = Number(text.getAttribute("y"));
      const half = widthOf(text.textContent, 16) / 2;
      const covered = boxes.some((box) => Math.abs(box.x - x) < box.w / 2 + half && Math.abs(box.y - (y - 4)) < box.h / 2 + 8);
      set(text, { visibility: covered ? "hidden" : "visible" });
    }
  }
}

// The point halfway along a line.
function middle(points) {
  const lengths = points.slice(1).map(([x, y], i) => Math.hypot(x - points[i][0], y - points[i][1]));
  let rest = lengths.reduce((sum, one) => sum + one, 0) / 2;
  for (let i = 0; i < lengths.length; i++) {
    if (rest <= lengths[i]) {
      const share = lengths[i] ? rest / lengths[i] : 0;
      return [points[i][0] + (points[i + 1][0] - points[i][0]) * share, points[i][1] + (points[i + 1][1] - points[i][1]) * share];
    }
    rest -= lengths[i];
  }
  return points[0];
}

// SVG elements, and the shapes of marks.
const SVG = "http://www.w3.org/2000/svg";

export function el(name, attributes, parent) {
  const made = document.createElementNS(SVG, name);
  for (const key of Object.keys(attributes || {})) made.setAttribute(key, attributes[key]);
  if (parent) parent.append(made);
  return made;
}

export function set(element, attributes) {
  for (const key of Object.keys(attributes)) {
    const value = String(attributes[key]);
    if (element.getAttribute(key) !== value) element.setAttribute(key, value);
  }
}

export function say(element, text) {
  if (element.textContent !== text) element.textContent = text;
}

// Shapes of the states, centred on 0,0; the same as on the list.
export const SHAPES = {
  free: "M-5 0a5 5 0 1 0 10 0a5 5 0 1 0-10 0Z",
  limited: "M0-5.6 6 5H-6Z",
  full: "M-5-5H5V5H-5Z",
  closed: "M-3.4-5.6 0-2.2 3.4-5.6 5.6-3.4 2.2 0 5.6 3.4 3.4 5.6 0 2.2-3.4 5.6-5.6 3.4-2.2 0-5.6-3.4Z",
  unknown: "M-4.6 0a4.6 4.6 0 1 0 9.2 0a4.6 4.6 0 1 0-9.2 0Z",
};

// Width of a text in pixels at a font size, near enough for placing it: Han characters are square.
export function widthOf(text, size) {
  let units = 0;
  for (const letter of text) units += letter.charCodeAt(0) > 0x2e7f ? 1 : 0.58;
  return units * size;
}

export function line(points) {
  return points.map(([x, y], i) => `${i ? "L" : "M"}${x.toFixed(1)} ${y.toFixed(1)}`).join("");
}

// Marks that would cover each other step aside; the same marks always end in the same places.
const ROUNDS = 160;
const GAP = 4;
const HOME = 0.03; // share of the way back to its own place in each round

// boxes: {ax, ay} the true place, {w, h} size; gives each {x, y}, its middle, inside width × height.
export function spread(boxes, width, height) {
  boxes.forEach((box, i) => {
    box.x = box.ax + (i % 3) - 1;
    box.y = box.ay + (i % 2);
  });
  for (let round = 0; round < ROUNDS; round++) {
    const moved = pushApart(boxes);
    for (const box of boxes) {
      if (moved && round < ROUNDS - 40) {
        box.x += (box.ax - box.x) * HOME;
        box.y += (box.ay - box.y) * HOME;
      }
      box.x = Math.max(box.w / 2 + 2, Math.min(width - box.w / 2 - 2, box.x));
      box.y = Math.max(box.h / 2 + 2, Math.min(height - box.h / 2 - 2, box.y));
    }
    if (!moved) return;
  }
}

function pushApart(boxes) {
  let moved = false;
  for (let i = 0; i < boxes.length; i++) {
    for (let j = i + 1; j < boxes.length; j++) {
      const a = boxes[i], b = boxes[j];
      const dx = b.x - a.x, dy = b.y - a.y;
      const overX = (a.w + b.w) / 2 + GAP - Math.abs(dx), overY = (a.h + b.h) / 2 + GAP - Math.abs(dy);
      if (overX <= 0 || overY <= 0) continue;
      moved = true;
      if (overX < overY) {
        const step = (dx < 0 ? -overX : overX) / 2;
        a.x -= step;
        b.x += step;
      } else {
        const step = (dy < 0 ? -overY : overY) / 2;
        a.y -= step;
        b.y += step;
      }
    }
  }
  return moved;
}

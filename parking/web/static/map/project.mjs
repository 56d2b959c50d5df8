// WGS-84 degrees to metres east and south of a middle: equirectangular, good to decimetres within a county.
const METRES_PER_DEGREE = 111195;

export function projection(points) {
  const [west, south, east, north] = bounds(points);
  const lon0 = (west + east) / 2, lat0 = (south + north) / 2;
  const shrink = Math.cos((lat0 * Math.PI) / 180);
  return ([longitude, latitude]) => [(longitude - lon0) * shrink * METRES_PER_DEGREE, (lat0 - latitude) * METRES_PER_DEGREE];
}

// [least x, least y, greatest x, greatest y]
export function bounds(points) {
  const box = [Infinity, Infinity, -Infinity, -Infinity];
  for (const [x, y] of points) {
    box[0] = Math.min(box[0], x);
    box[1] = Math.min(box[1], y);
    box[2] = Math.max(box[2], x);
    box[3] = Math.max(box[3], y);
  }
  return box;
}

/* Polygons: a click (or Space at the crosshair) sets a point; Enter, a double click or the first point again closes. */

import { around } from "@mh/app/geometry";
import { t } from "@mh/app/i18n";
import { drawHandles, drawShapes } from "@mh/surfaces/paint";
import { Handling } from "@mh/tools/handling";

const CLOSE = 10; // px on screen from the first point

export class PolygonTool {
  draws = true;
  #points = [];
  #now = null;

  constructor(desk) {
    this.desk = desk;
    this.handling = new Handling(desk);
  }

  get busy() {
    return this.#points.length > 0;
  }

  get hint() {
    if (!this.busy) return t("Click along the outline; Enter or a double click closes it.");
    return t(["{n} point. Enter closes the outline, Backspace takes the last one back.", "{n} points. Enter closes the outline, Backspace takes the last one back."], { n: this.#points.length });
  }

  down(point) {
    if (!this.busy) this.handling.grab(point);
    return true;
  }

  move(point, event) {
    if (this.handling.active) return this.handling.drag(point);
    this.#now = this.desk.picture.clamped(point);
    if (event) this.desk.picture.aim(this.busy ? null : point); // the line shows the way; the keyboard needs the crosshair all the same
    this.desk.picture.redraw("live");
    return undefined;
  }

  up(point, event, { cancelled }) {
    if (this.handling.active) {
      if (cancelled) this.handling.cancel();
      else this.handling.drop();
      return;
    }
    if (cancelled) return;
    const hit = this.desk.hits(point)[0];
    if (hit && !this.busy && !event.shiftKey) this.desk.select(hit.id);
    else this.place(point);
  }

  place(point) {
    if (!this.busy) this.desk.select(null);
    const [first] = this.#points;
    const near = first && Math.hypot(first[0] - point[0], first[1] - point[1]) * this.desk.picture.view.scale < CLOSE;
    if (near && this.#points.length > 2) return this.finish();
    this.#points.push(this.desk.picture.clamped(point));
    this.#now = this.#points.at(-1);
    this.desk.told(this.hint);
    return undefined;
  }

  doubled() {
    this.finish();
  }

  finish() {
    const points = withoutTwins(this.#points);
    const least = Math.max(3, this.desk.config.min_points ?? 3);
    if (points.length < least) {
      this.desk.told(t("This outline needs at least {n} points.", { n: least }));
      return;
    }
    this.#points = [];
    this.desk.create("polygon", { points });
  }

  back() {
    this.#points.pop();
    this.desk.told(this.hint);
    this.desk.picture.redraw("live");
  }

  cancel() {
    this.handling.cancel();
    this.#points = [];
    this.desk.picture.redraw("live");
  }

  leave() {
    this.desk.picture.aim(null);
  }

  draw(context, scene) {
    this.handling.draw(context, scene);
    if (!this.busy) return;
    const look = this.desk.look();
    const points = [...this.#points, this.#now];
    drawShapes(context, [{ ...look, shape: "polygon", points, box: around(points), state: "" }], scene);
    drawHandles(context, this.#points.map((at) => ({ at, kind: "point" })), scene, look.slot);
  }
}

/** Without points on top of the one before: a double click sets two. */
function withoutTwins(points) {
  return points.filter(([x, y], at) => !at || Math.hypot(x - points[at - 1][0], y - points[at - 1][1]) > 0.5);
}

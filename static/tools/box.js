/* Boxes: pulled from corner to corner, or set by clicking (or Space at the crosshair) on the outermost points of the thing: four of them,
   or two and Enter. */

import { around } from "@mh/app/geometry";
import { t } from "@mh/app/i18n";
import { drawHandles, drawShapes } from "@mh/surfaces/paint";
import { Handling } from "@mh/tools/handling";

const POINTS = 4;

export class BoxTool {
  draws = true;
  #start = null;
  #now = null;
  #points = [];

  constructor(desk) {
    this.desk = desk;
    this.handling = new Handling(desk);
  }

  get busy() {
    return this.#points.length > 0 || this.#start !== null;
  }

  /** What to do next, in words. */
  get hint() {
    if (!this.#points.length) return t("Drag a box from corner to corner, or click the four outermost points of the thing.");
    return t("Outermost points: {n} of 4. Enter makes the box from two or three.", { n: this.#points.length });
  }

  down(point) {
    if (!this.#points.length && this.handling.grab(point)) return true;
    this.#start = this.desk.picture.clamped(point);
    return true;
  }

  move(point) {
    if (this.handling.active) return this.handling.drag(point);
    this.#now = this.desk.picture.clamped(point);
    this.desk.picture.aim(point);
    return undefined;
  }

  up(point, event, { clicked, cancelled }) {
    if (this.handling.active) {
      if (cancelled) this.handling.cancel();
      else this.handling.drop();
      return;
    }
    const start = this.#start;
    this.#start = null;
    if (cancelled || !start) return;
    if (clicked) this.#clicked(start, event);
    else this.#make([start, this.desk.picture.clamped(point)]);
  }

  #clicked(point, event) {
    const hit = this.desk.hits(point)[0];
    if (hit && !this.#points.length && !event.shiftKey) this.desk.select(hit.id);
    else this.place(point);
  }

  place(point) {
    this.desk.select(null);
    this.#points.push(this.desk.picture.clamped(point));
    this.#now = this.#points.at(-1);
    if (this.#points.length === POINTS) this.finish();
    else this.desk.told(this.hint);
  }

  finish() {
    if (this.#points.length >= 2) this.#make(this.#points);
  }

  back() {
    this.#points.pop();
    this.desk.told(this.hint);
  }

  cancel() {
    this.handling.cancel();
    this.#points = [];
    this.#start = null;
    this.desk.picture.redraw("live");
  }

  leave() {
    this.desk.picture.aim(null);
  }

  #make(points) {
    const box = around(points);
    this.#points = [];
    const least = Math.max(this.desk.config.min_size ?? 0, 2 / this.desk.picture.view.scale);
    if (Math.min(box[2], box[3]) < least) this.desk.told(t("That was too small for a box."));
    else this.desk.create("box", { bbox: box });
  }

  draw(context, scene) {
    this.handling.draw(context, scene);
    const points = this.#start ? [this.#start, this.#now ?? this.#start] : this.#points.length ? [...this.#points, this.#now] : [];
    if (points.length < 2) return;
    const box = around(points);
    const look = this.desk.look();
    drawShapes(context, [{ ...look, shape: "box", bbox: box, box, state: "" }], scene);
    drawHandles(context, this.#points.map((at) => ({ at, kind: "point" })), scene, look.slot);
  }
}

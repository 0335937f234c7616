/* The pointer: selects shapes, moves them, pulls their handles; beside them it moves the picture. */

import { Handling, moved } from "@mh/tools/handling";

export class SelectTool {
  draws = false;
  busy = false;
  #before = null; // what was selected when the button went down

  constructor(desk) {
    this.desk = desk;
    this.handling = new Handling(desk);
  }

  down(point) {
    this.desk.picture.aim(null);
    if (this.handling.grab(point)) {
      this.#before = null;
      return true;
    }
    const hits = this.desk.hits(point);
    this.#before = this.desk.selected()?.id ?? null;
    if (!hits.length) {
      this.desk.select(null);
      return false;
    }
    if (!hits.some(({ id }) => id === this.#before)) this.desk.select(hits[0].id);
    this.handling.hold(point);
    return true;
  }

  move(point, event) {
    if (this.handling.active) this.handling.drag(point);
    else if (event) this.desk.hover(this.desk.hits(point)[0]?.id ?? null);
  }

  up(point, _event, { clicked, cancelled }) {
    if (cancelled || clicked) this.handling.cancel();
    else this.handling.drop();
    if (clicked && this.#before) this.#next(point);
  }

  /** A click on what is selected already goes on to what lies under it. */
  #next(point) {
    const hits = this.desk.hits(point);
    const at = hits.findIndex(({ id }) => id === this.#before);
    if (at !== -1 && hits.length > 1) this.desk.select(hits[(at + 1) % hits.length].id);
  }

  nudge(x, y) {
    const shape = this.desk.selected();
    if (!shape) return false;
    this.desk.change(shape.id, moved(shape, [x, y], this.desk.picture.size), { merge: `nudge ${shape.id}` });
    return true;
  }

  place(point) {
    this.desk.select(this.desk.hits(point)[0]?.id ?? null);
  }

  cancel() {
    this.handling.cancel();
  }

  leave() {
    this.desk.hover(null);
  }

  draw(context, scene) {
    this.handling.draw(context, scene);
  }
}

/* What tools work on: one picture of a regions editor, and the marks that lie on it. */

import { isDrawable } from "@mh/app/regions";

export class Desk {
  point = 0; // the point of the selected polygon that the number fields show

  /** `item`: key of the picture in its field; null for a single picture. */
  constructor(editor, picture, item) {
    Object.assign(this, { editor, picture, item, config: editor.config });
  }

  /** The look of what is being drawn: {slot, dash, tag, title}. */
  look() {
    return this.editor.lookOf(this.editor.current);
  }

  /** The selected mark of this picture, with what is being done to it; null if there is none or nothing may be changed. */
  selected() {
    const { chosen, given } = this.editor;
    return chosen && isDrawable(chosen) && !given.readonly && this.editor.isOn(chosen, this.item) ? { ...this.editor.drawn(chosen), ...this.previewed } : null;
  }

  /** Our marks at a place of the picture, the smallest first. */
  hits(point) {
    return this.picture.hit(point).filter(({ layer }) => this.editor.isOwn(layer));
  }

  /** Show the selected mark with another geometry, without changing the answer; null ends it. */
  preview(geometry) {
    this.previewed = geometry;
    this.editor.paintSelected();
  }

  change(id, geometry, options) {
    this.previewed = null;
    this.editor.reshape(id, geometry, options);
  }

  create(shape, geometry) {
    this.editor.create(shape, geometry, this.item);
  }

  select(id) {
    this.point = 0;
    this.editor.select(id);
  }

  hover(id) {
    this.editor.hover(id);
  }

  told(words) {
    this.editor.told(words);
  }
}

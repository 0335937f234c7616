/* A small picture of the whole, with what is seen of it: shown once the view is enlarged beyond twice. */

import { make } from "@mh/app/layout";

const WIDTH = 132; // px
const FROM = 2; // times the fitting scale

export class Minimap {
  element = make("canvas", "raster__map", "", { "aria-hidden": "true" });

  constructor(picture) {
    this.picture = picture;
    this.element.hidden = true;
    this.element.addEventListener("pointerdown", (event) => {
      event.stopPropagation();
      this.#go(event);
    });
  }

  /** Bring it up to date. */
  draw() {
    const { view, fitting, size, image, frame } = this.picture;
    this.element.hidden = view.scale < fitting * FROM;
    if (this.element.hidden) return;
    const scale = WIDTH / Math.max(...size);
    const [width, height] = size.map((each) => Math.round(each * scale));
    if (this.element.width !== width || this.element.height !== height) Object.assign(this.element, { width, height });
    const context = this.element.getContext("2d");
    context.drawImage(image, 0, 0, width, height);
    const seen = [-view.x, -view.y, frame.clientWidth, frame.clientHeight].map((each) => (each / view.scale) * scale);
    for (const [style, line] of [["rgb(0 0 0 / 0.8)", 4], ["#ffffff", 2]]) {
      context.strokeStyle = style;
      context.lineWidth = line;
      context.strokeRect(...seen);
    }
  }

  #go({ offsetX, offsetY }) {
    const { view, size, frame } = this.picture;
    const scale = WIDTH / Math.max(...size);
    const [x, y] = [offsetX / scale, offsetY / scale];
    this.picture.pan(frame.clientWidth / 2 - x * view.scale - view.x, frame.clientHeight / 2 - y * view.scale - view.y);
  }
}

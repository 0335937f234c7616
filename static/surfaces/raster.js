/* Pictures that can be looked at closely and drawn on. A RasterSurface holds one picture, or one per item of a field.

     surface.pictures                                        Map of item key (null for a single picture) -> Picture; grows by `add`
     picture.paint(layer, shapes)                            [{id, shape, bbox | points, angle, holes, slot, dash, tag, title, state}]
     picture.use(tool)                                       what the pointer does; see static/tools
     picture.fit() · zoomAt(factor, x, y) · reveal(box) · hit(point) · toImage(x, y) · size

   Three canvases: the picture, all shapes at rest, and what is in hand. Places are pixels of the source picture.
   Events: `surface:picture` {key, picture} of the surface, `surface:focus` of a picture. `state` of a shape: "" · selected · hovered · muted. */

import { around } from "@mh/app/geometry";
import { t } from "@mh/app/i18n";
import { make } from "@mh/app/layout";
import { Grid, outline } from "@mh/surfaces/grid";
import { drawCross, drawShapes, palette } from "@mh/surfaces/paint";
import { Minimap } from "@mh/surfaces/minimap";
import { Pointer } from "@mh/surfaces/pointer";
import { toolbar } from "@mh/surfaces/raster-bar";

const REACH = 6; // px on screen from where a line can be taken hold of
const STEP = 1.25;
const MOST = 40; // times the source

export class RasterSurface extends EventTarget {
  pictures = new Map();

  add(key, picture) {
    this.pictures.set(key, picture);
    this.dispatchEvent(new CustomEvent("surface:picture", { detail: { key, picture } }));
  }

  /** Bring a place into view: {item?, bbox}. */
  reveal({ item = null, bbox }) {
    this.pictures.get(item)?.reveal(bbox);
  }

  zoomBy(direction) {
    for (const picture of this.pictures.values()) picture.zoomAt(STEP ** direction);
  }
}

export class Picture extends EventTarget {
  element = make("div", "raster");
  tool = null;
  cross = null; // where the crosshair is, in pixels of the picture
  view = { scale: 1, x: 0, y: 0 };
  #layers = new Map();
  #grid = null;
  #due = new Set();
  #frame = null;
  #fitted = true;
  #colours = null;

  /** `image`: decoded; `size`: of the source; `grid`: lines every so many pixels; `pixelated`: enlarged without smoothing. */
  constructor({ image, size, label, grid = null, pixelated = false, signal }) {
    super();
    Object.assign(this, { image, size, grid, pixelated, signal });
    this.canvases = ["picture", "shapes", "live"].map((name) => make("canvas", `raster__${name}`));
    this.frame = make("div", "raster__frame", "", { role: "img", "aria-label": label });
    this.frame.append(...this.canvases);
    this.minimap = new Minimap(this);
    this.frame.append(this.minimap.element);
    this.element.append(this.frame, toolbar(this));
    this.element.style.setProperty("--ratio", String(size[0] / size[1]));
    new Pointer(this);
    this.#watch();
  }

  #watch() {
    const observer = new ResizeObserver(() => this.#resized());
    observer.observe(this.frame);
    const recolour = () => {
      this.#colours = null;
      this.redraw("shapes", "live");
    };
    const theme = new MutationObserver(recolour);
    theme.observe(document.documentElement, { attributeFilter: ["data-theme"] });
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", recolour, { signal: this.signal });
    this.signal.addEventListener("abort", () => {
      observer.disconnect();
      theme.disconnect();
      cancelAnimationFrame(this.#frame);
    });
  }

  /** Make it focusable, for drawing. */
  enable(label) {
    for (const [name, value] of Object.entries({ tabindex: 0, role: "application", "aria-label": label })) this.frame.setAttribute(name, value);
  }

  // --- what is seen of the picture ---------------------------------------------------------------------------------------

  get ratio() {
    return Math.max(1, Math.min(3, devicePixelRatio));
  }

  #resized() {
    const { clientWidth: width, clientHeight: height } = this.frame;
    if (!width || !height) return;
    for (const canvas of this.canvases) {
      canvas.width = Math.round(width * this.ratio);
      canvas.height = Math.round(height * this.ratio);
    }
    if (this.#fitted) this.fit();
    else this.#clamp();
    this.#drawNow();
  }

  /** The scale at which the whole picture is seen. */
  get fitting() {
    const { clientWidth: width, clientHeight: height } = this.frame;
    return Math.min(width / this.size[0], height / this.size[1]) || 1;
  }

  /** Show the whole picture. */
  fit() {
    this.view.scale = this.fitting;
    this.#fitted = true;
    this.#clamp();
  }

  /** Zoom about a place of the frame, its middle if none is given. */
  zoomAt(factor, x = this.frame.clientWidth / 2, y = this.frame.clientHeight / 2) {
    const { view } = this;
    const scale = Math.min(Math.max(MOST, this.fitting), Math.max(this.fitting, view.scale * factor));
    const [imageX, imageY] = this.toImage(x, y);
    Object.assign(view, { scale, x: x - imageX * scale, y: y - imageY * scale });
    this.#fitted = scale <= this.fitting * 1.001;
    this.#clamp();
  }

  /** Move the picture by pixels of the screen. */
  pan(x, y) {
    this.view.x += x;
    this.view.y += y;
    this.#clamp();
  }

  /** Nothing of the frame stays empty that the picture could fill. */
  #clamp() {
    const room = [this.frame.clientWidth, this.frame.clientHeight];
    for (const [axis, name] of ["x", "y"].entries()) {
      const length = this.size[axis] * this.view.scale;
      const slack = room[axis] - length;
      this.view[name] = slack >= 0 ? slack / 2 : Math.min(0, Math.max(slack, this.view[name]));
    }
    this.redraw("picture", "shapes", "live");
    this.dispatchEvent(new CustomEvent("surface:view"));
  }

  /** Bring a box into view; zoom out if it is larger than what is seen. */
  reveal([x, y, width, height]) {
    const { view, frame } = this;
    const most = Math.min(frame.clientWidth / (width || 1), frame.clientHeight / (height || 1));
    if (view.scale > most) view.scale = Math.max(this.fitting, most * 0.8);
    const seen = [-view.x, -view.y, frame.clientWidth, frame.clientHeight].map((each) => each / view.scale);
    const within = x >= seen[0] && y >= seen[1] && x + width <= seen[0] + seen[2] && y + height <= seen[1] + seen[3];
    if (!within) {
      view.x = frame.clientWidth / 2 - (x + width / 2) * view.scale;
      view.y = frame.clientHeight / 2 - (y + height / 2) * view.scale;
    }
    this.#clamp();
    frame.scrollIntoView({ block: "nearest" });
  }

  /** The place of the picture at a place of the frame. */
  toImage(x, y) {
    return [(x - this.view.x) / this.view.scale, (y - this.view.y) / this.view.scale];
  }

  /** The place of the frame at a place of the picture. */
  toFrame([x, y]) {
    return [x * this.view.scale + this.view.x, y * this.view.scale + this.view.y];
  }

  /** A place moved onto the picture. */
  clamped([x, y]) {
    return [Math.min(Math.max(x, 0), this.size[0]), Math.min(Math.max(y, 0), this.size[1])];
  }

  /** Put the crosshair somewhere, or away with null. */
  aim(point) {
    this.cross = point && this.clamped(point);
    this.redraw("live");
  }

  // --- shapes ------------------------------------------------------------------------------------------------------------

  /** Show these shapes on a layer in place of its former ones. */
  paint(layer, shapes) {
    const former = this.#layers.get(layer) ?? [];
    this.#layers.set(layer, shapes.map((shape) => ({ ...shape, layer, box: around(outline(shape)) })));
    this.#grid = null;
    const rests = ({ state }) => state !== "selected";
    this.redraw("live", ...(former.some(rests) || shapes.some(rests) ? ["shapes"] : []));
  }

  get shapes() {
    return [...this.#layers.values()].flat();
  }

  /** Shapes at a place of the picture, the smallest first. */
  hit(point) {
    this.#grid ??= new Grid(this.shapes, this.size);
    return this.#grid.at(point, this.reach);
  }

  /** How near is near, in pixels of the picture. */
  get reach() {
    return REACH / this.view.scale;
  }

  /** Hand the pointer to a tool; null leaves it to moving the picture. */
  use(tool) {
    this.tool?.cancel?.();
    Object.assign(this, { tool, cross: tool?.draws ? this.cross : null });
    this.frame.classList.toggle("is-drawn-on", Boolean(tool?.draws));
    this.redraw("live");
  }

  // --- drawing -----------------------------------------------------------------------------------------------------------

  /** Draw these canvases with the next frame: picture, shapes, live. */
  redraw(...names) {
    for (const name of names) this.#due.add(name);
    this.#frame ??= requestAnimationFrame(() => this.#drawNow());
  }

  #drawNow() {
    cancelAnimationFrame(this.#frame);
    this.#frame = null;
    if (!this.element.isConnected) return; // off the page there is no size and are no colours; being put on it draws again
    const names = ["picture", "shapes", "live"];
    for (const [at, name] of names.entries()) {
      if (!this.#due.has(name) || !this.canvases[at].width) continue;
      const context = this.canvases[at].getContext("2d");
      context.setTransform(1, 0, 0, 1, 0, 0);
      context.clearRect(0, 0, context.canvas.width, context.canvas.height);
      this[`draw_${name}`](context);
    }
    this.#due.clear();
    this.minimap.draw();
  }

  /** What drawing needs to know. */
  get scene() {
    this.#colours ??= palette(this.element);
    return { view: this.view, ratio: this.ratio, colours: this.#colours };
  }

  draw_picture(context) {
    const { view, ratio, size } = this;
    context.imageSmoothingEnabled = !this.pixelated || view.scale < 1;
    context.imageSmoothingQuality = "medium";
    context.setTransform(ratio, 0, 0, ratio, 0, 0);
    context.drawImage(this.image, view.x, view.y, size[0] * view.scale, size[1] * view.scale);
    if (this.grid) this.#drawGrid(context);
  }

  #drawGrid(context) {
    const path = new Path2D();
    const [[left, top], [right, bottom]] = [this.toFrame([0, 0]), this.toFrame(this.size)];
    for (let x = this.grid; x < this.size[0]; x += this.grid) path.rect(this.toFrame([x, 0])[0], top, 0, bottom - top);
    for (let y = this.grid; y < this.size[1]; y += this.grid) path.rect(left, this.toFrame([0, y])[1], right - left, 0);
    context.strokeStyle = "rgb(127 127 127 / 0.5)";
    context.lineWidth = 1;
    context.stroke(path);
  }

  draw_shapes(context) {
    drawShapes(context, this.shapes.filter(({ state }) => state !== "selected"), this.scene);
  }

  draw_live(context) {
    drawShapes(context, this.shapes.filter(({ state }) => state === "selected"), this.scene);
    this.tool?.draw?.(context, this.scene);
    if (this.cross) drawCross(context, this.toFrame(this.cross), this.ratio);
  }

  /** Words for the crosshair's place. */
  get where() {
    return this.cross ? t("{x}, {y}", { x: Math.round(this.cross[0]), y: Math.round(this.cross[1]) }) : "";
  }
}

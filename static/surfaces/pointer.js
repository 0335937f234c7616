/* Mouse, pen, fingers and keys on a picture: what moves the picture is done here, the rest goes to the picture's tool.

   A tool: {draws, down(point, event) -> takes it?, move(point, event), up(point, event), place(point), nudge(x, y) -> done?, draw(context, scene)}.
   Wheel zooms where the picture has the keyboard (with Ctrl always); Space held, the middle button or two fingers move the picture.
   Arrow keys move the crosshair, Space sets a point there. */

const STEP = 10; // with Shift
const CLICK = 4; // px that a click may wander
const ARROWS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };

export class Pointer {
  #fingers = new Map();
  #mode = null; // pan · tool
  #space = null; // null · held · used
  #from = null;

  constructor(picture) {
    this.picture = picture;
    const { frame, signal } = picture;
    const on = (type, run, options = {}) => frame.addEventListener(type, run.bind(this), { signal, ...options });
    on("pointerdown", this.#down);
    on("pointermove", this.#move);
    on("pointerup", this.#up);
    on("pointercancel", this.#up);
    on("pointerleave", this.#leave);
    on("wheel", this.#wheel, { passive: false });
    on("keydown", this.#key);
    on("keyup", this.#keyUp);
    on("blur", () => (this.#space = null));
    on("focus", () => picture.dispatchEvent(new CustomEvent("surface:focus")));
    on("dblclick", (event) => picture.tool?.doubled?.());
    on("contextmenu", (event) => this.#mode && event.preventDefault());
  }

  #place(event) {
    const box = this.picture.frame.getBoundingClientRect();
    return [event.clientX - box.left, event.clientY - box.top];
  }

  #point(event) {
    return this.picture.toImage(...this.#place(event));
  }

  #down(event) {
    const { picture } = this;
    picture.frame.setPointerCapture(event.pointerId);
    this.#fingers.set(event.pointerId, this.#place(event));
    this.#from = this.#place(event);
    if (this.#fingers.size === 2) {
      picture.tool?.cancel?.();
      this.#mode = "pan";
      return;
    }
    const moving = event.button === 1 || this.#space || !picture.tool;
    this.#mode = !moving && event.button === 0 && picture.tool.down(this.#point(event), event) !== false ? "tool" : "pan";
    if (this.#mode === "pan" && this.#space) this.#space = "used";
    picture.frame.classList.toggle("is-moving", this.#mode === "pan");
  }

  #move(event) {
    const { picture } = this;
    const before = this.#fingers.get(event.pointerId);
    const now = this.#place(event);
    if (before) this.#fingers.set(event.pointerId, now);
    if (this.#mode === "pan" && before) this.#pan(event, before, now);
    else if (picture.tool) picture.tool.move?.(this.#point(event), event);
  }

  #pan(event, before, now) {
    const { picture } = this;
    picture.pan((now[0] - before[0]) / this.#fingers.size, (now[1] - before[1]) / this.#fingers.size);
    if (this.#fingers.size !== 2) return;
    const other = [...this.#fingers].find(([id]) => id !== event.pointerId)[1];
    const apart = (place) => Math.hypot(place[0] - other[0], place[1] - other[1]);
    picture.zoomAt(apart(now) / (apart(before) || 1), (now[0] + other[0]) / 2, (now[1] + other[1]) / 2);
  }

  #up(event) {
    const { picture } = this;
    if (!this.#fingers.delete(event.pointerId)) return;
    if (this.#mode === "tool") {
      const clicked = Math.hypot(...this.#place(event).map((each, axis) => each - this.#from[axis])) < CLICK;
      picture.tool?.up?.(this.#point(event), event, { clicked, cancelled: event.type === "pointercancel" });
    }
    if (!this.#fingers.size) this.#mode = null;
    picture.frame.classList.remove("is-moving");
  }

  #leave() {
    if (!this.#mode) this.picture.tool?.leave?.();
  }

  #wheel(event) {
    const { picture } = this;
    if (!event.ctrlKey && document.activeElement !== picture.frame) return; // else nobody could scroll past a picture
    event.preventDefault();
    picture.zoomAt(Math.exp(-event.deltaY * (event.ctrlKey ? 0.01 : 0.002)), ...this.#place(event));
  }

  // --- keys --------------------------------------------------------------------------------------------------------------

  #key(event) {
    if (event.isComposing || event.altKey || event.metaKey) return;
    if (event.code === "Space") {
      event.preventDefault();
      this.#space ??= "held";
      return;
    }
    const way = ARROWS[event.key];
    if (!way) return;
    event.preventDefault();
    if (event.ctrlKey) this.picture.pan(-40 * way[0], -40 * way[1]);
    else this.#nudge(way.map((each) => each * (event.shiftKey ? STEP : 1)));
  }

  #nudge(by) {
    const { picture } = this;
    if (!picture.tool || picture.tool.nudge?.(...by)) return;
    const middle = picture.toImage(picture.frame.clientWidth / 2, picture.frame.clientHeight / 2).map(Math.round);
    const from = picture.cross ?? middle;
    picture.aim([from[0] + by[0], from[1] + by[1]]);
    picture.tool.move?.(picture.cross, null);
  }

  #keyUp(event) {
    if (event.code !== "Space") return;
    const { picture } = this;
    if (this.#space === "held" && picture.cross) picture.tool?.place?.(picture.cross);
    this.#space = null;
  }
}

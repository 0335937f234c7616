/* A recording on a line of time: heard by a native element, drawn as the wave that the server knows (never decoded here), with stretches
   on it whose ends can be pulled.

     surface.duration · position · playing · speed · play(from, to) · pause() · toggle() · seek(seconds) · faster(±1) · zoomBy(±1)
     surface.paint(ranges)      [{id, start, end, slot, title, state}]; `state`: "" · selected · playing; `fixed`: its ends stay
     surface.reveal({start})

   Events: `surface:time` {position, playing}, `surface:pick` {id, at} for a click, `surface:range` {id, edge, at, done} while an end is pulled. */

import { announce } from "@mh/app/a11y";
import { t } from "@mh/app/i18n";
import { make } from "@mh/app/layout";
import { clock } from "@mh/app/segment-words";
import { waveOf } from "@mh/surfaces/wave";
import { icon } from "@mh/ui/icon";

const SPEEDS = [0.5, 0.75, 1, 1.25, 1.5, 2];
const BACK_S = 3;
const PATIENCE_MS = 4000;
const NEAR_S = 0.05; // how far the element may be from where it should be
const [ZOOM, MOST_ZOOM] = [2, 64];

let heard = null; // only one recording is heard at a time

export class TimeSurface extends EventTarget {
  element = make("div", "sound");
  duration = 0;
  speed = 1;
  #audio = new Audio();
  #at = 0;
  #until = Infinity;
  #zoom = 1;
  #ranges = new Map(); // id -> element

  /** `seconds`: if they are known; `peaks`: address of the wave. It can be heard once it is `ready`. */
  constructor({ source, seconds, peaks, label, signal }) {
    super();
    Object.assign(this, { label, signal, duration: seconds ?? 0 });
    this.#build();
    this.#listen();
    this.#audio.preload = "auto";
    this.#audio.src = source;
    if (peaks) this.#draw(peaks).catch(() => {}); // a plain line does as well
  }

  /** Resolves when the recording can be heard, or after a while where a browser fetches nothing before a tap; rejects where it cannot. */
  ready() {
    if (this.#audio.readyState > 0) return Promise.resolve();
    return new Promise((resolve, reject) => {
      this.#audio.addEventListener("loadedmetadata", () => resolve(), { once: true, signal: this.signal });
      this.#audio.addEventListener("error", () => reject(this.#audio.error), { once: true, signal: this.signal });
      this.signal.addEventListener("abort", () => resolve(), { once: true });
      setTimeout(resolve, PATIENCE_MS);
      if (this.#audio.error) reject(this.#audio.error);
    });
  }

  /** Try to fetch it again. */
  reload() {
    this.#audio.load();
    return this.ready();
  }

  get position() {
    return this.#at;
  }

  get playing() {
    return !this.#audio.paused;
  }

  /** Play from here, or a stretch of it. */
  play(from = this.#at, to = Infinity) {
    const start = from >= this.duration - NEAR_S ? 0 : from;
    this.#until = to;
    this.#at = start;
    if (Math.abs(this.#audio.currentTime - start) > NEAR_S || to < Infinity) this.#audio.currentTime = start;
    if (heard !== this) heard?.pause();
    heard = this;
    this.#audio.play().catch(() => this.#tell()); // stopped before it began
  }

  pause() {
    this.#audio.pause();
  }

  toggle() {
    if (this.playing) this.pause();
    else this.play();
  }

  seek(seconds) {
    this.#at = Math.min(Math.max(0, seconds), this.duration);
    this.#until = Infinity;
    this.#audio.currentTime = this.#at;
    this.#tell();
  }

  back() {
    this.seek(this.#at - BACK_S);
  }

  /** The next speed up or down. */
  faster(by) {
    this.#setSpeed(SPEEDS[Math.min(SPEEDS.length - 1, Math.max(0, SPEEDS.indexOf(this.speed) + by))]);
    announce(t("Speed: {n} times", { n: this.speed }));
  }

  #setSpeed(speed) {
    this.speed = this.#audio.playbackRate = speed;
    this.speeds.value = String(speed);
  }

  dispose() {
    this.pause();
    this.#audio.removeAttribute("src");
    this.#audio.load();
    if (heard === this) heard = null;
  }

  // --- how it looks ------------------------------------------------------------------------------------------------------

  #build() {
    this.frame = make("div", "sound__frame", "", { role: "group", "aria-label": this.label, tabindex: "0" });
    this.track = make("div", "sound__track");
    this.head = make("div", "sound__head");
    this.track.append(waveOf(null), this.head);
    this.frame.append(this.track);
    this.button = make("button", "button button--icon", "", { type: "button" });
    this.button.addEventListener("click", () => this.toggle());
    const back = make("button", "button", t("−{n} s", { n: BACK_S }), { type: "button", title: t("Back {n} seconds", { n: BACK_S }) });
    back.addEventListener("click", () => this.back());
    this.speeds = make("select", "sound__speed", "", { "aria-label": t("Speed") });
    this.speeds.append(...SPEEDS.map((speed) => make("option", "", `${speed}×`, { value: String(speed) })));
    this.speeds.value = "1";
    this.speeds.addEventListener("change", () => this.#setSpeed(Number(this.speeds.value)));
    this.time = make("span", "sound__time num");
    const bar = make("div", "sound__bar");
    bar.append(this.button, back, this.time, this.speeds);
    this.element.append(this.frame, bar);
    this.#show();
  }

  async #draw(address) {
    const answer = await fetch(address, { signal: this.signal });
    if (answer.ok) this.track.firstChild.replaceWith(waveOf(new Int8Array(await answer.arrayBuffer())));
  }

  #listen() {
    const on = (type, run) => this.#audio.addEventListener(type, run, { signal: this.signal });
    on("loadedmetadata", () => {
      if (!this.duration && Number.isFinite(this.#audio.duration)) this.duration = this.#audio.duration;
      this.#audio.playbackRate = this.speed;
      this.#show();
    });
    on("play", () => this.#follow());
    on("pause", () => this.#tell());
    on("ended", () => this.#tell());
    this.track.addEventListener("pointerdown", (event) => this.#press(event));
  }

  /** Once per frame while it is heard. */
  #follow() {
    if (!this.playing || this.signal.aborted) return;
    this.#at = Math.min(this.#audio.currentTime, this.#until, this.duration || Infinity);
    if (this.#at >= this.#until) this.pause();
    this.#tell();
    requestAnimationFrame(() => this.#follow());
  }

  #tell() {
    this.#show();
    this.dispatchEvent(new CustomEvent("surface:time", { detail: { position: this.#at, playing: this.playing } }));
  }

  #show() {
    const { playing } = this;
    const words = playing ? t("Pause") : t("Play");
    if (this.button.title !== words) {
      this.button.title = words;
      this.button.setAttribute("aria-label", words);
      this.button.replaceChildren(icon(playing ? "pause" : "play"));
    }
    this.time.textContent = `${clock(this.#at)} / ${clock(this.duration)}`;
    this.head.style.setProperty("--at", this.#share(this.#at));
    if (playing && this.#zoom > 1) this.#bring(this.#at);
  }

  #share(seconds) {
    return this.duration ? String(Math.min(1, Math.max(0, seconds / this.duration))) : "0";
  }

  zoomBy(direction) {
    this.#zoom = Math.min(MOST_ZOOM, Math.max(1, this.#zoom * ZOOM ** direction));
    this.track.style.setProperty("--zoom", String(this.#zoom));
    this.#bring(this.#at, true);
  }

  reveal({ start }) {
    this.seek(start);
    this.#bring(start, true);
  }

  /** Scroll a place into the frame. */
  #bring(seconds, middle = false) {
    const [wide, seen] = [this.track.clientWidth, this.frame.clientWidth];
    const at = Number(this.#share(seconds)) * wide;
    const { scrollLeft } = this.frame;
    if (middle || at < scrollLeft || at > scrollLeft + seen) this.frame.scrollLeft = at - seen / (middle ? 2 : 8);
  }

  /** Draw these stretches and no others. */
  paint(ranges) {
    const ids = new Set(ranges.map(({ id }) => id));
    for (const [id, node] of this.#ranges) {
      if (ids.has(id)) continue;
      node.remove();
      this.#ranges.delete(id);
    }
    for (const range of ranges) this.#paintOne(range);
  }

  #paintOne({ id, start, end, slot, title, state = "", fixed = false }) {
    const node = this.#ranges.get(id) ?? this.#range(id, fixed);
    node.style.setProperty("--from", this.#share(start));
    node.style.setProperty("--to", this.#share(end));
    node.dataset.labelSlot = slot;
    node.dataset.state = state;
    node.title = title;
    node.firstChild.textContent = title;
  }

  #range(id, fixed) {
    const node = make("div", "sound__range", "", { "data-id": id, "aria-hidden": "true" });
    node.append(make("span", "sound__name"));
    if (!fixed) node.append(...["start", "end"].map((edge) => make("span", "sound__edge", "", { "data-edge": edge })));
    this.#ranges.set(id, node);
    this.track.append(node);
    return node;
  }

  // --- the pointer -------------------------------------------------------------------------------------------------------

  #press(event) {
    if (event.button !== 0 || !this.duration) return;
    const id = event.target.closest(".sound__range")?.dataset.id;
    const { edge } = event.target.dataset;
    if (edge) return this.#pull(event, id, edge);
    this.seek(this.#secondsAt(event));
    this.dispatchEvent(new CustomEvent("surface:pick", { detail: { id, at: this.#at } }));
  }

  #pull(event, id, edge) {
    event.preventDefault();
    const say = (at, done) => this.dispatchEvent(new CustomEvent("surface:range", { detail: { id, edge, at, done } }));
    const abort = new AbortController();
    this.track.setPointerCapture(event.pointerId);
    this.track.addEventListener("pointermove", (move) => say(this.#secondsAt(move), false), { signal: abort.signal });
    for (const type of ["pointerup", "pointercancel"]) {
      this.track.addEventListener(
        type,
        (end) => {
          abort.abort();
          say(this.#secondsAt(end), true);
        },
        { signal: abort.signal },
      );
    }
  }

  #secondsAt({ clientX }) {
    const { left, width } = this.track.getBoundingClientRect();
    return Math.min(1, Math.max(0, (clientX - left) / width)) * this.duration;
  }
}

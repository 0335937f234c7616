/* What every viewer is unless it says otherwise: without items, without a surface, with nothing to stop. */

export class Viewer extends HTMLElement {
  /** Decode what is slow to show; it never counts as seen. */
  static async prefetch() {}

  /** [{key, label, element, slot}]: what questions asked per item, and answers, refer to. */
  items() {
    return [];
  }

  /** What marks are made on, or null. */
  surface() {
    return null;
  }

  /** Bring an item into view. */
  focusItem(key) {
    const item = this.items().find((each) => each.key === key);
    item?.element.scrollIntoView({ block: "nearest" });
  }

  /** Bring a place into view: {item?, start?, end?, bbox?}. */
  reveal({ item, ...place }) {
    if (item !== undefined) this.focusItem(item);
    this.surface()?.reveal({ key: item ?? "", item: item ?? null, ...place });
  }

  suspend() {}

  dispose() {
    this.replaceChildren();
  }
}

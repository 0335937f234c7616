/* Menus are <details class="menu">: they work without scripts. With them they close on Escape, on a click elsewhere and
   when the focus leaves, and arrow keys walk through them. */

const ITEMS = "a[href], button:not(:disabled), input:not(:disabled)";

/** Make every menu of the page behave. */
export function watchMenus(root = document) {
  root.addEventListener("click", (event) => closeOthers(event.target));
  root.addEventListener("focusin", (event) => closeOthers(event.target));
  root.addEventListener("keydown", onKey);
}

function closeOthers(target) {
  for (const menu of document.querySelectorAll("details.menu[open]")) {
    if (!menu.contains(target)) menu.open = false;
  }
}

function onKey(event) {
  const menu = event.target.closest?.("details.menu");
  if (!menu) return;
  if (event.key === "Escape" && menu.open) {
    menu.open = false;
    menu.querySelector("summary").focus();
    event.stopPropagation();
  } else if (event.key === "ArrowDown" || event.key === "ArrowUp") {
    if (event.target.matches("input:not([type=radio], [type=checkbox]), textarea, select")) return;
    step(menu, event.key === "ArrowDown" ? 1 : -1);
    event.preventDefault();
  }
}

function step(menu, by) {
  menu.open = true;
  const items = [...menu.querySelectorAll(`:scope > :not(summary) :is(${ITEMS}), :scope > :is(${ITEMS})`)].filter((item) => item.type !== "hidden");
  const now = items.indexOf(document.activeElement);
  const next = now === -1 ? (by > 0 ? 0 : items.length - 1) : (now + by + items.length) % items.length;
  items[next]?.focus();
}

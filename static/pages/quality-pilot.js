/* The pilot: the point that is chosen in the table stands out in the picture. */

import "@mh/app/page";

const form = document.getElementById("pilot");
const dots = document.querySelectorAll(".trade__point");

form?.addEventListener("change", ({ target }) => {
  const row = target.closest("tr");
  const place = [...row.parentNode.children].indexOf(row);
  dots.forEach((dot, index) => dot.classList.toggle("is-chosen", index === place));
});

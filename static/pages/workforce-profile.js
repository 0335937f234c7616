/* The profile: countries in the page's language, and rows of languages that can be added. */

import { locale } from "@mh/app/i18n";

for (const select of document.querySelectorAll("select[data-countries]")) nameCountries(select);
for (const rows of document.querySelectorAll("[data-rows]")) growing(rows);

/** The server knows the English names; the browser knows them in every language. */
function nameCountries(select) {
  const names = new Intl.DisplayNames(locale(), { type: "region" });
  const options = [...select.options].filter((option) => option.value);
  for (const option of options) option.textContent = names.of(option.value);
  const order = new Intl.Collator(locale());
  select.append(...options.sort((one, other) => order.compare(one.textContent, other.textContent)));
}

function growing(rows) {
  const add = rows.querySelector("[data-rows-add]");
  const list = rows.querySelector("[data-rows-list]");
  const template = rows.querySelector("[data-rows-template]");
  const total = rows.querySelector('input[name$="TOTAL_FORMS"]');
  const most = Number(rows.querySelector('input[name$="MAX_NUM_FORMS"]').value);
  const show = () => (add.hidden = Number(total.value) >= most);
  add.addEventListener("click", () => {
    const row = template.content.firstElementChild.cloneNode(true);
    for (const element of row.querySelectorAll("[id], [for], [name]")) {
      for (const name of ["id", "for", "name"]) {
        if (element.hasAttribute(name)) element.setAttribute(name, element.getAttribute(name).replace("__prefix__", total.value));
      }
    }
    total.value = Number(total.value) + 1;
    list.append(row);
    row.querySelector("select").focus();
    show();
  });
  show();
}

/* The small bar under a picture: how large, how bright, crosshair. */

import { number, t } from "@mh/app/i18n";
import { make } from "@mh/app/layout";
import { icon } from "@mh/ui/icon";

const STEP = 1.5;

/** The bar of a picture. */
export function toolbar(picture) {
  const bar = make("div", "raster__bar", "", { role: "group", "aria-label": t("View") });
  const scale = make("output", "raster__scale num");
  bar.append(
    button("zoom-out", t("Smaller"), () => picture.zoomAt(1 / STEP)),
    scale,
    button("zoom-in", t("Larger"), () => picture.zoomAt(STEP)),
    button("fit", t("Whole picture"), () => picture.fit()),
    brightness(picture),
  );
  picture.addEventListener("surface:view", () => {
    scale.textContent = `${number(Math.round(picture.view.scale * 100))} %`;
  });
  return bar;
}

function button(name, title, run) {
  const element = make("button", "button button--quiet button--icon button--small", "", { type: "button", title, "aria-label": title });
  element.append(icon(name));
  element.addEventListener("click", run);
  return element;
}

/** Brightness and contrast of what is shown; the picture itself stays as it is. */
function brightness(picture) {
  const label = make("label", "raster__light");
  const range = make("input", "", "", { type: "range", min: "40", max: "220", value: "100", "aria-label": t("Brightness") });
  label.append(icon("sun"), range);
  range.addEventListener("input", () => picture.frame.style.setProperty("--light", `${range.value}%`));
  range.addEventListener("dblclick", () => {
    range.value = "100";
    picture.frame.style.setProperty("--light", "100%");
  });
  return label;
}

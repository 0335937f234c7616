/* The settings of a project: what its price comes to. */

import { watchEstimate } from "@mh/app/pay-estimate";

const form = document.querySelector("main form");
if (form) watchEstimate(form);

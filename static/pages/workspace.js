/* Entry of the workspace page. */

import { bind } from "@mh/app/actions";
import { Workspace } from "@mh/app/host";
import { prefs } from "@mh/app/prefs";
import { wire } from "@mh/app/wiring";

const data = JSON.parse(document.getElementById("workspace-data").textContent);
if (prefs().theme) document.documentElement.dataset.theme = prefs().theme;
const workspace = new Workspace(data);
wire(workspace);
bind(workspace);
workspace.start();

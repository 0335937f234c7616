/* Entry of the workspace page. */

import { bind } from "@mh/app/actions";
import { Workspace } from "@mh/app/host";
import { watchPanels } from "@mh/app/panels";
import { wire } from "@mh/app/wiring";

const data = JSON.parse(document.getElementById("workspace-data").textContent);
const workspace = new Workspace(data);
wire(workspace);
bind(workspace);
watchPanels(workspace.view.part.frame);
workspace.start();

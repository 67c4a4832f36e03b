import * as vscode from "vscode";
import type { Berth } from "../berth";
import { attachedUri } from "../sessions/attached";
import { pickSession } from "../sessions/pick";
import { isContained } from "../sessions/states";
import { confirmDanger } from "./confirm";
import type { Target } from "./target";

/** The extension that opens windows in containers. */
const DEV_CONTAINERS = "ms-vscode-remote.remote-containers";

/** Opens a new window in a session's container, where Dev Containers is installed. */
export async function attachWindow(berth: Berth, target: Target): Promise<void> {
  if (!vscode.extensions.getExtension(DEV_CONTAINERS)) {
    await offerDevContainers();
    return;
  }
  const refusal = vscode.l10n.t("No agent runs in a container here. Start one first.");
  const info = await pickSession(berth, target, { fits: isContained, refusal });
  if (info?.container && (await confirmAttach(info.name))) {
    const uri = vscode.Uri.parse(attachedUri(info.container, info.workspaceFolder), true);
    await vscode.commands.executeCommand("vscode.openFolder", uri, { forceNewWindow: true });
  }
}

function confirmAttach(name: string): Promise<boolean> {
  return confirmDanger(
    vscode.l10n.t("Open a window in the container of {0}?", name),
    vscode.l10n.t(
      "Dev Containers puts VS Code's own server into the container, and forwards your Git credentials and your SSH agent to it: while that window is open, the agent can use them, too.",
    ),
    { no: vscode.l10n.t("Stay Here"), yes: vscode.l10n.t("Open Window") },
  );
}

async function offerDevContainers(): Promise<void> {
  const look = vscode.l10n.t("Show Extension");
  const message = vscode.l10n.t("A window in a container takes the extension Dev Containers, which is not installed.");
  if ((await vscode.window.showInformationMessage(message, look)) === look) {
    await vscode.commands.executeCommand("extension.open", DEV_CONTAINERS);
  }
}

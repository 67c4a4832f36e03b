import * as vscode from "vscode";
import type { Berth } from "../berth";
import type { ToggleResult } from "../generated/protocol";
import { readFailure } from "../server/failure";
import { confirmDanger } from "./confirm";
import { pickFolder } from "./pick-folder";
import { isTrusted } from "./trusted";

type Mode = ToggleResult["mode"];

/** Without an engine no container can be planned, so where these are told it was to be a container. */
const OF_ENGINE = ["engine-unreachable", "engine-permission"];

/** Switches where the agents of a folder run from the next start on. Out of the container only after a plain warning. */
export async function toggleMode(berth: Berth): Promise<void> {
  if (!isTrusted()) {
    return;
  }
  const folder = await pickFolder();
  if (!folder) {
    return;
  }
  const mode: Mode = (await modeOf(berth, folder.uri.fsPath)) === "container" ? "host" : "container";
  if (mode === "container" || (await confirmHost(folder.name))) {
    await berth.server.run("agent.toggle", { workspaceFolder: folder.uri.fsPath, mode });
    void vscode.window.showInformationMessage(
      mode === "host"
        ? vscode.l10n.t("Agents of {0} run on this machine from the next start on, without a container.", folder.name)
        : vscode.l10n.t("Agents of {0} run in a container from the next start on.", folder.name),
    );
  }
}

async function modeOf(berth: Berth, workspaceFolder: string): Promise<Mode> {
  try {
    return (await berth.server.run("agent.plan", { workspaceFolder })).mode;
  } catch (error) {
    if (OF_ENGINE.includes(readFailure(error).kind)) {
      return "container";
    }
    throw error;
  }
}

function confirmHost(folder: string): Promise<boolean> {
  return confirmDanger(
    vscode.l10n.t("Run the agents of {0} on this machine, without a container?", folder),
    vscode.l10n.t(
      "An agent on this machine can do whatever you can: read your files, use your keys and logins, change or delete anything, and reach every host. Nothing keeps it in this folder. Sessions that run already stay as they are.",
    ),
    { no: vscode.l10n.t("Stay in the Container"), yes: vscode.l10n.t("Run on This Machine") },
  );
}

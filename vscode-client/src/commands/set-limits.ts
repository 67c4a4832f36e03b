import * as vscode from "vscode";
import type { Berth } from "../berth";
import { pickSession } from "../sessions/pick";
import { isContained } from "../sessions/states";
import type { Target } from "./target";

interface Limit extends vscode.QuickPickItem {
  key: "memory" | "cpus" | "pids";
  example: string;
}

/** Gives a running session another limit. */
export async function setLimits(berth: Berth, target: Target): Promise<void> {
  const refusal = vscode.l10n.t("No agent runs in a container here. Start one first.");
  const info = await pickSession(berth, target, { fits: isContained, refusal });
  const placeHolder = vscode.l10n.t("Which limit is to be changed?");
  const limit = info && (await vscode.window.showQuickPick(limits(), { placeHolder }));
  const value = limit && (await vscode.window.showInputBox({ title: limit.label, placeHolder: limit.example }));
  if (!info || !limit || !value?.trim()) {
    return;
  }
  const given = limit.key === "pids" ? Number(value) : value.trim();
  const { notes } = await berth.server.run("agent.setLimits", { session: info.id, [limit.key]: given });
  if (notes.length > 0) {
    void vscode.window.showInformationMessage(notes.join(" "));
  }
}

function limits(): Limit[] {
  return [
    { key: "memory", label: vscode.l10n.t("Memory"), example: "4g" },
    { key: "cpus", label: vscode.l10n.t("CPUs"), example: "1.5" },
    { key: "pids", label: vscode.l10n.t("Processes and Threads"), example: "512" },
  ];
}

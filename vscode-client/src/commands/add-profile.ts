import * as vscode from "vscode";
import type { Berth } from "../berth";
import type { ProfileInfo, TemplateInfo } from "../generated/protocol";
import { openWritten } from "../profiles/open";
import { freeName, nameProblem, templateRows } from "../profiles/rows";
import { pickFolder } from "./pick-folder";
import { isTrusted } from "./trusted";

/** Copies a template into the settings under a name of one's own, and opens it there. */
export async function addProfile(berth: Berth): Promise<void> {
  const folder = isTrusted() ? await pickFolder() : undefined;
  if (!folder) {
    return;
  }
  const workspaceFolder = folder.uri.fsPath;
  const { profiles, templates } = await berth.server.run("agent.profiles", { workspaceFolder });
  const template = await pickTemplate(templates);
  const name = template && (await askName(template, profiles));
  if (template && name) {
    const added = await berth.server.run("agent.addProfile", { workspaceFolder, name, template: template.name });
    await openWritten(added.file, name);
  }
}

async function pickTemplate(templates: readonly TemplateInfo[]): Promise<TemplateInfo | undefined> {
  const options = { placeHolder: vscode.l10n.t("Which template?"), matchOnDetail: true };
  return (await vscode.window.showQuickPick(templateRows(templates), options))?.template;
}

function askName(template: TemplateInfo, taken: readonly ProfileInfo[]): Thenable<string | undefined> {
  return vscode.window.showInputBox({
    title: vscode.l10n.t("What is the profile to be called?"),
    value: freeName(template.name, taken),
    validateInput: (name) => nameProblem(name, taken),
  });
}

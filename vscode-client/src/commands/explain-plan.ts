import { basename } from "node:path";
import * as vscode from "vscode";
import type { Berth } from "../berth";
import type { PlanArguments } from "../generated/protocol";
import { pickFolder } from "./pick-folder";
import { pickProfile } from "./pick-profile";
import type { Target } from "./target";

/** Shows what a start would make, every value with who said so. Starts nothing. */
export async function explainPlan(berth: Berth, target: Target): Promise<void> {
  const asked = await whatFor(berth, target);
  if (asked) {
    const { workspaceFolder, markdown } = await berth.server.run("agent.plan", asked);
    await berth.pages.show(vscode.l10n.t("Plan for {0}", basename(workspaceFolder)), markdown);
  }
}

/** A session's own folder, profile and mode, else what a person would start. */
async function whatFor(berth: Berth, target: Target): Promise<PlanArguments | undefined> {
  const info = target.session ? berth.sessions.find(target.session) : undefined;
  if (info) {
    return {
      workspaceFolder: info.workspaceFolder,
      agent: info.agent,
      mode: info.mode,
      ...(info.profile && { profile: info.profile }),
    };
  }
  const folder = await pickFolder();
  const profile = folder && (await pickProfile(berth, folder));
  return folder && profile && { workspaceFolder: folder.uri.fsPath, ...(profile.name && { profile: profile.name }) };
}

import * as vscode from "vscode";
import type { Berth } from "../berth";
import { readFailure, sentence } from "../server/failure";
import { unlinked } from "../text";
import { actions } from "./actions";
import { addProfile } from "./add-profile";
import { answer } from "./answer";
import { attachWindow } from "./attach-window";
import { cancel } from "./cancel";
import { doctor } from "./doctor";
import { editProfiles } from "./edit-profiles";
import { explainPlan } from "./explain-plan";
import { logIn } from "./log-in";
import { manageTrust } from "./manage-trust";
import { openChange } from "./open-change";
import { openShell } from "./open-shell";
import { prompt, promptWithFiles } from "./prompt";
import { prune } from "./prune";
import { rebuild, rebuildNoCache } from "./rebuild";
import { remove } from "./remove";
import { restart } from "./restart";
import { restartServer } from "./restart-server";
import { selectProfile } from "./select-profile";
import { setLimits } from "./set-limits";
import { setOption } from "./set-option";
import { setUpServer } from "./set-up-server";
import { settleFindings } from "./settle-findings";
import { showLogs } from "./show-logs";
import { showTranscript } from "./show-transcript";
import { start, startWithFiles, startWithProfile } from "./start";
import { stop } from "./stop";
import { type Target, targetOf } from "./target";
import { toggleMode } from "./toggle-mode";
import { toggleReadOnly } from "./toggle-read-only";
import { toggleThoughts } from "./toggle-thoughts";

/** Every command by id. */
const COMMANDS: Record<string, (berth: Berth, target: Target) => Promise<void>> = {
  "berth.start": start,
  "berth.startWithProfile": startWithProfile,
  "berth.prompt": prompt,
  "berth.answer": answer,
  "berth.cancel": cancel,
  "berth.stop": stop,
  "berth.restart": restart,
  "berth.rebuild": rebuild,
  "berth.rebuildNoCache": rebuildNoCache,
  "berth.remove": remove,
  "berth.setOption": setOption,
  "berth.toggleReadOnly": toggleReadOnly,
  "berth.setLimits": setLimits,
  "berth.openShell": openShell,
  "berth.attachWindow": attachWindow,
  "berth.logIn": logIn,
  "berth.openChange": openChange,
  "berth.settleFindings": settleFindings,
  "berth.showTranscript": showTranscript,
  "berth.toggleThoughts": toggleThoughts,
  "berth.showLogs": showLogs,
  "berth.explainPlan": explainPlan,
  "berth.toggleMode": toggleMode,
  "berth.selectProfile": selectProfile,
  "berth.editProfiles": editProfiles,
  "berth.addProfile": addProfile,
  "berth.manageTrust": manageTrust,
  "berth.doctor": doctor,
  "berth.prune": prune,
  "berth.actions": actions,
  "berth.restartServer": restartServer,
  "berth.setUpServer": setUpServer,
};

/** Registers the commands. What one of them fails with is shown as the sentence it is. */
export function registerCommands(berth: Berth): vscode.Disposable {
  const registered = Object.entries(COMMANDS).map(([id, run]) =>
    register(id, (argument) => run(berth, targetOf(argument))),
  );
  // The explorer says what was clicked on, and after it everything that is chosen.
  const ofFiles = [
    register("berth.startWithFiles", (clicked: vscode.Uri, chosen?: vscode.Uri[]) =>
      startWithFiles(berth, chosen ?? [clicked]),
    ),
    register("berth.promptWithFiles", (clicked: vscode.Uri, chosen?: vscode.Uri[]) =>
      promptWithFiles(berth, chosen ?? [clicked]),
    ),
  ];
  return vscode.Disposable.from(...registered, ...ofFiles);
}

// biome-ignore lint/suspicious/noExplicitAny: VS Code's own signature; what comes is read by whoever takes it
function register(id: string, run: (...args: any[]) => Promise<void>): vscode.Disposable {
  return vscode.commands.registerCommand(id, async (...args: unknown[]) => {
    try {
      await run(...args);
    } catch (error) {
      void vscode.window.showErrorMessage(unlinked(sentence(readFailure(error))));
    }
  });
}

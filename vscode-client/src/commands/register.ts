import * as vscode from "vscode";
import type { Berth } from "../berth";
import { readFailure, sentence } from "../server/failure";
import { actions } from "./actions";
import { answer } from "./answer";
import { cancel } from "./cancel";
import { logIn } from "./log-in";
import { prompt } from "./prompt";
import { rebuild } from "./rebuild";
import { restartServer } from "./restart-server";
import { showLogs } from "./show-logs";
import { showTranscript } from "./show-transcript";
import { start } from "./start";
import { stop } from "./stop";

/** Every command of the palette, by id. */
const COMMANDS: Record<string, (berth: Berth) => Promise<void>> = {
  "berth.start": start,
  "berth.prompt": prompt,
  "berth.cancel": cancel,
  "berth.stop": stop,
  "berth.rebuild": rebuild,
  "berth.logIn": logIn,
  "berth.showTranscript": showTranscript,
  "berth.showLogs": showLogs,
  "berth.answer": answer,
  "berth.actions": actions,
  "berth.restartServer": restartServer,
};

/** Registers the commands. What one of them fails with is shown as the sentence it is. */
export function registerCommands(berth: Berth): vscode.Disposable {
  const registered = Object.entries(COMMANDS).map(([id, run]) =>
    vscode.commands.registerCommand(id, async () => {
      try {
        await run(berth);
      } catch (error) {
        void vscode.window.showErrorMessage(sentence(readFailure(error)));
      }
    }),
  );
  return vscode.Disposable.from(...registered);
}

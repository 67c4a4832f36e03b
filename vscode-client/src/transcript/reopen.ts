import * as vscode from "vscode";
import type { Berth } from "../berth";
import { showTranscript } from "./show";
import { SCHEME, sessionOfPath } from "./uri";

/** Where it is kept whose transcripts are open. */
const KEY = "berth.transcripts";

/** Opens the transcripts again that were open when the window was reloaded: VS Code keeps no document that an extension makes. */
export function reopenTranscripts({ sessions }: Berth, state: vscode.Memento): vscode.Disposable {
  let before: readonly string[] | undefined = state.get<string[]>(KEY, []);
  return vscode.Disposable.from(
    vscode.window.tabGroups.onDidChangeTabs(() => {
      if (before === undefined) {
        void state.update(KEY, openTranscripts());
      }
    }),
    sessions.onRefresh(() => {
      const missing = (before ?? []).filter((session) => !openTranscripts().includes(session));
      before = undefined;
      const infos = missing.map((session) => sessions.find(session)).filter((info) => info !== undefined);
      void Promise.all(infos.map((info) => showTranscript(info)));
    }),
  );
}

function openTranscripts(): string[] {
  const tabs = vscode.window.tabGroups.all.flatMap((group) => group.tabs);
  const inputs = tabs.map(({ input }) => input).filter((input) => input instanceof vscode.TabInputText);
  return inputs.filter(({ uri }) => uri.scheme === SCHEME).map(({ uri }) => sessionOfPath(uri.path));
}

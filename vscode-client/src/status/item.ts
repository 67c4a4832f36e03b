import * as vscode from "vscode";
import type { Server } from "../server/server";
import type { Sessions } from "../sessions/sessions";
import { foremost } from "../sessions/states";
import { look } from "./look";

/** Shows the foremost session in the status bar. A click offers what can be done. */
export function showStatus(server: Server, sessions: Sessions): vscode.Disposable {
  const item = vscode.window.createStatusBarItem("berth.status", vscode.StatusBarAlignment.Left, 50);
  item.name = vscode.l10n.t("Agent Session");
  item.command = "berth.actions";
  const draw = (): void => {
    const all = sessions.all();
    const info = foremost(all);
    const { text, tooltip, background } = look(server.state, info, info && sessions.step(info.id), all);
    item.text = text;
    item.tooltip = tooltip;
    item.backgroundColor = background && new vscode.ThemeColor(background);
  };
  draw();
  item.show();
  return vscode.Disposable.from(
    item,
    server.onState(draw),
    sessions.onChange(draw),
    server.onEvents(({ events }) => events.some((event) => event.kind === "image.progress") && draw()),
    vscode.workspace.onDidChangeWorkspaceFolders(draw),
  );
}

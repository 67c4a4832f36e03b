import * as vscode from "vscode";
import type { Looking } from "./configuration";

/** What VS Code has for one folder. */
export const looking: Looking = {
  isTrusted: () => vscode.workspace.isTrusted,
  inspect: ({ scopeUri }, name) =>
    vscode.workspace.getConfiguration("berth", scopeUri ? vscode.Uri.parse(scopeUri, true) : null).inspect(name),
};

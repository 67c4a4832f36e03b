import * as vscode from "vscode";
import type { DocumentContext } from "./generated/protocol";

/** What is selected in the active editor, as it goes with a prompt. */
export interface Selection {
  /** For people: `hello.py, lines 3–9`. */
  title: string;
  item: DocumentContext;
}

/** The selection in the active editor; undefined when nothing is selected. */
export function activeSelection(): Selection | undefined {
  const editor = vscode.window.activeTextEditor;
  if (!editor || editor.selection.isEmpty || !["file", "untitled"].includes(editor.document.uri.scheme)) {
    return undefined;
  }
  const { start, end } = editor.selection;
  const name = editor.document.uri.path.split("/").at(-1) ?? "";
  return {
    title:
      start.line === end.line
        ? vscode.l10n.t("{0}, line {1}", name, start.line + 1)
        : vscode.l10n.t("{0}, lines {1}–{2}", name, start.line + 1, end.line + 1),
    item: { uri: editor.document.uri.toString(), range: { start: position(start), end: position(end) } },
  };
}

function position({ line, character }: vscode.Position): { line: number; character: number } {
  return { line, character };
}

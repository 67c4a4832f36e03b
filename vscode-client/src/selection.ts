import * as vscode from "vscode";
import type { DocumentContext, TextContext } from "./generated/protocol";

/** What goes with a prompt. */
export interface Attached {
  /** For people: `hello.py, lines 3–9`. */
  title: string;
  items: (DocumentContext | TextContext)[];
}

/** The selection in the active editor; undefined when nothing is selected. */
export function activeSelection(): Attached | undefined {
  const editor = vscode.window.activeTextEditor;
  if (!editor || editor.selection.isEmpty || !["file", "untitled"].includes(editor.document.uri.scheme)) {
    return undefined;
  }
  const { start, end } = editor.selection;
  const name = nameOf(editor.document.uri);
  return {
    title:
      start.line === end.line
        ? vscode.l10n.t("{0}, line {1}", name, start.line + 1)
        : vscode.l10n.t("{0}, lines {1}–{2}", name, start.line + 1, end.line + 1),
    items: [{ uri: editor.document.uri.toString(), range: { start: position(start), end: position(end) } }],
  };
}

/** Files as they are, and folders by their path, since an agent can look into them by itself. */
export async function attachedFiles(uris: readonly vscode.Uri[]): Promise<Attached> {
  return { title: uris.map(nameOf).join(", "), items: await Promise.all(uris.map(item)) };
}

async function item(uri: vscode.Uri): Promise<DocumentContext | TextContext> {
  const { type } = await vscode.workspace.fs.stat(uri);
  const isFolder = (type & vscode.FileType.Directory) !== 0;
  return isFolder ? { text: `This is about the folder ${uri.fsPath}` } : { uri: uri.toString() };
}

function nameOf(uri: vscode.Uri): string {
  return uri.path.split("/").at(-1) ?? "";
}

function position({ line, character }: vscode.Position): { line: number; character: number } {
  return { line, character };
}

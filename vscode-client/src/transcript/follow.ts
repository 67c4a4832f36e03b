import * as vscode from "vscode";
import { look, type Sight } from "./sight";

/** Keeps the end of a growing transcript in sight, for whoever was looking at its end. */
export function followTranscripts(): vscode.Disposable {
  const sights = new WeakMap<vscode.TextEditor, Sight>();
  const follow = (editor: vscode.TextEditor): void => {
    const [visible] = editor.visibleRanges;
    if (editor.document.uri.scheme !== "berth" || !visible) {
      return;
    }
    const last = editor.document.lineCount - 1;
    const sight = look(sights.get(editor), { top: visible.start.line, bottom: visible.end.line }, last);
    sights.set(editor, sight);
    if (sight.atEnd && visible.end.line < last) {
      editor.revealRange(editor.document.lineAt(last).range);
    }
  };
  return vscode.Disposable.from(
    vscode.window.onDidChangeTextEditorVisibleRanges(({ textEditor }) => follow(textEditor)),
    vscode.workspace.onDidChangeTextDocument(({ document }) => {
      vscode.window.visibleTextEditors.filter((editor) => editor.document === document).forEach(follow);
    }),
  );
}

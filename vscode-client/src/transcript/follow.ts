import * as vscode from "vscode";
import type { Berth } from "../berth";
import { showTranscript } from "./show";
import { look, type Sight } from "./sight";
import { SCHEME } from "./uri";

/** Shows transcripts when the server asks, and keeps the end of a growing one in sight for whoever looks at its end. */
export function followTranscripts({ server, sessions }: Berth): vscode.Disposable {
  const sights = new WeakMap<vscode.TextEditor, Sight>();
  const follow = (editor: vscode.TextEditor): void => {
    const [visible] = editor.visibleRanges;
    if (editor.document.uri.scheme !== SCHEME || !visible) {
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
    server.onTranscriptWanted((session) => {
      const info = sessions.find(session);
      if (info) {
        void showTranscript(info);
      }
    }),
    vscode.window.onDidChangeTextEditorVisibleRanges(({ textEditor }) => follow(textEditor)),
    vscode.workspace.onDidChangeTextDocument(({ document, contentChanges }) => {
      for (const editor of vscode.window.visibleTextEditors.filter((shown) => shown.document === document)) {
        const before = sights.get(editor);
        follow(editor); // what it says is visible is so from before the change
        const sight = sights.get(editor);
        if (before && sight) {
          const jumps = before.jumps || contentChanges.some(({ range }) => range.start.line < before.top);
          sights.set(editor, { ...sight, jumps });
        }
      }
    }),
  );
}

import * as vscode from "vscode";
import type { Berth } from "../berth";
import { showTranscript } from "./show";
import { jump, look, type Sight } from "./sight";
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
    const { line: bottom } = visible.end;
    const sight = look(sights.get(editor), { top: visible.start.line, bottom }, { last, now: Date.now() });
    sights.set(editor, sight);
    if (sight.atEnd && bottom < last) {
      reveal(editor);
    }
  };
  const grow = (editor: vscode.TextEditor, changes: readonly vscode.TextDocumentContentChangeEvent[]): void => {
    const before = sights.get(editor);
    if (before === undefined || changes.every(({ range }) => range.isSingleLine)) {
      follow(editor);
      return;
    }
    const sight = jump(before, Date.now());
    sights.set(editor, sight);
    if (sight.atEnd) {
      reveal(editor);
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
        grow(editor, contentChanges);
      }
    }),
  );
}

function reveal(editor: vscode.TextEditor): void {
  editor.revealRange(editor.document.lineAt(editor.document.lineCount - 1).range);
}

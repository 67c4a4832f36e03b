import * as vscode from "vscode";
import type { FileDiff } from "../questions/diffs";

const SCHEME = "berth-page";

/** VS Code's preview of one document. The other one goes on to whatever Markdown is looked at next, a transcript too. */
const PREVIEW = "vscode.markdown.preview.editor";

/** What a page says that VS Code brings back with a window, after a reload: nobody has its text any more. */
function gone(): string {
  return vscode.l10n.t("This page went with the window that made it. Make it anew.");
}

/** Pages of Markdown that the server writes and nobody edits, shown in VS Code's own preview. */
export class Pages implements vscode.Disposable {
  private readonly texts = new Map<string, string>();
  private readonly change = new vscode.EventEmitter<vscode.Uri>();
  private readonly subscriptions: vscode.Disposable[];

  constructor() {
    this.subscriptions = [
      vscode.workspace.registerTextDocumentContentProvider(SCHEME, {
        onDidChange: this.change.event,
        provideTextDocumentContent: (uri) => this.texts.get(uri.toString()) ?? gone(),
      }),
      vscode.workspace.onDidCloseTextDocument(({ uri }) => this.texts.delete(uri.toString())),
    ];
  }

  /** Shows a page by its name; the same name is the same page, with a new text. Its text must be Berth's own. */
  async show(name: string, markdown: string): Promise<void> {
    const uri = vscode.Uri.from({ scheme: SCHEME, path: `/${name}.md` });
    this.texts.set(uri.toString(), markdown);
    this.change.fire(uri);
    await vscode.commands.executeCommand("vscode.openWith", uri, PREVIEW);
  }

  /** Shows what becomes of a file, in VS Code's own view of differences. Both sides are text, whoever wrote them. */
  async diff({ name, before, after }: FileDiff, title: string): Promise<void> {
    const uris = [before, after].map((text, side) => {
      const uri = vscode.Uri.from({ scheme: SCHEME, authority: ["before", "after"][side] ?? "", path: `/${name}` });
      this.texts.set(uri.toString(), text);
      this.change.fire(uri);
      return uri;
    });
    await vscode.commands.executeCommand("vscode.diff", ...uris, title, { preview: true });
  }

  dispose(): void {
    vscode.Disposable.from(...this.subscriptions, this.change).dispose();
  }
}

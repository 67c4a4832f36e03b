import * as vscode from "vscode";

const SCHEME = "berth-page";

/** VS Code's preview of one document. The other one goes on to whatever Markdown is looked at next, a transcript too. */
const PREVIEW = "vscode.markdown.preview.editor";

/** Pages of Markdown that the server writes and nobody edits, shown in VS Code's own preview. */
export class Pages implements vscode.Disposable {
  private readonly texts = new Map<string, string>();
  private readonly change = new vscode.EventEmitter<vscode.Uri>();
  private readonly subscriptions: vscode.Disposable[];

  constructor() {
    this.subscriptions = [
      vscode.workspace.registerTextDocumentContentProvider(SCHEME, {
        onDidChange: this.change.event,
        provideTextDocumentContent: (uri) => this.texts.get(uri.toString()) ?? "",
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

  dispose(): void {
    vscode.Disposable.from(...this.subscriptions, this.change).dispose();
  }
}

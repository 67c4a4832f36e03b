import * as vscode from "vscode";
import type { Server } from "../server/server";
import { Seldom } from "../view/seldom";
import { foldThoughts } from "./thoughts";
import { SCHEME, sessionOfPath, transcriptUri } from "./uri";

/** Milliseconds between two looks at a growing transcript at least; a long one that takes its time has more. */
const PAUSE = 250;

/** Of the time, a growing transcript may take the `1 / SHARE`th part for being fetched. */
const SHARE = 5;

/** What is said in each session, as documents that grow at a readable pace. What agents think is folded. */
export class Transcripts implements vscode.Disposable {
  private readonly change = new vscode.EventEmitter<vscode.Uri>();
  private readonly paces = new Map<string, Seldom>();
  private readonly subscriptions: vscode.Disposable[];
  private folded = true;
  private took = 0;

  constructor(private readonly server: Pick<Server, "onTranscript" | "onRemoved" | "request">) {
    this.subscriptions = [
      vscode.workspace.registerTextDocumentContentProvider(SCHEME, {
        onDidChange: this.change.event,
        provideTextDocumentContent: ({ path }) => this.text(sessionOfPath(path)),
      }),
      server.onTranscript((session) => this.grown(session)),
      server.onRemoved((session) => this.forget(session)),
    ];
  }

  /** Shows what agents think, or folds it again, in all transcripts. */
  toggleThoughts(): void {
    this.folded = !this.folded;
    for (const { uri } of openPages()) {
      this.change.fire(uri);
    }
  }

  dispose(): void {
    vscode.Disposable.from(...this.subscriptions, ...this.paces.values(), this.change).dispose();
  }

  private async text(session: string): Promise<string> {
    const began = performance.now();
    const params = { uri: transcriptUri(session) };
    const { text } = await this.server.request<{ text: string }>("workspace/textDocumentContent", params);
    this.took = performance.now() - began;
    return this.folded ? foldThoughts(text) : text;
  }

  private grown(session: string): void {
    const pace =
      this.paces.get(session) ??
      new Seldom(
        () => this.pause(),
        () => this.refresh(session),
      );
    this.paces.set(session, pace);
    pace.soon();
  }

  private refresh(session: string): void {
    for (const { uri } of openPages()) {
      if (sessionOfPath(uri.path) === session) {
        this.change.fire(uri);
      }
    }
  }

  private pause(): number {
    return Math.max(PAUSE, SHARE * this.took);
  }

  private forget(session: string): void {
    this.paces.get(session)?.dispose();
    this.paces.delete(session);
  }
}

function openPages(): vscode.TextDocument[] {
  return vscode.workspace.textDocuments.filter(({ uri }) => uri.scheme === SCHEME);
}

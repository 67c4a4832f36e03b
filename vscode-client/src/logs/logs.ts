import * as vscode from "vscode";
import type { SessionEvent, SessionInfo } from "../generated/protocol";
import type { Server } from "../server/server";
import { logLines, printedLines } from "./lines";

/** Lines kept of each session; older ones go. */
const KEPT = 5000;

/** Lines asked of a container's output. */
const TAIL = 200;

/** What happened to each session of this window, and what its container printed. */
export class Logs implements vscode.Disposable {
  private readonly lines = new Map<string, string[]>();
  private readonly subscriptions: vscode.Disposable[];
  private readonly channel = vscode.window.createOutputChannel(vscode.l10n.t("Agent Session"));
  private shown: string | undefined;

  constructor(private readonly server: Server) {
    this.subscriptions = [
      server.onEvents(({ session, events }) => this.add(session, events)),
      server.onRemoved((id) => this.lines.delete(id)),
    ];
  }

  /** Shows a session's log in the output panel, where it goes on growing. */
  async show(info: SessionInfo): Promise<void> {
    const runs = info.container || info.mode === "host";
    const raw = runs ? (await this.server.run("agent.logs", { session: info.id, tail: TAIL })).text : "";
    const printed = printedLines(raw);
    this.shown = info.id;
    this.channel.replace(
      [
        ...section(vscode.l10n.t("What the container printed"), printed),
        ...section(vscode.l10n.t("What happened"), this.lines.get(info.id) ?? []),
      ].join("\n"),
    );
    this.channel.show(true);
  }

  dispose(): void {
    vscode.Disposable.from(...this.subscriptions, this.channel).dispose();
  }

  private add(session: string, events: SessionEvent[]): void {
    const added = events.flatMap(logLines);
    if (added.length === 0) {
      return;
    }
    const lines = [...(this.lines.get(session) ?? []), ...added];
    this.lines.set(session, lines.slice(-KEPT));
    if (this.shown === session) {
      this.channel.append(`${added.join("\n")}\n`);
    }
  }
}

function section(title: string, lines: readonly string[]): string[] {
  return [`— ${title} —`, ...lines, ""];
}

import * as vscode from "vscode";
import type { Server } from "./server/server";
import type { Sessions } from "./sessions/sessions";
import { isContained } from "./sessions/states";

/**
 * Milliseconds after a page was opened at which what is done is told: VS Code reads first steps while it opens theirs.
 */
const LATER = [500, 3000];

type Step = "server" | "engine" | "start";

/**
 * Tells VS Code which first steps are done already. It begins to listen when their page is opened, and what was so before
 * counts for nothing: each is told anew, by a key that is true for a moment.
 */
export class FirstSteps implements vscode.Disposable {
  private readonly subscriptions: vscode.Disposable[];
  private readonly timers = new Set<NodeJS.Timeout>();
  private sawEngine = false;

  constructor(
    private readonly server: Pick<Server, "state">,
    private readonly sessions: Pick<Sessions, "all">,
  ) {
    // The page of first steps is none of the kinds of editor that VS Code describes.
    const opened = ({ opened }: vscode.TabChangeEvent): boolean => opened.some(({ input }) => input === undefined);
    this.subscriptions = [vscode.window.tabGroups.onDidChangeTabs((change) => opened(change) && this.tellLater())];
  }

  /** The doctor has looked for an engine. */
  lookedForEngine(found: boolean): void {
    this.sawEngine = found;
    void this.tell();
  }

  dispose(): void {
    this.timers.forEach(clearTimeout);
    vscode.Disposable.from(...this.subscriptions).dispose();
  }

  private tellLater(): void {
    for (const pause of LATER) {
      const timer = setTimeout(() => {
        this.timers.delete(timer);
        void this.tell();
      }, pause);
      this.timers.add(timer);
    }
  }

  private async tell(): Promise<void> {
    for (const step of this.done()) {
      await vscode.commands.executeCommand("setContext", `berth.done.${step}`, true);
      await vscode.commands.executeCommand("setContext", `berth.done.${step}`, false);
    }
  }

  private done(): Step[] {
    const sessions = this.sessions.all();
    const steps: [Step, boolean][] = [
      ["server", this.server.state === "running"],
      ["engine", this.sawEngine || sessions.some(isContained)],
      ["start", sessions.length > 0],
    ];
    return steps.filter(([, done]) => done).map(([step]) => step);
  }
}

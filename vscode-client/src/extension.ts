import * as vscode from "vscode";
import { Activities } from "./activity/activities";
import { Looked } from "./activity/looked";
import { registerCommands } from "./commands/register";
import { watchFindings } from "./findings/watch";
import { FirstSteps } from "./first-steps";
import { Logs } from "./logs/logs";
import { Pages } from "./pages/pages";
import { watchProgress } from "./progress/watch";
import { watchQuestions } from "./questions/watch";
import { Server } from "./server/server";
import { Setup } from "./server/setup";
import { isUsed, rememberUse } from "./server/used";
import { watchServer } from "./server/watch";
import { Sessions } from "./sessions/sessions";
import { Shells } from "./sessions/shells";
import { Stats } from "./stats/stats";
import { showStatus } from "./status/item";
import { keepContextKeys } from "./status/keys";
import { followTranscripts } from "./transcript/follow";
import { reopenTranscripts } from "./transcript/reopen";
import { Transcripts } from "./transcript/transcripts";
import { showSessions } from "./view/show";

/** Puts the parts together. VS Code waits for this; the server starts when something needs it. */
export function activate(context: vscode.ExtensionContext): void {
  const { subscriptions, workspaceState } = context;
  const channel = vscode.window.createOutputChannel("Berth", { log: true });
  const setup = new Setup(context, channel);
  const server = new Server(channel, () => setup.find());
  const sessions = new Sessions(server);
  const activities = new Activities(server, new Looked(workspaceState));
  const stats = new Stats(server, sessions);
  const logs = new Logs(server);
  const pages = new Pages();
  const shells = new Shells(sessions);
  const transcripts = new Transcripts(server);
  const firstSteps = new FirstSteps(server, sessions);
  const version: string = context.extension.packageJSON.version;
  const berth = { version, setup, server, sessions, activities, stats, logs, pages, shells, transcripts, firstSteps };
  subscriptions.push(channel, server, sessions, activities, stats, logs, pages, shells, transcripts, firstSteps);
  subscriptions.push(showStatus(server, sessions), keepContextKeys(server, sessions), showSessions(berth));
  subscriptions.push(watchServer(berth), watchQuestions(berth), watchProgress(berth), watchFindings(berth));
  subscriptions.push(followTranscripts(berth), registerCommands(berth));
  subscriptions.push(reopenTranscripts(berth, workspaceState), rememberUse(workspaceState, sessions));
  if (isUsed(workspaceState)) {
    server.wake();
  }
}

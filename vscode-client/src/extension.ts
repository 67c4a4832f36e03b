import * as vscode from "vscode";
import { Activities } from "./activity/activities";
import { registerCommands } from "./commands/register";
import { Logs } from "./logs/logs";
import { Pages } from "./pages/pages";
import { watchProgress } from "./progress/watch";
import { watchQuestions } from "./questions/watch";
import { Server } from "./server/server";
import { watchServer } from "./server/watch";
import { Sessions } from "./sessions/sessions";
import { Shells } from "./sessions/shells";
import { showStatus } from "./status/item";
import { keepContextKeys } from "./status/keys";
import { followTranscripts } from "./transcript/follow";
import { showSessions } from "./view/show";

/** Puts the parts together. VS Code waits for this, so the server starts behind it. */
export function activate({ subscriptions }: vscode.ExtensionContext): void {
  const channel = vscode.window.createOutputChannel("Berth", { log: true });
  const server = new Server(channel);
  const sessions = new Sessions(server);
  const activities = new Activities(server);
  const logs = new Logs(server);
  const pages = new Pages();
  const shells = new Shells(sessions);
  const berth = { server, sessions, activities, logs, pages, shells };
  subscriptions.push(channel, server, sessions, activities, logs, pages, shells);
  subscriptions.push(showStatus(server, sessions), keepContextKeys(server, sessions), showSessions(berth));
  subscriptions.push(watchServer(berth), watchQuestions(berth), watchProgress(berth));
  subscriptions.push(followTranscripts(), registerCommands(berth));
  void server.start();
}

import * as vscode from "vscode";
import { registerCommands } from "./commands/register";
import { Logs } from "./logs/logs";
import { watchProgress } from "./progress/watch";
import { watchQuestions } from "./questions/watch";
import { Server } from "./server/server";
import { watchServer } from "./server/watch";
import { Sessions } from "./sessions/sessions";
import { Tools } from "./sessions/tools";
import { showStatus } from "./status/item";
import { keepContextKeys } from "./status/keys";
import { followTranscripts } from "./transcript/follow";

/** Puts the parts together. VS Code waits for this, so the server starts behind it. */
export function activate({ subscriptions }: vscode.ExtensionContext): void {
  const channel = vscode.window.createOutputChannel("Berth", { log: true });
  const server = new Server(channel);
  const sessions = new Sessions(server);
  const tools = new Tools(server);
  const logs = new Logs(server);
  const berth = { server, sessions, tools, logs };
  subscriptions.push(channel, server, sessions, tools, logs);
  subscriptions.push(showStatus(server, sessions), keepContextKeys(sessions));
  subscriptions.push(watchServer(berth), watchQuestions(berth), watchProgress(berth));
  subscriptions.push(followTranscripts(), registerCommands(berth));
  void server.start();
}

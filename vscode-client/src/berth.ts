import type { Logs } from "./logs/logs";
import type { Server } from "./server/server";
import type { Sessions } from "./sessions/sessions";
import type { Tools } from "./sessions/tools";

/** What commands work with. */
export interface Berth {
  server: Server;
  sessions: Sessions;
  tools: Tools;
  logs: Logs;
}

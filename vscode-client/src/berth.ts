import type { Activities } from "./activity/activities";
import type { FirstSteps } from "./first-steps";
import type { Logs } from "./logs/logs";
import type { Pages } from "./pages/pages";
import type { Server } from "./server/server";
import type { Setup } from "./server/setup";
import type { Sessions } from "./sessions/sessions";
import type { Shells } from "./sessions/shells";
import type { Stats } from "./stats/stats";
import type { Transcripts } from "./transcript/transcripts";

/** What commands work with. */
export interface Berth {
  /** The extension's own. */
  version: string;
  setup: Setup;
  server: Server;
  sessions: Sessions;
  activities: Activities;
  stats: Stats;
  logs: Logs;
  pages: Pages;
  shells: Shells;
  transcripts: Transcripts;
  firstSteps: FirstSteps;
}

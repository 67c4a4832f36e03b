import type { Berth } from "../berth";

/** Starts the server again. No session ends with it. */
export async function restartServer(berth: Berth): Promise<void> {
  await berth.server.start();
}

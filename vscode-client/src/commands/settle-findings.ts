import type { Berth } from "../berth";
import type { Target } from "./target";

/** Takes what could run on this machine off the list: somebody has looked at it. */
export async function settleFindings({ activities }: Berth, { session }: Target): Promise<void> {
  if (session !== undefined) {
    activities.settleFindings(session);
  }
}

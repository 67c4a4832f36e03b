import type { Berth } from "../berth";
import { offerServer } from "../server/watch";

/** Offers the ways to a server: one that this extension brings, uv, pipx, or a setting. */
export async function setUpServer(berth: Berth): Promise<void> {
  await offerServer(berth);
}

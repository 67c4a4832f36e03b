import type { Berth } from "../berth";

/** Shows what agents think in their transcripts, or folds it again. */
export async function toggleThoughts({ transcripts }: Berth): Promise<void> {
  transcripts.toggleThoughts();
}

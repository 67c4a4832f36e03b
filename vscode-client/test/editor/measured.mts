// What is measured in the browser itself: whoever asks from outside waits for his turn, too.
import type { Page } from "playwright-core";

/** One thing of Chromium's trace, as far as it is read here. */
interface Traced {
  name: string;
  pid: number;
  tid: number;
  args: { name?: string };
  tdur?: number;
}

/** Begins to note what the workbench does at one go. */
export async function watchTasks(page: Page): Promise<void> {
  await page
    .context()
    .browser()
    ?.startTracing(page, { categories: ["toplevel"] });
}

/**
 * Milliseconds of processor time that one task of the workbench took at most, since that was begun to be noted. Nothing is
 * drawn meanwhile, and no key is heard. Time in which a busy machine ran something else is not its doing.
 */
export async function longestTask(page: Page): Promise<number> {
  const trace = (await page.context().browser()?.stopTracing()) ?? Buffer.from("{}");
  const { traceEvents = [] } = JSON.parse(trace.toString("utf-8")) as { traceEvents?: Traced[] };
  const threadOf = ({ pid, tid }: Traced): string => `${pid}.${tid}`;
  const named = traceEvents.filter(({ name, args }) => name === "thread_name" && args.name === "CrRendererMain");
  const main = new Set(named.map(threadOf));
  const times = traceEvents.filter((event) => main.has(threadOf(event))).map(({ tdur = 0 }) => tdur / 1000);
  return times.reduce((longest, time) => Math.max(longest, time), Number.NEGATIVE_INFINITY);
}

/** Begins to note when an entry of the view says each of these words. */
export async function watchRow(page: Page, entry: string, words: readonly string[]): Promise<void> {
  await page.evaluate(
    ([start, wanted]) => {
      const seen: Record<string, number> = {};
      Object.assign(window, { berthSaid: seen });
      const look = (): void => {
        const rows = [...document.querySelectorAll(".part.sidebar .monaco-list-row")];
        const text = rows.map((row) => row.textContent ?? "").find((told) => told.startsWith(start)) ?? "";
        for (const word of wanted.filter((one) => text.includes(one))) {
          seen[word] ??= performance.now();
        }
      };
      const everything = { subtree: true, childList: true, characterData: true };
      new MutationObserver(look).observe(document.querySelector(".part.sidebar") as Element, everything);
    },
    [entry, words] as const,
  );
}

/** Milliseconds from when such an entry said one word to when it said another. */
export function between(page: Page, from: string, to: string): Promise<number> {
  return page.evaluate(
    ([first, second]) => {
      const seen = (window as unknown as { berthSaid: Record<string, number> }).berthSaid;
      return (seen[second] ?? Number.NaN) - (seen[first] ?? Number.NaN);
    },
    [from, to] as const,
  );
}

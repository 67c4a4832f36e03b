// The story of issue and README, told in a real VS Code, one chapter after the other.
import { ceiling } from "./ceiling.mts";
import { imageOf, machine, plan, toggle, trust } from "./choices.mts";
import { dockerfile } from "./dockerfile.mts";
import { EngineLine } from "./engine.mts";
import { findings } from "./findings.mts";
import { flood } from "./flood.mts";
import { setUp, untrusted } from "./fresh.mts";
import { network } from "./network.mts";
import { empty, end, look, start } from "./session.mts";
import { engineDown, serverKilled } from "./troubles.mts";
import { Window } from "./window.mts";
import { reload, twoWindows } from "./windows.mts";

/** Where things are; `run.sh` says so. */
const at = (name: string): string => process.env[`STORY_${name}`] ?? "";
const [folder, pictures] = [at("FOLDER"), at("PICTURES")];

/** Tells chapters in one window, if it is wanted; it is photographed where they end too early. */
async function told(name: string, into: string, chapters: (window: Window) => Promise<void>): Promise<void> {
  const url = at(name);
  if (url === "") {
    return;
  }
  const window = await Window.open(url, into);
  try {
    await chapters(window);
  } catch (error) {
    await window.picture("failed");
    throw error;
  } finally {
    await window.close();
  }
}

async function daily(window: Window): Promise<void> {
  await empty(window);
  await start(window, folder);
  await look(window);
  await findings(window, folder);
  const image = imageOf(folder);
  await plan(window);
  await toggle(window);
  await twoWindows(window, at("URL"), pictures);
  await reload(window);
  await network(window);
  await end(window);
  await trust(window, folder, image);
  await machine(window);
  await dockerfile(window, folder, image);
}

const engine = new EngineLine(at("ENGINE"));
await engine.restore();
try {
  await told("FRESH_URL", `${pictures}/fresh`, async (window) => {
    await untrusted(window);
    await setUp(window);
  });
  await told("URL", pictures, async (window) => {
    await daily(window);
    await engineDown(window, engine);
    await serverKilled(window, at("STATE"));
  });
  await told("FLOOD_URL", `${pictures}/flood`, async (window) => {
    await flood(window);
    await ceiling(window, at("BUSY"));
  });
  process.stdout.write("The story was told to its end.\n");
} catch (error) {
  const reason = error instanceof Error ? error.message : String(error);
  process.stderr.write(`${reason}\nSee the last pictures in ${pictures}.\n`);
  process.exitCode = 1;
} finally {
  await engine.cut();
}

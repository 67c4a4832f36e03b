// The story of issue and README, told in a real VS Code, one chapter after the other.
import { imageOf, machine, plan, toggle, trust } from "./choices.mts";
import { empty, end, look, start } from "./session.mts";
import { Window } from "./window.mts";

const [url = "", folder = "", pictures = ""] = process.argv.slice(2);

const window = await Window.open(url, pictures);
try {
  await empty(window);
  await start(window, folder);
  await look(window);
  const image = imageOf(folder);
  await plan(window);
  await toggle(window);
  await end(window);
  await trust(window, folder, image);
  await machine(window);
  process.stdout.write("The story was told to its end.\n");
} catch (error) {
  await window.picture("failed");
  process.stderr.write(
    `${error instanceof Error ? error.message : String(error)}\nSee the last picture in ${pictures}.\n`,
  );
  process.exitCode = 1;
} finally {
  await window.close();
}

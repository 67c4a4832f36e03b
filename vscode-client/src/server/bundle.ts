import { createHash } from "node:crypto";
import { access, readdir, readFile } from "node:fs/promises";
import { join } from "node:path";

/** The server that comes with the extension: its wheel, and the exact libraries it needs. */
export interface Bundle {
  wheel: string;
  requirements: string;
  /** Changes with every byte of either. */
  digest: string;
}

/** What a folder of the extension holds of the server; undefined in the small package, which comes without. */
export async function readBundle(folder: string): Promise<Bundle | undefined> {
  const names: string[] = await readdir(folder).catch(() => []);
  const name = names.find((found) => found.endsWith(".whl"));
  if (name === undefined || !names.includes("requirements.txt")) {
    return undefined;
  }
  const wheel = join(folder, name);
  const requirements = join(folder, "requirements.txt");
  const hash = createHash("sha256");
  for (const path of [wheel, requirements]) {
    hash.update(await readFile(path));
  }
  return { wheel, requirements, digest: hash.digest("hex").slice(0, 16) };
}

/** Whether a file or folder is there. */
export async function isThere(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}

import { mkdir, readdir, rm, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { type Bundle, isThere } from "./bundle";
import type { Program } from "./program";

/** Written when all is in place, so that an environment which was interrupted is never taken. */
const READY = ".ready";

const PREFIX = "server-";

/** What can make an environment: `uv`, or a Python of its own. */
export interface Maker {
  uv?: string;
  python?: string;
}

/** Runs a program to its end; fails with what it printed. */
export type Run = (program: Program) => Promise<void>;

/** A Python environment that this extension makes for the server it brings, in a folder that is the extension's alone. */
export class Environment {
  private readonly folder: string;

  constructor(
    private readonly storage: string,
    private readonly bundle: Bundle,
  ) {
    this.folder = join(storage, `${PREFIX}${bundle.digest}`);
  }

  /** Its Python; undefined until it is whole. */
  async python(): Promise<string | undefined> {
    return (await isThere(join(this.folder, READY))) ? this.program : undefined;
  }

  /** Whether there is one of another version: then a person has said yes to such environments before. */
  async hadOne(): Promise<boolean> {
    return (await this.others()).length > 0;
  }

  /** Makes it, from the wheel of the extension and the libraries whose hashes stand there. Takes out those of long ago. */
  async make(maker: Maker, run: Run): Promise<void> {
    await rm(this.folder, { recursive: true, force: true });
    await mkdir(this.storage, { recursive: true });
    for (const program of this.steps(maker)) {
      await run(program);
    }
    await writeFile(join(this.folder, READY), "");
    const [, ...old] = await this.others(); // a window that was not reloaded yet still runs the latest of them
    for (const name of old) {
      await rm(join(this.storage, name), { recursive: true, force: true });
    }
  }

  private get program(): string {
    return process.platform === "win32"
      ? join(this.folder, "Scripts", "python.exe")
      : join(this.folder, "bin", "python");
  }

  private steps({ uv, python }: Maker): Program[] {
    const { wheel, requirements } = this.bundle;
    const libraries = ["--require-hashes", "-r", requirements];
    if (uv !== undefined) {
      const install = ["pip", "install", "--python", this.program];
      return [
        { path: uv, args: ["venv", "--no-project", "--python", ">=3.11", this.folder] },
        { path: uv, args: [...install, "--only-binary", ":all:", ...libraries] },
        { path: uv, args: [...install, "--no-deps", wheel] },
      ];
    }
    const pip = ["-I", "-m", "pip", "install", "--disable-pip-version-check", "--no-input"];
    return [
      { path: python ?? "python3", args: ["-I", "-m", "venv", this.folder] },
      { path: this.program, args: [...pip, "--only-binary", ":all:", ...libraries] },
      { path: this.program, args: [...pip, "--no-deps", wheel] },
    ];
  }

  /** Those of other versions, the youngest first. */
  private async others(): Promise<string[]> {
    const names: string[] = await readdir(this.storage).catch(() => []);
    const old = names.filter((name) => name.startsWith(PREFIX) && join(this.storage, name) !== this.folder);
    const dated = await Promise.all(
      old.map(async (name) => ({ name, at: (await stat(join(this.storage, name))).mtimeMs })),
    );
    return dated.sort((a, b) => b.at - a.at).map(({ name }) => name);
  }
}

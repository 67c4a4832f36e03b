import { rmSync } from "node:fs";
import { connect, createServer, type NetConnectOpts, type Server, type Socket } from "node:net";

/** The way to the real engine, which a test can cut without touching the engine. */
export class EngineLine {
  private readonly open = new Set<Socket>();
  private server: Server | undefined;
  private readonly path: string;

  constructor(path: string) {
    this.path = path;
  }

  /** Lets callers through. */
  async restore(): Promise<void> {
    rmSync(this.path, { force: true });
    const server = createServer({ allowHalfOpen: true }, (caller) => this.join(caller));
    this.server = server;
    await new Promise<void>((resolve) => server.listen(this.path, resolve));
  }

  /** Ends every conversation, and lets nobody through any more. */
  async cut(): Promise<void> {
    const { server } = this;
    this.server = undefined;
    for (const socket of this.open) {
      socket.destroy();
    }
    await new Promise<void>((resolve) => (server ? server.close(() => resolve()) : resolve()));
  }

  private join(caller: Socket): void {
    const engine = connect({ ...engineAddress(), allowHalfOpen: true } as NetConnectOpts);
    for (const [from, to] of [
      [caller, engine],
      [engine, caller],
    ] as const) {
      this.open.add(from);
      from.on("error", () => to.destroy());
      from.on("close", () => {
        this.open.delete(from);
        to.destroy();
      });
      from.pipe(to);
    }
  }
}

/** Where the engine of this machine listens. */
function engineAddress(): { path: string } | { host: string; port: number } {
  const url = new URL(process.env["BERTH_REAL_ENGINE"] || "unix:///var/run/docker.sock");
  return url.protocol === "unix:" ? { path: url.pathname } : { host: url.hostname, port: Number(url.port) };
}

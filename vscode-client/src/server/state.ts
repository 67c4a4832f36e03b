/** Whether the server can be talked to. */
export type ServerState = "starting" | "running" | "missing" | "stopped";

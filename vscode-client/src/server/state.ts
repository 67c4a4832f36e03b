/** Whether the server can be talked to. It rests until somebody needs it. */
export type ServerState = "resting" | "starting" | "running" | "missing" | "stopped";

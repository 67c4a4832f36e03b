import { expect, test } from "vitest";
import type { SessionInfo } from "../../src/generated/protocol";
import type { ServerState } from "../../src/server/state";
import { Sessions } from "../../src/sessions/sessions";
import { session } from "./examples";
import { EventEmitter } from "./vscode";

function watching(): { sessions: Sessions; told: EventEmitter<SessionInfo>; state: EventEmitter<ServerState> } {
  const [told, state] = [new EventEmitter<SessionInfo>(), new EventEmitter<ServerState>()];
  const silent = new EventEmitter<never>().event;
  const server = { onState: state.event, onSession: told.event, onRemoved: silent, onEvents: silent };
  return { sessions: new Sessions(server as never), told, state };
}

test("what was told late does not take the place of what is newer", () => {
  const { sessions, told } = watching();
  told.fire(session({ seq: 5, state: "working" }));
  told.fire(session({ seq: 4, state: "idle" }));
  expect(sessions.find("s1")?.state).toBe("working");
});

test("what another server tells counts, though it has counted less far", () => {
  const { sessions, told, state } = watching();
  told.fire(session({ seq: 5, state: "working" }));
  state.fire("starting");
  state.fire("running");
  told.fire(session({ seq: 3, state: "idle" }));
  expect(sessions.find("s1")?.state).toBe("idle");
});

// What goes wrong: no engine, and a server that dies.
import type { EngineLine } from "./engine.mts";
import { killServers } from "./process.mts";
import { check, say } from "./told.mts";
import { BUILD, type Window } from "./window.mts";

/** Without an engine a start says so, and how to help; with it again, all is as before. */
export async function engineDown(window: Window, engine: EngineLine): Promise<void> {
  await window.palette("Agent: Stop");
  await window.status("Agent: Off");
  await engine.cut();
  await window.palette("Agent: Start in Container");
  await window.type("What should the agent do?", "");
  await window.status("Agent: Error");
  await window.notification(/engine|Docker/i);
  await window.picture("engine-down");
  say("a start without an engine is told as what it is");

  await window.palette("Agent: Doctor");
  const failed = window.page.locator(".quick-input-list .monaco-list-row", { hasText: "engine" });
  await failed.first().locator(".codicon-error").first().waitFor();
  await window.picture("doctor-engine-down");
  await window.page.keyboard.press("Escape");
  say("the doctor has the engine first");

  await engine.restore();
  await window.palette("Agent: Restart");
  await window.pick("Error");
  await window.status("Agent: Running", BUILD);
  await window.picture("engine-back");
  say("with the engine back, a restart is all it takes");
}

/** A server that dies is started again, and the view is true again. */
export async function serverKilled(window: Window, state: string): Promise<void> {
  check(killServers(state) > 0, "the server was killed");
  await window.row("Claude Code");
  await window.status(/Agent: (?!No Server)/);
  await window.palette("Agent: Doctor");
  await window.page.locator(".quick-input-list .monaco-list-row", { hasText: "engine" }).first().waitFor();
  await window.page.keyboard.press("Escape");
  await window.picture("server-killed");
  say("a server that was killed is started again, and knows the sessions");
}

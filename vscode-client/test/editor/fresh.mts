// A machine without a server, and a folder that nobody trusts yet: the package that brings the server.
import { check, say } from "./told.mts";
import { BUILD, type Window } from "./window.mts";

/** Nothing is started in a folder that is not trusted, and the view says why. */
export async function untrusted(window: Window): Promise<void> {
  await window.status("Restricted Mode");
  await window.status("Agent: Off");
  const offered = await window.offered("Agent: ");
  check(
    !offered.some((name) => /Start in Container|Rebuild/.test(name)),
    "no start is offered in a folder without trust",
  );
  check(
    offered.some((name) => name.includes("Agent: Doctor")),
    "what changes nothing is offered",
  );
}

/** Where there is no server, the one that the extension brings is set up after a yes. */
export async function setUp(window: Window): Promise<void> {
  await window.view("Agents");
  const offer = await window.notification("which this extension brings");
  await window.sidebar("The Berth server was not found");
  await window.picture("no-server");
  await offer.getByRole("button", { name: "Set Up", exact: true }).click();
  await window.notification("Setting up the Berth server");
  await window.picture("setting-up");
  await window.sidebar("Agents are started in trusted folders only", BUILD);
  await window.picture("untrusted");
  say("the server that the extension brings was set up, and runs");
}

// The story of issue and README: palette → start → permission → transcript → rebuild → logs → stop → build progress → cancel.
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { BUILD, Window } from "./window.mts";

const [url = "", folder = "", pictures = ""] = process.argv.slice(2);

function check(holds: boolean, what: string): void {
  if (!holds) {
    throw new Error(`Not so: ${what}`);
  }
  say(what);
}

function say(what: string): void {
  process.stdout.write(`ok  ${what}\n`);
}

async function tell(window: Window): Promise<void> {
  await window.status("Agent: Off");
  await window.picture("off");
  say("the status item is there");

  await window.palette("Agent: Start in Container");
  await window.type("What should the agent do?", "Write a short greeting into hello.md and tell me when it is done.");
  await window.notification(/Building image|Starting|Getting ready/);
  await window.picture("starting");
  say("starting is shown as a notification");

  const question = await window.notification("asks:", BUILD);
  await window.status("Waiting for you");
  await window.picture("permission");
  check(!existsSync(join(folder, "hello.md")), "nothing is written before it is allowed");
  const buttons = await question.locator(".monaco-button:visible").allTextContents();
  check(buttons[0] === "Reject", `the first button is the safe one: ${buttons.join(", ")}`);

  await question.getByRole("button", { name: "Details…" }).click();
  await window.page.locator(".monaco-dialog-box").waitFor();
  await window.picture("details");
  await window.page.locator(".monaco-dialog-box").getByRole("button", { name: "Allow Once" }).click();
  await window.transcript("Done: **hello.md** now says hello.");
  await window.status("Agent: Running");
  await window.picture("transcript");
  check(readFileSync(join(folder, "hello.md"), "utf-8").includes("Hello"), "the agent wrote the file");

  await (await window.status("Agent: Running")).click();
  await window.page.locator(".quick-input-list .monaco-list-row", { hasText: "Show Transcript" }).waitFor();
  await window.picture("actions");
  await window.page.keyboard.press("Escape");

  await window.palette("Agent: Rebuild");
  await window.pick("Rebuild");
  await window.transcript("Stopped");
  await window.status("Agent: Running", BUILD);
  say("the container was replaced");

  await window.palette("Agent: Show Logs");
  await window.log("starting → idle");
  await window.picture("logs");

  await window.palette("Agent: Stop");
  await window.status("Agent: Off");
  await window.transcript("Stopped");
  await window.picture("stopped");
  say("the session was stopped");

  await window.palette("Agent: Rebuild");
  await window.pick("From Scratch");
  await window.status(/Building image \d+\/\d+/, BUILD);
  const building = await window.notification(/Building image \d+\/\d+/);
  await window.picture("building");
  await building.getByRole("button", { name: "Cancel" }).click();
  await window.status("Agent: Off");
  await window.picture("cancelled");
  say("a build shows its steps and can be cancelled");
}

const window = await Window.open(url, pictures);
try {
  await tell(window);
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

import { expect, it, vi } from "vitest";

/** The module as another tab has it: with a state of its own. */
async function openTab() {
  vi.resetModules();
  return import("./ended");
}

it("a logout in one tab locks the others at once, and a login opens them", async () => {
  const [one, other] = [await openTab(), await openTab()];
  const changed = vi.fn();
  other.onSessionChange(changed);

  one.endOtherTabs();
  await vi.waitFor(() => expect(other.isSessionEnded()).toBe(true));

  expect(one.isSessionEnded()).toBe(false);

  one.resumeSession();
  await vi.waitFor(() => expect(other.isSessionEnded()).toBe(false));
  expect(changed).toHaveBeenCalledTimes(2);
});

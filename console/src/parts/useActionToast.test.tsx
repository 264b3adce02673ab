import { act, cleanup, fireEvent, render, screen } from "@testing-library/react";
import { App, ConfigProvider } from "antd";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { ACTION_S, PLAIN_S, useActionToast } from "./useActionToast";

const onAct = vi.fn();

function Offers() {
  const toast = useActionToast();
  const { message } = App.useApp();
  return (
    <>
      <button onClick={() => toast({ key: "k", title: "Moved", action: { label: "Undo", onAct } })}>
        offer
      </button>
      <button onClick={() => void message.success("Saved")}>tell</button>
    </>
  );
}

const seconds = (many: number): Promise<void> =>
  act(async () => {
    await vi.advanceTimersByTimeAsync(many * 1000);
  });

beforeEach(() => {
  vi.useFakeTimers();
  onAct.mockClear();
  render(
    // What moves out is gone only once the browser says that it has moved, which this one never does.
    <ConfigProvider theme={{ token: { motion: false } }}>
      <App message={{ duration: PLAIN_S }} notification={{ duration: PLAIN_S }}>
        <Offers />
      </App>
    </ConfigProvider>,
  );
});
afterEach(() => {
  cleanup();
  vi.useRealTimers();
});

const undo = (): HTMLElement | null => screen.queryByRole("button", { name: "Undo" });

async function offer(): Promise<HTMLElement> {
  fireEvent.click(screen.getByText("offer"));
  await seconds(0.1);
  return screen.getByRole("button", { name: "Undo" });
}

it("what only says that something was done is gone soon", async () => {
  fireEvent.click(screen.getByText("tell"));
  await seconds(PLAIN_S - 1);
  expect(screen.queryByText("Saved")).not.toBeNull();
  await seconds(2);
  expect(screen.queryByText("Saved")).toBeNull();
});

it("what offers something stands longer, and goes as well", async () => {
  await offer();
  await seconds(ACTION_S - 1);
  expect(undo()).not.toBeNull();
  await seconds(2);
  expect(undo()).toBeNull();
});

it("stands for as long as the focus is on it, and the whole time anew after that", async () => {
  const button = await offer();
  act(() => button.focus());
  await seconds(3 * ACTION_S);
  expect(undo()).toBe(button);
  expect(document.activeElement).toBe(button);
  act(() => button.blur());
  await seconds(ACTION_S - 1);
  expect(undo()).not.toBeNull();
  await seconds(2);
  expect(undo()).toBeNull();
});

it("does what it offers once, and does not come back when its button loses the focus", async () => {
  const button = await offer();
  act(() => button.focus());
  fireEvent.click(button);
  fireEvent.blur(button);
  await seconds(1);
  expect(onAct).toHaveBeenCalledTimes(1);
  expect(undo()).toBeNull();
});

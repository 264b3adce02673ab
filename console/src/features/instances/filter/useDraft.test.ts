import { act, renderHook } from "@testing-library/react";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { parseSearch, type Search } from "@/app/search";
import { aliasesWith } from "./aliases";
import { useDraft } from "./useDraft";

const aliases = aliasesWith(new Map());

/** The box with a URL of its own, as the screen gives it. */
function box(url: string) {
  const written: [Search, boolean][] = [];
  let search = parseSearch(url);
  const view = renderHook(
    ({ now }: { now: Search }) =>
      useDraft(now, aliases, (query, replace) => {
        written.push([query, replace]);
        search = query;
      }),
    { initialProps: { now: search } },
  );
  return {
    written,
    text: () => view.result.current.text,
    type: (text: string, composing?: boolean) => act(() => view.result.current.type(text, composing)),
    settle: () => act(() => view.result.current.settle()),
    pause: () => {
      act(() => void vi.advanceTimersByTime(200));
      view.rerender({ now: search });
    },
    go: (to: string) => {
      search = parseSearch(to);
      view.rerender({ now: search });
    },
  };
}

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

describe("typing a filter", () => {
  it("writes the URL once after a pause, and makes one step of the history of it all", () => {
    const it = box("");
    it.type("o");
    it.type("or");
    it.pause();
    it.type("orders");
    it.pause();
    expect(it.written).toEqual([
      [{ search: ["or"] }, false],
      [{ search: ["orders"] }, true],
    ]);
  });

  it("leaves the text as it was typed while it is typed, and makes it plain afterwards", () => {
    const it = box("");
    it.type('tags:a  tags:"b" x');
    it.pause();
    expect(it.text()).toBe('tags:a  tags:"b" x');
    it.settle();
    expect(it.text()).toBe("tags:a,b x");
  });

  it("follows the URL where something else changes it", () => {
    const it = box("?tags=a");
    it.type("tags:a x");
    it.pause();
    it.go("?tags=a");
    expect(it.text()).toBe("tags:a");
    it.go("?outcome=failed&owner=");
    expect(it.text()).toBe('outcome:failed owner:""');
  });

  it("keeps what is not understood, to be mended", () => {
    const it = box("");
    it.type("tags:a  port:");
    it.settle();
    expect(it.text()).toBe("tags:a  port:");
  });

  it("asks nothing while an input method composes a word", () => {
    const it = box("");
    it.type("ding", true);
    it.pause();
    expect(it.written).toEqual([]);
    it.type("订单");
    it.pause();
    expect(it.written).toEqual([[{ search: ["订单"] }, false]]);
  });
});

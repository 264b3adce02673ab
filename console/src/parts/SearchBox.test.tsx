import { act, cleanup, fireEvent, render, screen } from "@testing-library/react";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { SearchBox } from "./SearchBox";

beforeEach(() => vi.useFakeTimers());
afterEach(() => {
  cleanup();
  vi.useRealTimers();
});

const box = () => screen.getByRole<HTMLInputElement>("textbox");
const type = (value: string) => fireEvent.change(box(), { target: { value } });
const pause = () => act(() => vi.advanceTimersByTime(1000));

it("asks once the typing pauses, and keeps what was typed while the answer of the URL came", () => {
  const onChange = vi.fn();
  const { rerender } = render(<SearchBox value="" label="find" onChange={onChange} />);

  type("or");
  type("ord ");
  expect(onChange).not.toHaveBeenCalled();
  pause();
  expect(onChange.mock.calls).toEqual([["ord"]]);
  type("order");
  rerender(<SearchBox value="ord" label="find" onChange={onChange} />);
  expect(box().value).toBe("order");
  pause();
  expect(onChange.mock.calls).toEqual([["ord"], ["order"]]);
});

it("shows what the URL says once it changed by other means", () => {
  const onChange = vi.fn();
  const { rerender } = render(<SearchBox value="orders" label="find" onChange={onChange} />);

  rerender(<SearchBox value="" label="find" onChange={onChange} />);
  expect(box().value).toBe("");
  pause();
  expect(onChange).not.toHaveBeenCalled();
});

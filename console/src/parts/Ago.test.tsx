import { render, screen } from "@testing-library/react";
import { afterEach, expect, it, vi } from "vitest";
import { Ago } from "./Ago";

afterEach(() => vi.useRealTimers());

it("what happened long after the page was opened is not told as what is to come", () => {
  vi.useFakeTimers();
  vi.setSystemTime(Date.now() + 600_000);
  const at = new Date(Date.now() - 3000).toISOString();
  render(<Ago at={at} />);
  expect(screen.getByText(/3/).textContent).not.toMatch(/in |后/);
});

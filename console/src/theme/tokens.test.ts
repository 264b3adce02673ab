import { describe, expect, it } from "vitest";
import { type ColourRole, colours } from "./tokens.gen";

/** Relative luminance and contrast as WCAG 2.2 defines them. */
function luminance(hex: string): number {
  const [red = 0, green = 0, blue = 0] = [1, 3, 5].map((at) => {
    const channel = Number.parseInt(hex.slice(at, at + 2), 16) / 255;
    return channel <= 0.04045 ? channel / 12.92 : ((channel + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

function contrast(one: string, other: string): number {
  const [dark = 0, light = 0] = [luminance(one), luminance(other)].sort((a, b) => a - b);
  return (light + 0.05) / (dark + 0.05);
}

const GROUNDS: ColourRole[] = ["ground", "surface", "raised", "sunken", "hover", "selected"];
const TEXTS: ColourRole[] = ["text", "text-soft", "text-faint", "accent"];
const STATES = ["ok", "warning", "failed", "unknown", "production"] as const;

const PAIRS: [ColourRole, ColourRole][] = [
  ...TEXTS.flatMap((text) => GROUNDS.map((ground): [ColourRole, ColourRole] => [text, ground])),
  ...STATES.flatMap((state) =>
    ([`${state}-ground`, "surface", "hover"] as const).map((ground): [ColourRole, ColourRole] => [
      state,
      ground,
    ]),
  ),
  ["on-accent", "accent-fill"],
];

describe.each(["light", "dark"] as const)("the %s theme", (theme) => {
  const role = colours[theme];

  it("keeps every text readable on every ground that it may stand on", () => {
    const weak = PAIRS.map(([text, ground]) => ({ text, ground, is: contrast(role[text], role[ground]) }));
    expect(weak.filter((pair) => pair.is < 4.5)).toEqual([]);
  });

  it("lets the borders of fields be seen", () => {
    expect(contrast(role["line-strong"], role.surface)).toBeGreaterThanOrEqual(3);
  });
});

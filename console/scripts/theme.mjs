/** Reads the tables of docs/design.md. */

function rows(design, heading) {
  const section = design.split(/^## /m).find((part) => part.startsWith(`${heading}\n`));
  if (section === undefined) throw new Error(`docs/design.md has no section "${heading}"`);
  const found = section
    .split("\n")
    .filter((line) => /^\| `/.test(line))
    .map((line) =>
      line
        .slice(1, -1)
        .split("|")
        .map((cell) => cell.trim()),
    )
    .map(([name, ...rest]) => [name.replaceAll("`", ""), ...rest]);
  if (found.length === 0) throw new Error(`docs/design.md: the section "${heading}" has no table of tokens`);
  return found;
}

function read(design) {
  const colours = rows(design, "Colour roles");
  for (const [name, light, dark] of colours)
    if (!/^#[0-9a-f]{6}$/.test(light) || !/^#[0-9a-f]{6}$/.test(dark))
      throw new Error(`docs/design.md: the colour role ${name} needs two colours such as #1a2b3c`);
  const sizes = [...rows(design, "Type"), ...rows(design, "Space and density")];
  return {
    light: Object.fromEntries(colours.map(([name, light]) => [name, light])),
    dark: Object.fromEntries(colours.map(([name, , dark]) => [name, dark])),
    sizes: Object.fromEntries(sizes.map(([name, value]) => [name, value])),
  };
}

/** The tokens as a module: `colours.light.surface`, `sizes.row`. */
export function themeModule(design) {
  const { light, dark, sizes } = read(design);
  const colours = JSON.stringify({ light, dark }, null, 2);
  return (
    `export const colours = ${colours} as const;\n` +
    `export const sizes = ${JSON.stringify(sizes, null, 2)} as const;\n` +
    'export type ColourRole = keyof (typeof colours)["light"];\n'
  );
}

/** The tokens as CSS variables, the dark ones under `data-theme="dark"`. */
export function themeCss(design) {
  const { light, dark, sizes } = read(design);
  const lines = (values) =>
    Object.entries(values)
      .map(([name, value]) => `  --${name}: ${value};`)
      .join("\n");
  return `:root {\n${lines({ ...light, ...sizes })}\n}\n:root[data-theme="dark"] {\n${lines(dark)}\n}\n`;
}

import type { Instance } from "@/api/types";

interface TemplateLink {
  name: string;
  href: string;
}

/** A brace that stands for itself, or a value in braces. */
const HOLE = /\{\{|\}\}|\{([a-z_]+)\}/g;

/**
 * Links of an instance by the templates of the server, such as `https://grafana/d/db?var-host={host}`.
 *
 * Values are percent-encoded, so none can leave its place in the address; what the instance has not is replaced by
 * nothing. A template with a name that is new to us, or that is no http(s) address, gives no link.
 */
export function linksOf(templates: Readonly<Record<string, string>>, instance: Instance): TemplateLink[] {
  const values: Record<string, string | null> = {
    id: String(instance.id),
    name: instance.name,
    host: instance.host,
    port: String(instance.port),
    db_type: instance.db_type,
    environment: instance.environment,
  };
  return Object.entries(templates).flatMap(([name, template]) => {
    let isWhole = true;
    const href = template.replaceAll(HOLE, (found, key?: string) => {
      if (key === undefined) return found.charAt(0);
      const value = values[key];
      if (value === undefined) isWhole = false;
      return encodeURIComponent(value ?? "");
    });
    return isWhole && /^https?:\/\//i.test(href) ? [{ name, href }] : [];
  });
}

import type { Instance } from "@/api/types";

export interface TemplateLink {
  name: string;
  href: string;
}

/**
 * Links of an instance by the templates of the server, such as `https://grafana/d/db?var-host={host}`.
 *
 * Values are percent-encoded, so none can leave its place in the address. A template that names what the instance does
 * not have, or that is no http(s) address, gives no link.
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
    const href = template.replaceAll(/\{([a-z_]+)\}/g, (_, key: string) => {
      const value = values[key];
      if (value === undefined || value === null) isWhole = false;
      return encodeURIComponent(value ?? "");
    });
    return isWhole && /^https?:\/\//i.test(href) ? [{ name, href }] : [];
  });
}

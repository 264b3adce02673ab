import type { About } from "@/api/about";
import { useLanguage } from "@/i18n/texts";
import { inARow } from "@/words/sentences";
import { useWord } from "@/words/values";
import { Block } from "@/parts/Screen";
import { useOverflow } from "@/parts/useOverflow";
import { type State, StatusMark } from "@/parts/StatusMark";
import { withoutLogin } from "./about";
import { useCapabilityWord } from "./capabilityTexts";
import { useAboutTexts } from "./texts";

const SUPPORT: Record<string, State> = { supported: "ok", unsupported: "skipped", not_implemented: "never" };
const WORDS = ["supported", "unsupported", "not_implemented"] as const;

/** What Muster can do with each engine, as this server says. */
export function EnginesBlock({ engines }: { engines: About["engines"] }) {
  const t = useAboutTexts();
  const shown = useLanguage();
  const { ref, overflows } = useOverflow<HTMLDivElement>();
  const engine = useWord();
  const capability = useCapabilityWord();
  const word = (support: string): string =>
    (WORDS as readonly string[]).includes(support) ? t(support as (typeof WORDS)[number]) : support;
  const names = [...new Set(engines.flatMap((one) => Object.keys(one.capabilities)))];
  return (
    <Block title={t("engines")}>
      <div className="stack-small">
        <p className="about-legend small">
          {WORDS.map((one) => (
            <StatusMark key={one} state={SUPPORT[one] ?? "never"} label={t(one)} />
          ))}
        </p>
        {overflows && <p className="about-sideways small soft">{t("sideways", { count: names.length })}</p>}
        <div ref={ref} className="about-engines" role="region" aria-label={t("engines")} tabIndex={0}>
          <table>
            <caption className="visually-hidden">{t("engines")}</caption>
            <thead>
              <tr>
                <th scope="col">{t("engine")}</th>
                <th scope="col">{t("checks")}</th>
                <th scope="col">{t("port")}</th>
                {names.map((name) => (
                  <th key={name} scope="col">
                    {capability(name)}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {engines.map((one) => (
                <tr key={one.db_type}>
                  <th scope="row">{engine(one.db_type)}</th>
                  <td>
                    {one.unavailable === null ? (
                      <StatusMark state="ok" label={t("checkable")} />
                    ) : (
                      <StatusMark state="skipped" label={t("noLogin")} />
                    )}
                  </td>
                  <td className="mono">{one.default_port ?? ""}</td>
                  {names.map((name) => {
                    const support = one.capabilities[name] ?? "";
                    return (
                      <td key={name}>
                        {support && (
                          <StatusMark state={SUPPORT[support] ?? "never"} label={word(support)} bare />
                        )}
                      </td>
                    );
                  })}
                </tr>
              ))}
            </tbody>
          </table>
        </div>
        {withoutLogin(engines).map(({ why, remedy, of }) => (
          <p key={`${why} ${remedy}`}>
            <strong>{of.map(engine).join(t("between"))}</strong>{" "}
            <span className="soft">{inARow([why, remedy], shown)}</span>
          </p>
        ))}
      </div>
    </Block>
  );
}

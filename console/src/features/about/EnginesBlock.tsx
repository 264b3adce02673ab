import type { ReactNode } from "react";
import type { About } from "@/api/about";
import { useLanguage } from "@/i18n/texts";
import { inARow } from "@/words/sentences";
import { Nothing } from "@/parts/Nothing";
import { useWord } from "@/words/values";
import { Block } from "@/parts/Screen";
import { useOverflow } from "@/parts/useOverflow";
import { type State, StatusMark } from "@/parts/StatusMark";
import { withoutLogin } from "./about";
import { useCapabilityWord } from "./capabilityTexts";
import { useAboutTexts } from "./texts";

const SUPPORT: Record<string, State> = { supported: "ok", unsupported: "skipped", not_implemented: "never" };
const WORDS = ["supported", "unsupported", "not_implemented"] as const;

function loginState(unavailable: About["engines"][number]["unavailable"]): State {
  if (unavailable === null) return "ok";
  // What is missing can be installed; what is not implemented cannot.
  return unavailable.cause === "not_implemented" ? "never" : "failed";
}

function Line({ name, children }: { name: string; children: ReactNode }) {
  return (
    <tr>
      <th scope="row">{name}</th>
      {children}
    </tr>
  );
}

/** What Muster can do with each engine, as this server says: an engine a column, so that no name has to be broken. */
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
          {engines.some((one) => loginState(one.unavailable) === "failed") && (
            <StatusMark state="failed" label={t("noLogin")} />
          )}
        </p>
        {overflows && <p className="small soft">{t("sideways", { count: engines.length })}</p>}
        <div ref={ref} className="about-engines" role="region" aria-label={t("engines")} tabIndex={0}>
          <table>
            <caption className="visually-hidden">{t("engines")}</caption>
            <thead>
              <tr>
                <th scope="col">{t("engine")}</th>
                {engines.map((one) => (
                  <th key={one.db_type} scope="col">
                    {engine(one.db_type)}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              <Line name={t("port")}>
                {engines.map((one) => (
                  <td key={one.db_type} className="mono">
                    {one.default_port ?? <Nothing />}
                  </td>
                ))}
              </Line>
              <Line name={t("checks")}>
                {engines.map(({ db_type, unavailable }) => (
                  <td key={db_type}>
                    <StatusMark
                      state={loginState(unavailable)}
                      label={t(unavailable === null ? "checkable" : "noLogin")}
                      bare
                    />
                  </td>
                ))}
              </Line>
              {names.map((name) => (
                <Line key={name} name={capability(name)}>
                  {engines.map(({ db_type, capabilities }) => {
                    const support = capabilities[name] ?? "";
                    return (
                      <td key={db_type}>
                        {support ? (
                          <StatusMark state={SUPPORT[support] ?? "never"} label={word(support)} bare />
                        ) : (
                          <Nothing />
                        )}
                      </td>
                    );
                  })}
                </Line>
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
